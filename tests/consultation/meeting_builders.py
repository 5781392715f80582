"""Meetings as they stand after acts that a test is not about."""

import datetime as dt
import itertools

from django.utils import timezone

from caoyang_portal.community import actions as community
from caoyang_portal.community.models import User, Venue
from consultation.actions import agenda, meetings
from consultation.models import Meeting
from households.models import Residency
from tests.conftest import make_household

_serial = itertools.count(1)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def venue(people, places, name="议事厅", **fields):
    return community.add_venue(
        places.here, name=name, function=Venue.Function.COUNCIL_ROOM, by=people["chen"], **fields
    )


def drafted(people, places, *, form="tea_table", items=("居民说事",), **fields):
    """A tea table in ten days at two o'clock, with one point on its agenda."""
    at = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + 10 * DAY
    values = {
        "title": f"民主茶桌 {next(_serial)}",
        "convenor": "居委会",
        "host": people["chen"],
        "place": "先行楼门厅",
        "starts_at": at,
        "notice_days": 1,
    } | fields
    values.setdefault("ends_at", values["starts_at"] + 2 * HOUR)
    meeting = meetings.draft_meeting(places.here, form=form, **values, by=people["chen"])
    for title in items:
        agenda.add_agenda_item(meeting, title=title, minutes=30, by=people["chen"])
    return meeting_again(meeting)


def announced_meeting(people, places, **fields):
    return meetings.announce_meeting(drafted(people, places, **fields), by=people["chen"])


def opened_meeting(people, places, **fields):
    meeting = announced_meeting(people, places, **fields)
    now = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now, ends_at=now + 2 * HOUR)
    return meetings.open_meeting(meeting, by=people["chen"])


def meeting_again(meeting):
    return Meeting.objects.select_related("neighbourhood", "venue", "booking").get(pk=meeting.pk)


def residents(places, number):
    """So many more people with an account, each with a home in building 3."""
    found = []
    for _n in range(number):
        serial = next(_serial)
        phone = f"+86137{serial:08d}"
        home = make_household(
            places.here, places.building, f"{400 + serial}", f"居民{serial}", phone=phone
        )
        user = User.objects.create_user(phone, name=f"居民{serial}", phone_verified=True)
        Residency.objects.create(
            neighbourhood=places.here, user=user, household=home, member=home.members.get(),
            way="letter", verified_at=timezone.now(),
        )  # fmt: skip
        found.append(user)
    return found
