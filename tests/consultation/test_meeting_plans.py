"""Rooms, series, agenda and calendar of meetings."""

import datetime as dt
import itertools

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from caoyang_portal.community import actions as community
from caoyang_portal.community.models import Booking
from caoyang_portal.errors import Refused
from consultation.actions import agenda, meetings, series
from consultation.documents import meeting_papers
from consultation.models import Meeting, MeetingSeries
from consultation.queries import meetings as queries
from tests.consultation.meeting_builders import (
    DAY,
    HOUR,
    announced_meeting,
    drafted,
    meeting_again,
    opened_meeting,
    venue,
)
from tests.households.builders import attachment
from tests.households.test_signing_races import together

SHANGHAI = timezone.get_default_timezone()


# --- rooms ---------------------------------------------------------------------------------------


def test_whoever_books_second_is_told_who_has_the_room_until_when(people, places, households):
    hall = venue(people, places)
    at = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + 10 * DAY
    first = drafted(people, places, title="听证会", venue=hall, place="", starts_at=at)
    assert (first.place, first.booking.purpose) == ("议事厅", "听证会")
    with pytest.raises(Refused) as refusal:
        drafted(people, places, venue=hall, starts_at=at + HOUR)
    day = f"{at.year}年{at.month}月{at.day}日"
    assert str(refusal.value) == f"议事厅 {day} 14:00 到 16:00 已有“听证会”，是陈静订的。"
    after = drafted(
        people, places, venue=hall, starts_at=at + 2 * HOUR
    )  # one ends, the next begins
    meetings.cancel_meeting(first, reason="改期", by=people["chen"])
    moved = {"starts_at": at, "ends_at": at + 3 * HOUR}
    meetings.edit_meeting(
        after, changes=moved, by=people["chen"]
    )  # its own booking is no obstacle
    live = Booking.objects.filter(cancelled_at=None)
    assert [(b.starts_at, b.ends_at) for b in live] == [(at, at + 3 * HOUR)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_at_once_one_has_the_room(people, places, households, monkeypatch):
    """Both look before either has written: the database decides, in words."""
    hall, at = venue(people, places), timezone.now() + DAY
    looked = community._refuse_while_taken
    first_look = itertools.count()

    def look_late(booking):
        if next(first_look) >= 2:
            looked(booking)

    monkeypatch.setattr(community, "_refuse_while_taken", look_late)
    results = together(
        *[
            lambda who=who: community.book_venue(
                hall, starts_at=at, ends_at=at + HOUR, purpose=who, by=people[who]
            )
            for who in ("chen", "lin")
        ]
    )
    assert Booking.objects.count() == 1
    [refusal] = [one for one in results if isinstance(one, Refused)]
    assert "议事厅" in str(refusal)


# --- series --------------------------------------------------------------------------------------


@time_machine.travel(dt.datetime(2026, 9, 7, 9, tzinfo=SHANGHAI), tick=False)
def test_every_saturday_but_not_in_the_holidays(people, places, households, announced):
    hall, chen = venue(people, places), people["chen"]
    taken = dt.datetime(2026, 9, 19, 9, tzinfo=SHANGHAI)
    community.book_venue(hall, starts_at=taken, ends_at=taken + 4 * HOUR, purpose="体检", by=chen)
    first = dt.datetime(2026, 9, 12, 9, 30, tzinfo=SHANGHAI)
    plan = series.plan_series(
        places.here, name="周六议事厅", rhythm="每周六", times=7, skip_holidays=True,
        agenda=[("居民说事", 60), ("答复", 20)], form="saturday_hall", title="周六议事厅",
        convenor="居委会", host=chen, venue=hall, starts_at=first, ends_at=first + 2 * HOUR,
        notice_days=3, by=chen,
    )  # fmt: skip
    days = [timezone.localdate(m.starts_at).isoformat() for m in plan.meetings]
    assert days == ["2026-09-12", "2026-09-19", "2026-10-10", "2026-10-17", "2026-10-24"]
    assert [day.isoformat() for day in plan.left_out] == ["2026-09-26", "2026-10-03"]
    assert [day.isoformat() for day in plan.without_venue] == ["2026-09-19"]
    assert [m.number for m in plan.meetings] == [1, 2, 3, 4, 5]
    assert plan.meetings[1].title == "周六议事厅（第 2 次）"
    assert plan.meetings[0].agenda.count() == 2
    second = meeting_again(plan.meetings[1])
    assert queries.blockers(second, timezone.now()) == ["场所还没有订上，请改时间或换场所。"]
    meetings.cancel_meeting(plan.meetings[0], reason="装修", by=chen)
    meetings.edit_meeting(plan.meetings[2], changes={"title": "换个题目"}, by=chen)
    states = Meeting.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["cancelled", "draft", "draft", "draft", "draft"]
    more = series.plan_series(
        places.here, name="周六议事厅", rhythm="", times=1, form="saturday_hall", title="周六议事厅",
        convenor="居委会", host=chen, place="门厅", starts_at=first + 100 * DAY,
        ends_at=first + 100 * DAY + HOUR, by=chen,
    )  # fmt: skip
    assert (more.meetings[0].number, MeetingSeries.objects.count()) == (6, 1)
    series.end_series(plan.series, by=chen)
    with pytest.raises(Refused, match="已经结束"):
        series.end_series(plan.series, by=chen)


# --- agenda --------------------------------------------------------------------------------------


def test_the_agenda_keeps_its_times_whatever_is_moved(people, places, households):
    chen = people["chen"]
    meeting = drafted(people, places, items=("甲", "乙", "丙"))
    one, two, three = meeting.agenda.all()
    agenda.edit_agenda_item(one, minutes=20, by=chen)
    agenda.move_agenda_item(three, up=True, by=chen)
    with pytest.raises(Refused, match="已经在头上"):
        agenda.move_agenda_item(one, up=True, by=chen)
    lines = queries.timed_agenda(meeting)
    at = meeting.starts_at
    minutes = [(line.item.title, (line.starts_at - at).total_seconds() / 60) for line in lines]
    assert minutes == [("甲", 0), ("丙", 20), ("乙", 50)]
    assert queries.minutes_over(meeting, lines) == 0
    agenda.remove_agenda_item(one, by=chen)
    assert list(meeting.agenda.values_list("number", "title")) == [(1, "丙"), (2, "乙")]
    agenda.edit_agenda_item(two, minutes=200, by=chen)
    assert queries.minutes_over(meeting, queries.timed_agenda(meeting)) == 110
    paper = attachment(places.here)
    agenda.attach_paper(two, paper=paper, by=chen)
    assert list(two.papers.all()) == [paper]
    agenda.remove_paper(two, paper=paper, by=chen)
    assert not two.papers.exists()


def test_the_agenda_may_change_while_people_talk_and_not_after(people, places, households):
    meeting = opened_meeting(people, places)
    item = agenda.add_agenda_item(meeting, title="临时加的", minutes=5, by=people["chen"])
    meetings.close_meeting(meeting, by=people["chen"])
    with pytest.raises(Refused, match="已开完"):
        agenda.remove_agenda_item(item, by=people["chen"])


# --- calendar ------------------------------------------------------------------------------------


def test_a_phone_s_calendar_gets_the_same_bytes_until_something_is_told(
    people, places, households, settings
):
    settings.SITE_URL = "https://portal.example"
    meeting = announced_meeting(people, places)
    first = meeting_papers.calendar([meeting], meeting.title)
    assert meeting_papers.calendar([meeting_again(meeting)], meeting.title) == first
    event = Calendar.from_ical(first).walk("VEVENT")[0]
    assert event["uid"] == f"{meeting.pk}@portal.example"
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert (event.decoded("dtstart"), int(event["sequence"])) == (meeting.starts_at, 0)
    at = meeting.starts_at + DAY
    meetings.change_meeting(
        meeting, changes={"starts_at": at, "ends_at": at + HOUR}, by=people["chen"]
    )
    event = Calendar.from_ical(
        meeting_papers.calendar([meeting_again(meeting)], meeting.title)
    ).walk("VEVENT")[0]
    assert (event.decoded("dtstart"), int(event["sequence"])) == (at, 1)
    meetings.cancel_meeting(meeting, reason="停电", by=people["chen"])
    event = Calendar.from_ical(
        meeting_papers.calendar([meeting_again(meeting)], meeting.title)
    ).walk("VEVENT")[0]
    assert (event["status"], int(event["sequence"])) == ("CANCELLED", 2)
