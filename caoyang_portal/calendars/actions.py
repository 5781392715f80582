"""Every change of the calendar. A day off moves people's deadlines, so each is in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.wording import label_acts

from .models import SpecialDay

if TYPE_CHECKING:  # people stand above the calendar
    from caoyang_portal.community.models import User

SATURDAY = 5

label_acts(
    {
        "calendars.set_special_day": "登记放假或调休",
        "calendars.remove_special_day": "撤销放假或调休",
        "calendars.import_special_days": "导入全年放假安排",
    }
)


@dataclass(frozen=True)
class GivenDay:
    """One line of an announcement, as typed or imported."""

    day: date
    kind: SpecialDay.Kind
    name: str

    def refuse_if_pointless(self) -> None:
        if self.kind == SpecialDay.Kind.WORKDAY and self.day.weekday() < SATURDAY:
            raise Refused(_("%(day)s 本来就要上班，不用登记。") % {"day": self.day})


@transaction.atomic
def set_special_day(
    day: date, *, kind: SpecialDay.Kind, name: str, source: str, by: User
) -> SpecialDay:
    """Enter a day off, or a rest day worked in exchange (登记特殊日); a second entry replaces it."""
    _lock_calendar()
    special = SpecialDay(day=day, kind=kind, name=name, source=source)
    require(by, "calendars.set_special_day", special)
    GivenDay(day, kind, name).refuse_if_pointless()
    before = SpecialDay.objects.filter(day=day).values_list("kind", flat=True).first()
    special, _new = SpecialDay.objects.update_or_create(
        day=day, defaults={"kind": kind, "name": name, "source": source}
    )
    record("calendars.set_special_day", special, by=by, day=day, kind=kind, before=before)
    return special


@transaction.atomic
def remove_special_day(special: SpecialDay, *, by: User) -> None:
    """Let a day be what the week says again (撤销特殊日)."""
    _lock_calendar()
    special = SpecialDay.objects.get(pk=special.pk)
    require(by, "calendars.remove_special_day", special)
    SpecialDay.objects.filter(pk=special.pk).delete()
    record("calendars.remove_special_day", special, by=by, day=special.day, before=special.kind)


@transaction.atomic
def import_special_days(given: Sequence[GivenDay], *, source: str, by: User) -> int:
    """Enter the announcement of one whole year (导入放假安排), in place of what that year held."""
    _lock_calendar()
    if not given:
        raise Refused(_("文件里没有日期，请检查后再传。"))
    days = [SpecialDay(day=g.day, kind=g.kind, name=g.name, source=source) for g in given]
    require(by, "calendars.import_special_days", days[0])
    if len({day.day.year for day in days}) > 1:
        raise Refused(_("一份文件只放一年，请分开再传。"))
    if len({day.day for day in days}) < len(days):
        raise Refused(_("文件里有重复的日期，请改好再传。"))
    for one in given:
        one.refuse_if_pointless()
    SpecialDay.objects.of_year(days[0].day.year).delete()
    SpecialDay.objects.bulk_create(days)
    text = "\n".join(sorted(f"{day.day} {day.kind}" for day in days))
    record(
        "calendars.import_special_days",
        days[0],
        by=by,
        year=days[0].day.year,
        days=len(days),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    return len(days)


def _lock_calendar() -> None:
    """There is no parent row; changes are rare and wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('calendars'))")
