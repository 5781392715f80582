"""Lists one searches (查找建议): by words, filters and order, page by page, counted up to a bound."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from caoyang_portal.bigrams import looked_up, read_through, words_of
from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.keyset import Leaf, page_of, read_key
from suggestions.models import Suggestion

MOST_COUNTED = 1000  # beyond it a list says "more than"
NEWEST = "new"
ORDERS: dict[str, tuple[str, type]] = {  # nothing else ever reaches the database
    NEWEST: ("submitted_at", dt.datetime),
    "supported": ("supporters", int),
    "answered": ("replied_at", dt.datetime),
}
FILTERS = ("neighbourhood", "state", "category", "building", "unit")


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how many there are, or that they are too many to count."""

    leaf: Leaf
    count: int
    is_more: bool


def narrowed(rows: QuerySet[Suggestion], wanted: Mapping[str, Any]) -> QuerySet[Suggestion]:
    """Of ``rows`` what each filter asks for; words are looked for by ``find``."""
    asked = {name: wanted[name] for name in FILTERS if wanted.get(name)}
    if wanted.get("year"):
        asked["submitted_at__year"] = wanted["year"]
    return rows.filter(**asked)


def at_desk(
    rows: QuerySet[Suggestion], wanted: Mapping[str, Any], user: User, today: dt.date
) -> QuerySet[Suggestion]:
    """Of ``rows`` what a desk asks for; what has ended only where that is asked for."""
    rows = looked_up(narrowed(rows, wanted), wanted["q"])
    if wanted["mine"]:
        rows = rows.filter(minder=user)
    if wanted["late"] or not (wanted["state"] or wanted["q"]):
        rows = rows.exclude(state__in=Suggestion.ENDED)
    return rows.filter(next_on__lt=today) if wanted["late"] else rows


def find(
    rows: QuerySet[Suggestion],
    text: str = "",
    *,
    order: str = NEWEST,
    after: str = "",
    before: str = "",
    size: int,
) -> Found:
    """The page of ``rows`` that begins there, of those that hold every word of ``text``.

    A rare word is looked up in its index, and what that brings is put in order. A common one stands
    in the next rows anyway: they are read in the order of the list until the page is full.
    """
    column, kind = ORDERS[order]
    if column == "replied_at":
        rows = rows.filter(replied_at__isnull=False)
    if words_of(text):
        held = looked_up(rows, text).order_by()
        found = list(held.values_list("pk", flat=True)[: MOST_COUNTED + 1])
        count = len(found)
        is_rare = count <= MOST_COUNTED
        rows = rows.filter(pk__in=found) if is_rare else read_through(rows, text)
    else:
        count = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    leaf = page_of(
        rows, column, after=read_key(after, kind), before=read_key(before, kind), size=size
    )
    return Found(leaf, min(count, MOST_COUNTED), count > MOST_COUNTED)


def years_of(rows: QuerySet[Suggestion]) -> list[int]:
    """The years from the first of ``rows`` to the last, the last first."""
    ends = [
        rows.order_by(way).values_list("submitted_at", flat=True).first()
        for way in ("submitted_at", "-submitted_at")
    ]
    if ends[0] is None or ends[1] is None:
        return []
    first, last = (timezone.localtime(moment).year for moment in ends if moment)
    return list(range(last, first - 1, -1))


def units_of(places: Iterable[Neighbourhood]) -> QuerySet[Organisation]:
    """Who answers public suggestions of ``places``."""
    held = Suggestion.objects.public().filter(neighbourhood__in=places, unit__isnull=False)
    return Organisation.objects.filter(pk__in=held.values("unit")).order_by("name")
