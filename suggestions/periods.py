"""How long each step may take (时限): the number, where it comes from, and since when it holds.

The city's regulation of 2021 asks for handling "within the time limits prescribed" and names none
(art. 11); 15 days are those of the petitions regulation, the other two are this portal's own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from caoyang_portal.calendars.deadlines import add_days, add_working_days

WORKING, CALENDAR = "working", "calendar"


@dataclass(frozen=True)
class Period:
    """So many days of one kind, by some rule, from a day on."""

    key: str
    days: int
    kind: str
    source: Any
    since: date
    until: date | None = None

    def ends(self, start: date) -> date:
        if self.kind == WORKING:
            return add_working_days(start, self.days)
        return add_days(start, self.days)


IN_FORCE = date(2021, 7, 1)  # 上海市人民建议征集若干规定
OURS = _("本门户的承诺，法规没有定天数")
PERIODS = (
    Period("acknowledge", 3, WORKING, OURS, IN_FORCE),
    Period("assign", 15, CALENDAR, _("信访工作条例第二十二条"), IN_FORCE),
    Period("reply", 60, CALENDAR, OURS, IN_FORCE),
    Period("redo", 30, CALENDAR, OURS, IN_FORCE),
    Period("rate", 28, CALENDAR, OURS, IN_FORCE),
    Period("return", 3, WORKING, OURS, IN_FORCE),
    Period("keepsake", 15, CALENDAR, OURS, IN_FORCE),
    Period("mailbox", 3, WORKING, OURS, IN_FORCE),  # until every letter is dealt with
)


def period(key: str, day: date) -> Period:
    """The period of that name in force on ``day``."""
    return next(
        one
        for one in PERIODS
        if one.key == key and one.since <= day and (one.until is None or day <= one.until)
    )


def ends(key: str, start: date) -> date:
    """The last day of the period ``key`` that starts on ``start``."""
    return period(key, start).ends(start)
