"""Suggestions to be found, without the way they went."""

import datetime as dt
from itertools import count

from suggestions.models import Suggestion

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
_numbers = count(1)


def suggested(place, title, reasons="每天都碰到。", **fields) -> Suggestion:
    """One of 周阿姨, public unless ``published_at`` is None, a minute after the one before it."""
    n = next(_numbers)
    values = {
        "neighbourhood": place,
        "number": f"2026-9{n:05d}",
        "category": "other",
        "title": title,
        "reasons": reasons,
        "proposer_name": "周秀英",
        "submitted_at": NOON + dt.timedelta(minutes=n),
        "published_at": NOON + dt.timedelta(days=1),
        "reply_by": dt.date(2026, 5, 1),
        "next_step": "受理",
        "next_on": dt.date(2026, 3, 5),
    }
    one = Suggestion.objects.create(**values | fields)
    one.refresh_from_db()
    return one
