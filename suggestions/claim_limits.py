"""The stock of limits (诉求时限): two sub-districts' rules for 12345 orders, as of November 2026 (domain.md 8).

The city's own rule and Putuo's are not known yet; what is our choice says so.
"""

import datetime as dt

DANING = "静安区大宁路街道 12345 管理办法（2019-12-02）"
XIAYANG = "青浦区夏阳街道 12345 管理办法（2022-06-08）"
OURS = "本门户约定，没有规定"
SINCE = dt.date(2019, 12, 2)

STOCK = (
    ("accept", 1, XIAYANG),
    ("contact", 1, XIAYANG),
    ("dispatch", 1, OURS),
    ("consultation", 1, DANING),
    ("supervised", 3, DANING),
    ("help", 5, DANING),
    ("complaint", 5, DANING),
    ("complex", 15, f"{DANING}，须经批准"),
    ("callback", 3, DANING),
    ("again", 3, f"{XIAYANG}，须有工作记录"),
    ("supervise", 3, OURS),
    ("finding", 5, OURS),
)


def seed(model) -> None:
    """Put in what is not there yet."""
    there = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create(
        model(code=code, working_days=days, source=source, since=SINCE)
        for code, days, source in STOCK
        if code not in there
    )
