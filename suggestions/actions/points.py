"""Keeping the collection points (征集点): where they are, when they are open, who is there."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.models import CollectionPoint, PointHours
from suggestions.models.points import APART

Kind = CollectionPoint.Kind
ABOVE = {Kind.CENTRE: None, Kind.AREA: Kind.CENTRE, Kind.POINT: Kind.AREA}


def locked_point(point: CollectionPoint) -> CollectionPoint:
    return (
        CollectionPoint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "belongs_to")
        .get(pk=point.pk)
    )


@transaction.atomic
def add_point(
    neighbourhood: Neighbourhood, *, kind: str, name: str, hours: str, by: User, **where: Any
) -> CollectionPoint:
    """A new collection point (设点), with its hours from today on."""
    point = CollectionPoint(neighbourhood=neighbourhood, kind=kind, name=name.strip(), added_by=by)
    require(by, "suggestions.add_point", point)
    # Two at a time would take the same number: they wait for each other at the place.
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood.pk)
    here = CollectionPoint.objects.filter(neighbourhood=neighbourhood)
    point.number = (here.aggregate(last=Max("number"))["last"] or 0) + 1
    _put(point, where)
    if not hours.strip():
        raise Refused(_("请写开放时间"))
    point.save(force_insert=True)
    PointHours.objects.create(
        neighbourhood=neighbourhood, point=point, since=timezone.localdate(),
        words=hours.strip(), set_by=by,
    )  # fmt: skip
    record("suggestions.add_point", point, by=by, kind=str(kind))
    return point


PLACED = (
    "belongs_to", "building", "address", "x", "y", "duty_name", "duty_phone", "mailbox_days",
)  # fmt: skip


def _put(point: CollectionPoint, where: dict[str, Any]) -> None:
    """Take over where it is and who is there; refuse what would not be right."""
    for name in PLACED:
        setattr(point, name, where.get(name))
    if point.mailbox_days and not point.mailbox_since:
        point.mailbox_since = timezone.localdate()
    here = CollectionPoint.objects.in_use().filter(neighbourhood=point.neighbourhood_id)
    others = here.exclude(pk=point.pk)
    if not (point.name and point.address and point.duty_name and point.duty_phone):
        raise Refused(_("请写名称、在哪里、值班人和电话"))
    if others.filter(name=point.name).exists():
        raise Refused(_("已有同名的征集点，请换一个名称"))
    _refuse_wrong_order(point, others)
    for other in others:
        if abs(other.x - point.x) < APART and abs(other.y - point.y) < APART:
            raise Refused(_("离“%(name)s”太近，图上分不开") % {"name": other.name})


def _refuse_wrong_order(point: CollectionPoint, others: Any) -> None:
    above = ABOVE[Kind(point.kind)]
    if above is None and others.filter(kind=Kind.CENTRE).exists():
        raise Refused(_("中心只有一个，已经设了"))
    found = point.belongs_to.kind if point.belongs_to else None
    same_place = not point.belongs_to or (
        point.belongs_to.neighbourhood_id == point.neighbourhood_id
        and point.belongs_to.closed_at is None
    )
    if found != above or not same_place:
        raise Refused(_("片区站归中心管，征集点归片区站管，中心不归谁管"))


@transaction.atomic
def edit_point(point: CollectionPoint, *, name: str, by: User, **where: Any) -> CollectionPoint:
    """It moved, or somebody else is there now (改); its kind and number stay."""
    point = locked_point(point)
    require(by, "suggestions.edit_point", point)
    if point.closed_at:
        raise Refused(_("这个征集点停用了，请先重新启用"))
    point.name = name.strip()
    _put(point, where)
    point.save(update_fields=["name", *PLACED, "mailbox_since"])
    record("suggestions.edit_point", point, by=by)
    return point


@transaction.atomic
def set_point_hours(point: CollectionPoint, *, since: date, words: str, by: User) -> PointHours:
    """Other hours from a day on (开放时间): what held until then stays to be read."""
    point = locked_point(point)
    require(by, "suggestions.set_point_hours", point)
    if since < timezone.localdate():
        raise Refused(_("新的时间只能从今天或以后开始"))
    if not words.strip():
        raise Refused(_("请写开放时间"))
    hours, _new = PointHours.objects.update_or_create(
        point=point, since=since,
        defaults={
            "neighbourhood_id": point.neighbourhood_id, "words": words.strip(), "set_by": by,
            "set_at": timezone.now(),
        },
    )  # fmt: skip
    record("suggestions.set_point_hours", point, by=by, since=since.isoformat())
    return hours


@transaction.atomic
def close_point(point: CollectionPoint, *, reason: str, by: User) -> CollectionPoint:
    """It is used no longer (停用), and why; nothing below it may be left hanging."""
    point = locked_point(point)
    require(by, "suggestions.close_point", point)
    if point.closed_at:
        raise Refused(_("这个征集点已经停用"))
    if not reason.strip():
        raise Refused(_("请写为什么停用"))
    if point.below.in_use().exists():
        raise Refused(_("还有征集点归它管，请先改归别处"))
    point.closed_at, point.close_reason = timezone.now(), reason.strip()
    point.save(update_fields=["closed_at", "close_reason"])
    record("suggestions.close_point", point, by=by)
    return point


@transaction.atomic
def reopen_point(point: CollectionPoint, *, by: User) -> CollectionPoint:
    """It is used again (重新启用), where it was."""
    point = locked_point(point)
    require(by, "suggestions.reopen_point", point)
    if not point.closed_at:
        raise Refused(_("这个征集点在用"))
    _put(point, {name: getattr(point, name) for name in PLACED})
    point.closed_at, point.close_reason = None, ""
    if point.mailbox_days:
        point.mailbox_since = timezone.localdate()
    point.save(update_fields=["closed_at", "close_reason", "mailbox_since"])
    record("suggestions.reopen_point", point, by=by)
    return point
