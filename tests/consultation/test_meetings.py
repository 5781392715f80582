"""A meeting from its draft to its end: who may, moves, notice over the holidays, who is told, reminders."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice, Sending
from consultation.actions import agenda, invitations, meetings, registrations
from consultation.meeting_forms import FORMS
from consultation.models import Meeting, Topic
from consultation.queries import meetings as queries
from tests.conftest import EVERYONE
from tests.consultation.meeting_builders import (
    DAY,
    HOUR,
    announced_meeting,
    drafted,
    meeting_again,
)

COMMITTEE = {"chen", "lin"}
HOST = {"lou"}
PLANNING = (
    "draft_meeting", "edit_meeting", "change_meeting", "announce_meeting", "cancel_meeting",
    "plan_series", "end_series", "invite", "draw_invitees", "withdraw_invitation", "enter_answer",
    "register_by_phone", "take_off", "see_registration_phone", "note_rung_up",
    "export_registrations",
)  # fmt: skip
RUNNING = (
    "open_meeting", "close_meeting", "reopen_meeting", "set_meeting_links", "add_agenda_item",
    "edit_agenda_item", "move_agenda_item", "remove_agenda_item", "attach_paper", "remove_paper",
    "see_registrations",
)  # fmt: skip
WHO_MAY = dict.fromkeys(PLANNING, COMMITTEE) | dict.fromkeys(RUNNING, COMMITTEE | HOST)
SHANGHAI = timezone.get_default_timezone()


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    """The building's leader is the host here: that makes the meeting theirs to run, not to plan."""
    meeting = Meeting(neighbourhood=places.here, host=people["lou"])
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", meeting)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


MOVES = {
    ("draft", "announced"), ("draft", "cancelled"), ("announced", "under_way"),
    ("announced", "cancelled"), ("under_way", "held"), ("held", "under_way"),
}  # fmt: skip


@pytest.mark.parametrize("start", Meeting.State)
@pytest.mark.parametrize("end", Meeting.State)
def test_moves(start, end):
    meeting = Meeting(state=start)
    if (start, end) in MOVES:
        meeting.move_to(end)
        assert meeting.state == end
    else:
        with pytest.raises(Refused):
            meeting.move_to(end)


# Each act from each state: where it leads, or that it is refused.
ACTS = {
    "edit": lambda m, by: meetings.edit_meeting(m, changes={"title": "改了名"}, by=by),
    "change": lambda m, by: meetings.change_meeting(m, changes={"capacity": 7}, by=by),
    "announce": lambda m, by: meetings.announce_meeting(m, by=by),
    "cancel": lambda m, by: meetings.cancel_meeting(m, reason="下雨", by=by),
    "open": lambda m, by: meetings.open_meeting(m, by=by),
    "close": lambda m, by: meetings.close_meeting(m, by=by),
    "reopen": lambda m, by: meetings.reopen_meeting(m, by=by),
}
LEADS = {
    ("draft", "edit"): "draft", ("draft", "announce"): "announced", ("draft", "cancel"): "cancelled",
    ("announced", "change"): "announced", ("announced", "cancel"): "cancelled",
    ("announced", "open"): "under_way", ("under_way", "close"): "held",
    ("held", "reopen"): "under_way",
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("start", Meeting.State)
def test_each_act_in_each_state(start, act, people, places, households):
    meeting = drafted(people, places)
    now = timezone.now()
    if start != "draft":
        Meeting.objects.filter(pk=meeting.pk).update(
            state=start, announced_at=now - 5 * DAY, told_at=now - 5 * DAY, opened_at=now,
            closed_at=now, cancel_reason="x" if start == "cancelled" else "",
        )  # fmt: skip
    if act == "open":
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=now, ends_at=now + HOUR)
    if (start, act) in LEADS:
        ACTS[act](meeting, people["chen"])
    else:
        with pytest.raises(Refused):
            ACTS[act](meeting, people["chen"])
    assert meeting_again(meeting).state == LEADS.get((start, act), start)


def test_every_form_says_what_it_is_for_and_by_which_rule():
    assert set(FORMS) == set(Topic.Form.values)
    days = {name: form.notice_days for name, form in FORMS.items()}
    assert (days["hearing"], days["owners_meeting"]) == (7, 15)
    assert [name for name, form in FORMS.items() if form.is_law] == ["owners_meeting"]
    bare = [
        name
        for name, form in FORMS.items()
        if not all([form.purpose, form.when, form.convenor, form.notice_basis, form.legal_basis])
    ]
    assert bare == []
    flagged = [name for name, form in FORMS.items() if "默认值" in str(form.notice_basis)]
    assert len(flagged) == len(FORMS) - 1


@pytest.mark.parametrize(
    ("told", "days", "earliest"),
    [
        ("2026-03-02", 7, "2026-03-09"),
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-04", 3, "2026-03-07"),  # a Saturday: Saturday halls are held on one
        ("2026-02-10", 7, "2026-02-24"),  # Spring Festival, 15 to 23 February
        ("2026-02-13", 15, "2026-02-28"),  # ends after it
        ("2026-09-20", 15, "2026-10-08"),  # National Day, 1 to 7 October
        ("2026-09-15", 15, "2026-09-30"),
        ("2026-12-25", 7, "2027-01-02"),  # the fixed holiday of a year not announced yet
        ("2026-10-10", 0, "2026-10-10"),  # a Saturday worked in exchange
    ],
)
def test_notice_over_the_holidays(told, days, earliest, announced):
    day = dt.date.fromisoformat
    assert queries.earliest_day(day(told), days) == day(earliest)


def test_the_checklist_is_what_refuses(people, places, households, announced):
    meeting = drafted(
        people, places, form="hearing", items=(), notice_days=7, mode="hybrid", is_public=False
    )
    assert queries.blockers(meeting, timezone.now()) == [
        "还没有议程。", "线上参加的会议还没有链接。", "不公开报名的会议，要先邀请人。",
    ]  # fmt: skip
    with pytest.raises(Refused, match="还没有议程"):
        meetings.announce_meeting(meeting, by=people["chen"])
    agenda.add_agenda_item(meeting, title="装电梯", minutes=30, by=people["chen"])
    meetings.edit_meeting(
        meeting, changes={"mode": "in_person", "is_public": True}, by=people["chen"]
    )
    assert meetings.announce_meeting(meeting, by=people["chen"]).state == "announced"


@time_machine.travel(dt.datetime(2026, 9, 20, 9, tzinfo=SHANGHAI), tick=False)
def test_owners_are_told_fifteen_days_before_and_no_fewer(people, places, households, announced):
    at = dt.datetime(2026, 10, 8, 14, tzinfo=SHANGHAI)
    with pytest.raises(Refused, match="不能少于 15 天"):
        drafted(people, places, form="owners_meeting", notice_days=7, starts_at=at)
    early = drafted(people, places, form="owners_meeting", notice_days=15, starts_at=at - 2 * DAY)
    with pytest.raises(Refused, match="最早 2026年10月8日 开会"):
        meetings.announce_meeting(early, by=people["chen"])
    meeting = drafted(people, places, form="owners_meeting", notice_days=15, starts_at=at)
    meetings.announce_meeting(meeting, by=people["chen"])
    with pytest.raises(Refused, match="通知以后不能再改"):
        agenda.add_agenda_item(meeting, title="换物业", minutes=10, by=people["chen"])


def test_a_new_time_needs_new_notice_or_a_reason(people, places, households):
    meeting = announced_meeting(people, places, form="hearing", notice_days=7)
    Meeting.objects.filter(pk=meeting.pk).update(reminded_day_at=timezone.now())
    soon = timezone.now() + 2 * DAY
    changes = {"starts_at": soon, "ends_at": soon + HOUR}
    with pytest.raises(Refused, match="请写明原因"):
        meetings.change_meeting(meeting, changes=changes, by=people["chen"])
    meetings.change_meeting(meeting, changes=changes, reason="台风要来", by=people["chen"])
    changed = meeting_again(meeting)
    assert (changed.starts_at, changed.short_notice, changed.changes, changed.reminded_day_at) == (
        soon, "台风要来", 1, None,
    )  # fmt: skip
    later = timezone.now() + 20 * DAY
    changes = {"starts_at": later, "ends_at": later + HOUR}
    meetings.change_meeting(meeting, changes=changes, by=people["chen"])
    assert meeting_again(meeting).short_notice == ""
    with pytest.raises(Refused, match="没有改动"):
        meetings.change_meeting(meeting, changes=changes, by=people["chen"])
    past = {"starts_at": timezone.now() - DAY, "ends_at": timezone.now()}
    with pytest.raises(Refused, match="已经过了"):
        meetings.change_meeting(meeting, changes=past, reason="x", by=people["chen"])


def test_who_is_told_what(people, places, households):
    """The invited by SMS; other residents on the portal; of the change and the end all of them."""
    chen = people["chen"]
    meeting = drafted(people, places)
    invitations.invite(meeting, role="resident", names=["孙丽"], by=chen)
    meeting.invitations.update(user=people["sun"])
    meetings.announce_meeting(meeting, by=chen)
    deliver_pending()
    registrations.register(meeting, by=people["wang"])
    at = meeting.starts_at + DAY
    meetings.change_meeting(meeting, changes={"starts_at": at, "ends_at": at + HOUR}, by=chen)
    deliver_pending()
    meetings.change_meeting(meeting, changes={"capacity": 30}, by=chen)
    meetings.cancel_meeting(meeting, reason="停电", by=chen)
    deliver_pending()
    told = {
        who: [
            next(word for word in ("请您参加", "报名", "有变", "取消了") if word in notice.text)
            for notice in Notice.objects.filter(reader=people[who]).order_by("created_at")
        ]
        for who in ("sun", "wang", "zhao", "hu", "chen")
    }
    assert told == {
        "sun": ["请您参加", "有变", "取消了"],
        "wang": ["报名", "有变", "取消了"],
        "zhao": ["报名", "有变", "取消了"],
        "hu": [],
        "chen": [],
    }
    by_sms = Sending.objects.filter(channel="sms").values_list("reader__name", flat=True)
    assert sorted(by_sms) == ["孙丽"] * 3 + ["王桂芳"] * 2
    assert all(len(sending.text) <= 70 for sending in Sending.objects.all())


def test_reminders_go_out_once_a_day_and_an_hour_before(people, places, households):
    chen = people["chen"]
    meeting = announced_meeting(people, places)
    registrations.register(meeting, by=people["wang"])
    waits = registrations.register(meeting, by=people["zhao"])
    registrations.cancel_registration(waits, by=people["zhao"])
    assert meetings.remind_of_meetings() == 0
    for before in (dt.timedelta(hours=23), dt.timedelta(hours=22), dt.timedelta(minutes=50)):
        with time_machine.travel(meeting.starts_at - before, tick=False):
            meetings.remind_of_meetings()
            meetings.remind_of_meetings()
            deliver_pending()
    reminders = Notice.objects.filter(text__startswith="提醒您")
    assert [(notice.reader, "开始" in notice.text) for notice in reminders] == [
        (people["wang"], True)
    ] * 2
    late = announced_meeting(people, places, starts_at=timezone.now() + 26 * HOUR)
    with time_machine.travel(late.starts_at - HOUR * 20, tick=False):
        at = timezone.now() + 18 * HOUR
        meetings.change_meeting(
            late, changes={"starts_at": at, "ends_at": at + HOUR}, reason="停电", by=chen
        )
        assert meetings.remind_of_meetings() == 0  # told of it this very minute


def test_it_opens_on_its_day_closes_and_goes_on_the_same_day(people, places, households):
    meeting = announced_meeting(people, places)
    with pytest.raises(Refused, match="还没到时间"):
        meetings.open_meeting(meeting, by=people["chen"])
    with time_machine.travel(meeting.starts_at, tick=False):
        meetings.open_meeting(meeting, by=people["chen"])
        meetings.close_meeting(meeting, by=people["chen"])
        meetings.reopen_meeting(meeting, by=people["chen"])
        meetings.close_meeting(meeting, by=people["chen"])
    with time_machine.travel(meeting.starts_at + DAY), pytest.raises(Refused, match="散会当天"):
        meetings.reopen_meeting(meeting, by=people["chen"])
    acts = Entry.objects.filter(chain=f"meeting:{meeting.pk}").order_by("seq")
    assert [entry.act.partition(".")[2] for entry in acts] == [
        "draft_meeting", "add_agenda_item", "announce_meeting", "open_meeting", "close_meeting",
        "reopen_meeting", "close_meeting",
    ]  # fmt: skip
