"""Meetings that are on, and who came to them, for tests that are about something else."""

import datetime as dt
import itertools

from django.utils import timezone

from consultation.models import AgendaItem, Attendance, Meeting, Presence, Seat
from tests.consultation.builders import frozen

_serial = itertools.count(1)
MINUTE = dt.timedelta(minutes=1)


def meeting_on(people, places, *, state="under_way", items=("停车", "电梯"), **fields):
    """A public meeting of Caoyang One that began an hour ago; chen hosts, lin takes notes."""
    now = timezone.now()
    values = {
        "form": "coordination",
        "title": f"停车协调会 {next(_serial)}",
        "convenor": "曹杨一村居委会",
        "host": people["chen"],
        "place": "居委会二楼会议室",
        "starts_at": now - 60 * MINUTE,
        "ends_at": now + 60 * MINUTE,
        "observers": 5,
        "state": state,
        "drafted_by": people["chen"],
        "announced_at": now - dt.timedelta(days=9),
        "opened_at": now - 60 * MINUTE,
    }
    meeting = Meeting.objects.create(neighbourhood=places.here, **values | fields)
    meeting.recorders.set([people["lin"]])
    AgendaItem.objects.bulk_create(
        AgendaItem(neighbourhood=places.here, meeting=meeting, number=n, title=title)
        for n, title in enumerate(items, 1)
    )
    return meeting


def owners_meeting(people, places, **fields):
    """The same, with a quorum of more than half of the heads of a frozen roll of the three homes."""
    poll = frozen(people, places)
    fields = {"quorum": "heads", "form": "owners_meeting", "roll": poll} | fields
    return meeting_on(people, places, **fields)


def closed(meeting, *, at=None):
    """Closed, as the act that closes it leaves it."""
    meeting.state, meeting.closed_at = "held", at or timezone.now()
    meeting.save(update_fields=["state", "closed_at"])
    return meeting


def came(
    meeting,
    name,
    *,
    at=None,
    left=None,
    role="participant",
    channel="desk",
    entries=(),
    proxies=(),
):
    """Somebody who was there from ``at`` to ``left``, for these heads of the roll."""
    at = at or meeting.opened_at
    place = {"neighbourhood": meeting.neighbourhood, "meeting": meeting}
    row = Attendance.objects.filter(meeting=meeting, name=name).first()
    row = row or Attendance.objects.create(**place, name=name, role=role)
    presence = Presence.objects.create(
        **place, attendance=row, channel=channel, arrived_at=at, left_at=left
    )
    for entry in entries:
        Seat.objects.create(**place, attendance=row, entry=entry, since=at)
    for entry, document in proxies:
        Seat.objects.create(
            **place, attendance=row, entry=entry, since=at, is_proxy=True, document=document,
            scope="本次会议全部事项", mandated_on=timezone.localdate(),
        )  # fmt: skip
    return presence
