"""Meetings that come back (系列): planned by one form, each then changed or cancelled alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import special_days
from caoyang_portal.calendars.models import SpecialDay
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import AgendaItem, Meeting, MeetingSeries

from .meetings import book, refuse_misfits

MOST = 60
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """What came of planning: the drafts, the holidays left out, the days whose venue is taken."""

    series: MeetingSeries
    meetings: list[Meeting]
    left_out: list[date]
    without_venue: list[date]


@transaction.atomic
def plan_series(
    neighbourhood: Neighbourhood,
    *,
    name: str,
    rhythm: str,
    times: int,
    every_weeks: int = 1,
    skip_holidays: bool = True,
    agenda: Sequence[tuple[str, int]] = (),
    recorders: Sequence[User] = (),
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    **fields: Any,
) -> Plan:
    """Draft a series (安排系列): the same day of the week, ``times`` weeks, holidays left out if asked.

    A day whose venue is taken is drafted without it; its own page says so.
    """
    series = MeetingSeries(neighbourhood=neighbourhood, name=name.strip(), rhythm=rhythm)
    require(by, "consultation.plan_series", series)
    if not 1 <= times <= MOST:
        raise Refused(_("一次最多安排 %(n)s 次") % {"n": MOST})
    series = _series(series)
    first = series.meeting_set.count()
    days, left_out = _days(starts_at, times, every_weeks, skip_holidays)
    made, without = [], []
    for number, shift in enumerate(days, first + 1):
        meeting = Meeting(
            neighbourhood=neighbourhood, series=series, number=number, drafted_by=by,
            starts_at=starts_at + shift, ends_at=ends_at + shift, **fields,
        )  # fmt: skip
        meeting.title = _("%(title)s（第 %(n)s 次）") % {"title": meeting.title, "n": number}
        if not _drafted(meeting, agenda, recorders, by):
            without.append(timezone.localdate(meeting.starts_at))
        made.append(meeting)
    if not made:
        raise Refused(_("这几周都是节假日，一次也排不上。"))
    record("consultation.plan_series", series, by=by, meetings=len(made), form=made[0].form)
    return Plan(series, made, left_out, without)


def _series(wanted: MeetingSeries) -> MeetingSeries:
    """The series of that name goes on, or a new one begins."""
    named = {"neighbourhood": wanted.neighbourhood, "name": wanted.name}
    MeetingSeries.objects.get_or_create(
        **named, defaults={"rhythm": wanted.rhythm, "id": wanted.pk}
    )
    series = MeetingSeries.objects.select_for_update().get(**named)
    if series.ended_at:
        raise Refused(_("“%(name)s”已经结束，请换一个名称") % {"name": series.name})
    return series


def _days(
    starts_at: datetime, times: int, every_weeks: int, skip_holidays: bool
) -> tuple[list[timedelta], list[date]]:
    """By how much each meeting lies after the first, and the holidays left out."""
    first = timezone.localdate(starts_at)
    shifts = [n * every_weeks * WEEK for n in range(times)]
    special = special_days(first, first + shifts[-1]) if skip_holidays else {}
    off = {shift for shift in shifts if special.get(first + shift) == SpecialDay.Kind.HOLIDAY}
    return [s for s in shifts if s not in off], sorted(first + shift for shift in off)


def _drafted(
    meeting: Meeting, agenda: Sequence[tuple[str, int]], recorders: Sequence[User], by: User
) -> bool:
    """Save one of the series; whether its venue, if it has one, could be booked."""
    refuse_misfits(meeting)
    try:
        with transaction.atomic():
            book(meeting, by=by)
    except Refused:
        meeting.booking = None
    meeting.save(force_insert=True)
    meeting.recorders.set(recorders)
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting, neighbourhood_id=meeting.neighbourhood_id, number=n, title=title,
            minutes=minutes,
        )
        for n, (title, minutes) in enumerate(agenda, 1)
    )  # fmt: skip
    record(
        "consultation.draft_meeting",
        meeting,
        by=by,
        form=meeting.form,
        starts_at=meeting.starts_at,
    )
    return meeting.venue is None or meeting.booking is not None


@transaction.atomic
def end_series(series: MeetingSeries, *, by: User) -> MeetingSeries:
    """No more of it (结束系列); what was planned stays and is cancelled one by one."""
    series = MeetingSeries.objects.select_for_update().get(pk=series.pk)
    require(by, "consultation.end_series", series)
    if series.ended_at:
        raise Refused(_("这个系列已经结束。"))
    series.ended_at = timezone.now()
    series.save(update_fields=["ended_at"])
    record("consultation.end_series", series, by=by)
    return series
