"""A week of rooms: which is taken when, by what (场所一周)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from caoyang_portal.community.models import Booking, Venue
from consultation.models import Meeting

DAYS = 7


@dataclass(frozen=True)
class Taken:
    """One booking, with the meeting it is for, if it is for one."""

    booking: Booking
    meeting: Meeting | None


@dataclass(frozen=True)
class Row:
    """A room and its seven days."""

    venue: Venue
    days: list[list[Taken]]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(neighbourhoods: Any, monday: date) -> list[Row]:
    """The rooms of some neighbourhoods and what is in them from ``monday`` on, in three queries."""
    first = timezone.make_aware(datetime.combine(monday, time.min))
    last = first + timedelta(days=DAYS)
    venues = list(
        Venue.objects.in_use()
        .filter(neighbourhood_id__in=neighbourhoods)
        .select_related("building")
    )
    bookings = Booking.objects.filter(
        venue__in=venues, cancelled_at=None, starts_at__lt=last, ends_at__gt=first
    ).order_by("starts_at")
    meetings = {m.booking_id: m for m in Meeting.objects.filter(booking__in=bookings)}
    cells: dict[tuple[UUID, int], list[Taken]] = {}
    for booking in bookings:
        taken = Taken(booking, meetings.get(booking.pk))
        for n in range(DAYS):
            begins = first + timedelta(days=n)
            if booking.starts_at < begins + timedelta(days=1) and booking.ends_at > begins:
                cells.setdefault((booking.venue_id, n), []).append(taken)
    return [Row(v, [cells.get((v.pk, n), []) for n in range(DAYS)]) for v in venues]
