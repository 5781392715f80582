"""Rooms are the committee's to enter and to book (场所)."""

import datetime as dt

import pytest
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community import actions
from caoyang_portal.community.models import Booking, Venue
from caoyang_portal.errors import Refused
from tests.conftest import EVERYONE

ACTS = ("add_venue", "edit_venue", "close_venue", "book_venue", "cancel_booking")
COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(ACTS, COMMITTEE)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    for thing in (Venue(neighbourhood=places.here), Booking(neighbourhood=places.here)):
        assert {act for act in WHO_MAY if may(people[person], f"community.{act}", thing)} == {
            act for act, allowed in WHO_MAY.items() if person in allowed
        }


def test_a_room_is_entered_changed_booked_and_closed(people, places):
    chen, at = people["chen"], timezone.now() + HOUR
    hall = actions.add_venue(places.here, name="议事厅", function="council_room", by=chen)
    with pytest.raises(Refused, match="已有叫“议事厅”的场所"):
        actions.add_venue(places.here, name="议事厅", function="meeting_room", by=chen)
    actions.edit_venue(hall, seats=40, has_step_free_way=True, by=chen)
    given = {"purpose": "体检", "by": chen}
    first = actions.book_venue(hall, starts_at=at, ends_at=at + HOUR, **given)
    with pytest.raises(Refused, match="已有“体检”，是陈静订的"):
        actions.book_venue(hall, starts_at=at + HOUR / 2, ends_at=at + 2 * HOUR, **given)
    with pytest.raises(Refused, match="结束时间要晚于开始时间"):
        actions.book_venue(hall, starts_at=at, ends_at=at, **given)
    actions.cancel_booking(first, by=chen)
    with pytest.raises(Refused, match="已经退订了"):
        actions.cancel_booking(first, by=chen)
    actions.book_venue(hall, starts_at=at + HOUR / 2, ends_at=at + 2 * HOUR, **given)
    actions.close_venue(hall, by=chen)
    with pytest.raises(Refused, match="已经停用"):
        actions.book_venue(hall, starts_at=at + 9 * HOUR, ends_at=at + 10 * HOUR, **given)
    hall.refresh_from_db()
    assert (hall.seats, hall.has_step_free_way, hall.name) == (40, True, "议事厅")
