"""Coming, going, sitting for somebody: counted at every instant, by rules the database keeps."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from consultation.actions import attendance as actions
from consultation.actions.attendance import Mandate
from consultation.models import (
    Attendance,
    Invitation,
    Meeting,
    Presence,
    Proxy,
    Registration,
    RollEntry,
    Seat,
)
from consultation.queries.attendance import comers, hall, history
from consultation.queries.door import expected, find, named, oneself
from tests.conftest import EVERYONE
from tests.consultation.builders import entry_of, neighbours
from tests.consultation.hall_builders import MINUTE, came, closed, meeting_on, owners_meeting
from tests.households.builders import attachment
from tests.households.test_signing_races import together

RUNNING = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "see_attendance", "admit", "see_out", "undo_tap", "enter_from_sheet", "set_attendee_role",
        "seat_attendee", "record_meeting_mandate", "end_seat", "see_meeting_mandate",
        "show_check_in_code",
    ),
    RUNNING | {"sun"},
)  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, places):
    """The committee, the host, and sun, who takes notes and holds no office."""
    meeting = meeting_on(people, places)
    meeting.recorders.add(people["sun"])
    row = Attendance(neighbourhood=places.here, meeting=meeting, name="王桂芳")
    assert may(people[person], f"consultation.{act}", row) is (person in WHO_MAY[act])


WHO_MAY_ONESELF = {
    "check_in": {"wang", "zhao", "chen", "lin", "sun"},  # sun is asked to come
    "join_online": {"wang", "zhao", "chen", "lin", "sun"},
    "leave_meeting": set(EVERYONE) - {"passerby"},
}


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY_ONESELF)
def test_who_may_come_in_alone(act, person, people, places, households):
    meeting = meeting_on(people, places)
    Invitation.objects.create(
        neighbourhood=places.here, meeting=meeting, role="expert", name="孙丽", user=people["sun"]
    )
    user = people[person]
    row = Attendance(neighbourhood=places.here, meeting=meeting, name="本人")
    row.user_id = user.pk
    assert may(user, f"consultation.{act}", row) is (person in WHO_MAY_ONESELF[act])


def now():
    return timezone.now()


def scan(meeting, user):
    return actions.check_in(meeting, scanned_at=now(), by=user)


def test_a_resident_comes_goes_and_comes_back(people, places, households):
    meeting = meeting_on(people, places)
    first = scan(meeting, people["wang"])
    assert scan(meeting, people["wang"]) == first  # a second tap is the same one
    actions.leave_meeting(meeting, by=people["wang"])
    with pytest.raises(Refused, match="您已经离开了"):
        actions.leave_meeting(meeting, by=people["wang"])
    again = scan(meeting, people["wang"])
    row = Attendance.objects.get()
    assert (row.user, row.household, row.member.name, row.role) == (
        people["wang"], households.wang, "王桂芳", "participant",
    )  # fmt: skip
    assert [p.pk for p in row.presences.all()] == [first.pk, again.pk]
    assert [e.act for e in Entry.objects.filter(chain=meeting.ledger_chain).order_by("seq")] == [
        "consultation.check_in", "consultation.leave_meeting", "consultation.check_in",
    ]  # fmt: skip


def test_the_code_must_have_been_scanned_just_now(people, places, households):
    meeting = meeting_on(people, places)
    for scanned_at in (None, now() - 21 * MINUTE):
        with pytest.raises(Refused, match="请先扫会场大屏幕上的码"):
            actions.check_in(meeting, scanned_at=scanned_at, by=people["wang"])
    assert Presence.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "said"),
    [("announced", "会还没有开始"), ("held", "已开完"), ("cancelled", "已取消")],
)
def test_nobody_signs_in_to_a_meeting_that_is_not_on(state, said, people, places, households):
    meeting = meeting_on(people, places)
    stale = Meeting.objects.get(pk=meeting.pk)
    values = {"state": state, "closed_at": now(), "cancel_reason": "雨"}
    Meeting.objects.filter(pk=meeting.pk).update(**values)
    with pytest.raises(Refused, match=said):
        scan(stale, people["wang"])
    for channel in ("qr", "online"):  # and by the database, whoever asks it
        with pytest.raises(IntegrityError, match="the meeting is not on"), transaction.atomic():
            came(stale, "王桂芳", channel=channel)


def test_the_desk_opens_an_hour_before(people, places, households):
    meeting = meeting_on(people, places, state="announced", starts_at=now() + 50 * MINUTE)
    person = named(meeting, f"m:{households.wang.members.get().pk}")
    actions.admit(meeting, person, by=people["lin"])
    early = meeting_on(people, places, state="announced", starts_at=now() + 61 * MINUTE,
                       ends_at=now() + 90 * MINUTE)  # fmt: skip
    with pytest.raises(Refused, match="会还没有开始"):
        actions.admit(early, person, by=people["lin"])


def test_a_stranger_is_sent_to_the_desk(people, places, households):
    meeting = meeting_on(people, places)
    for who in ("hu", "sun", "root"):
        with pytest.raises(PermissionDenied):
            scan(meeting, people[who])
    assert Attendance.objects.count() == 0


def test_online_only_where_there_is_a_line(people, places, households):
    here = meeting_on(people, places)
    with pytest.raises(Refused, match="只在现场开"):
        actions.join_online(here, by=people["wang"])
    both = meeting_on(people, places, mode="hybrid")
    actions.join_online(both, by=people["wang"])
    scan(both, people["zhao"])
    count = hall(both).at(now())
    assert (count.people, count.online, count.heads) == (2, 1, 2)


def test_ten_seconds_to_take_a_tap_back(people, places, households, time_machine):
    time_machine.move_to(now(), tick=False)
    meeting = meeting_on(people, places)
    chen = people["chen"]
    wrong = actions.admit(meeting, named(meeting, f"m:{households.sun.members.get().pk}"), by=chen)
    actions.undo_tap(wrong, by=chen)
    with pytest.raises(Refused, match="已经撤销过了"):
        actions.undo_tap(wrong, by=chen)
    assert find(meeting, "孙丽")[0].name == "孙丽"  # who was tapped by mistake may still come
    right = actions.admit(
        meeting, named(meeting, f"m:{households.wang.members.get().pk}"), by=chen
    )
    time_machine.shift(60)
    actions.see_out(right, by=chen)
    actions.undo_tap(right, by=chen)  # the going, not the coming
    time_machine.shift(11)
    with pytest.raises(Refused, match="过了 10 秒"):
        actions.undo_tap(right, by=chen)
    assert [(c.attendance.name, c.is_there) for c in comers(hall(meeting), now())] == [
        ("王桂芳", True)
    ]


def test_two_first_taps_at_once_are_one_person(transactional_db, people, places, households):
    meeting = meeting_on(people, places)
    person = named(meeting, f"m:{households.wang.members.get().pk}")
    results = together(
        *[lambda: scan(meeting, people["wang"]), lambda: actions.admit(meeting, person, by=people["chen"])] * 4
    )  # fmt: skip
    assert (Attendance.objects.count(), Presence.objects.count()) == (1, 1)
    assert len({p.pk for p in results if isinstance(p, Presence)}) == 1


def test_who_is_closing_waits_for_the_sign_in_in_flight(
    transactional_db, people, places, households
):
    """A sign-in holds the meeting's row until it is in; the closing comes after it."""
    meeting = meeting_on(people, places)
    with transaction.atomic():
        scan(meeting, people["wang"])
        blocked = together(lambda: _locked_out(meeting))[0]
    assert blocked is True
    closed(meeting)
    with pytest.raises(Refused):
        scan(meeting, people["zhao"])


def _locked_out(meeting):
    """Whether another connection cannot take the meeting's row as closing does."""
    with transaction.atomic(), connection.cursor() as cursor:
        row = Meeting.objects.select_for_update(skip_locked=True).filter(pk=meeting.pk)
        cursor.execute("SELECT 1")
        return not row.exists()


def test_the_sheet_is_entered_afterwards_within_the_meeting(people, places, households):
    meeting = closed(meeting_on(people, places))
    person = named(meeting, f"m:{households.wang.members.get().pk}")
    first, last = meeting.opened_at + MINUTE, meeting.opened_at + 30 * MINUTE
    actions.enter_from_sheet(meeting, person, arrived_at=first, left_at=last, by=people["chen"])
    with pytest.raises(Refused, match="已经登记过了"):
        actions.enter_from_sheet(
            meeting, person, arrived_at=first + MINUTE, left_at=None, by=people["chen"]
        )
    with pytest.raises(Refused, match="要在开会的时间里"):
        actions.enter_from_sheet(
            meeting, person, arrived_at=last, left_at=now() + MINUTE, by=people["chen"]
        )
    assert [hall(meeting).at(t).people for t in (first - MINUTE, first, last)] == [0, 1, 0]


def test_those_on_the_roll_take_part_and_the_others_listen(people, places, households):
    meeting = owners_meeting(people, places)
    scan(meeting, people["wang"])
    scan(meeting, people["chen"])
    roles = dict(Attendance.objects.values_list("name", "role"))
    assert roles == {"王桂芳": "participant", "陈静": "guest"}
    assert list(Seat.objects.values_list("entry__name", "is_proxy")) == [("王桂芳", False)]
    count = hall(meeting).at(now())
    assert (count.people, count.heads, count.holds, count.steps[0].missing) == (2, 1, False, 1)


def mandate(places, **more):
    given = {
        "document": attachment(places.here), "scope": "本次会议全部事项",
        "mandated_on": timezone.localdate(),
    }  # fmt: skip
    return Mandate(**given | more)


def test_whoever_comes_in_person_rests_the_mandate(people, places, households):
    """孙丽 gave 王桂芳 a mandate; she comes after all, and goes again: always one head."""
    meeting = owners_meeting(people, places)
    wang = scan(meeting, people["wang"]).attendance
    sun = entry_of(meeting.roll, "孙丽")
    seat = actions.record_meeting_mandate(
        wang, entry=sun, mandate=mandate(places), by=people["lin"]
    )
    counts = [hall(meeting).at(now())]
    there = actions.admit(
        meeting, named(meeting, f"m:{households.sun.members.get().pk}"), by=people["lin"]
    )
    counts.append(hall(meeting).at(now()))
    actions.see_out(there, by=people["lin"])
    counts.append(hall(meeting).at(now()))
    actions.end_seat(seat, by=people["lin"])
    counts.append(hall(meeting).at(now()))
    assert [(c.heads, c.by_proxy, c.holds) for c in counts] == [
        (2, 1, True), (2, 0, True), (2, 1, True), (1, 0, False),
    ]  # fmt: skip


def test_a_head_gives_one_mandate(people, places, households):
    meeting = owners_meeting(people, places)
    rows = [scan(meeting, people[who]).attendance for who in ("wang", "zhao")]
    sun = entry_of(meeting.roll, "孙丽")
    actions.record_meeting_mandate(rows[0], entry=sun, mandate=mandate(places), by=people["lin"])
    with pytest.raises(Refused, match="已经有人受委托到会"):
        actions.record_meeting_mandate(
            rows[1], entry=sun, mandate=mandate(places), by=people["lin"]
        )
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    for wrong in ({"mandated_on": tomorrow}, {"scope": " "}):
        with pytest.raises(Refused, match="委托日期不能晚于今天"):
            actions.record_meeting_mandate(
                rows[1], entry=sun, mandate=mandate(places, **wrong), by=people["lin"]
            )
    elsewhere = owners_meeting(people, places).roll.roll.first()
    with pytest.raises(Refused, match="不在这次会议的名册上"):
        actions.seat_attendee(rows[1], entry=elsewhere, by=people["lin"])


def test_a_proxy_of_the_roll_s_poll_sits_for_the_owner(people, places, households):
    meeting = owners_meeting(people, places)
    today = timezone.localdate()
    Proxy.objects.create(
        neighbourhood=places.here, poll=meeting.roll, entry=entry_of(meeting.roll, "孙丽"),
        agent_name="赵大勇", agent_phone=people["zhao"].phone, agent=people["zhao"],
        valid_from=today, valid_to=today, document=attachment(places.here),
        recorded_by=people["chen"], approved_by=people["lin"],
    )  # fmt: skip
    scan(meeting, people["zhao"])
    count = hall(meeting).at(now())
    assert (count.heads, count.by_proxy, count.area_cent) == (
        2, 1, sum(meeting.roll.units.filter(entry__name__in=["赵大勇", "孙丽"]).values_list("area_cent", flat=True)),
    )  # fmt: skip


def test_somebody_unknown_is_found_on_the_roll_by_the_desk(people, places, households):
    meeting = owners_meeting(people, places)
    walk_in = oneself(meeting, people["sun"])
    row = actions.admit(meeting, walk_in, by=people["chen"]).attendance
    assert row.role == "guest"
    actions.seat_attendee(row, entry=entry_of(meeting.roll, "孙丽"), by=people["chen"])
    row.refresh_from_db()
    assert (row.role, hall(meeting).at(now()).heads) == ("participant", 1)
    actions.set_attendee_role(row, role=Attendance.Role.OBSERVER, by=people["chen"])
    assert hall(meeting).at(now()).heads == 0


def test_without_a_frozen_roll_no_quorum_is_told(people, places, households):
    meeting = meeting_on(people, places, quorum="heads")
    count = hall(meeting).at(now())
    assert (count.holds, count.problem) == (False, "还没有冻结的名册，算不出到会人数够不够。")


@pytest.mark.parametrize(
    ("quorum", "part", "whole", "exceeded", "came_in", "holds"),
    [
        ("heads", 1, 2, True, ["王桂芳"], False),
        ("heads", 1, 3, False, ["王桂芳"], True),  # exactly a third is a third
        ("heads", 1, 3, True, ["王桂芳"], False),
        ("heads", 2, 3, False, ["王桂芳", "赵大勇"], True),
        ("households", 2, 3, False, ["王桂芳"], False),
        ("heads_and_area", 1, 2, True, ["王桂芳", "赵大勇"], True),
        # Each of the three has 20.50 ㎡; none are missing but by the head.
        ("heads_and_area", 2, 3, True, ["王桂芳", "赵大勇"], False),
    ],
)
def test_the_quorum_is_a_fraction(
    quorum, part, whole, exceeded, came_in, holds, people, places, households
):
    meeting = owners_meeting(
        people,
        places,
        quorum=quorum,
        quorum_part=part,
        quorum_whole=whole,
        quorum_exceeded=exceeded,
    )
    for name in came_in:
        came(meeting, name, entries=[entry_of(meeting.roll, name)])
    assert hall(meeting).at(now()).holds is holds


# --- recounted at any instant -----------------------------------------------------------------

TIMES = st.integers(0, 60)
STAYS = st.lists(
    st.tuples(st.integers(0, 5), TIMES, st.integers(1, 40), st.booleans()), max_size=12
)
MANDATES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4)


@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(stays=STAYS, mandates=MANDATES, closing=st.integers(20, 100), data=st.data())
def test_the_count_at_any_instant_is_that_of_the_rows(stays, mandates, closing, data, six):
    """A plain recount: for every head of the roll, is anybody there who sits for it?"""
    meeting, entries, paper = six
    with transaction.atomic():
        start = meeting.opened_at
        rows = _told(meeting, start, stays, entries, mandates, paper)
        meeting.state, meeting.closed_at = "held", start + closing * MINUTE
        of = hall(meeting)
        for minute in [data.draw(TIMES), *(stay[1] for stay in stays), closing, closing + 1]:
            at = start + minute * MINUTE
            there = {
                who for who, a, b in rows
                if a <= minute < min(b, closing) and minute <= closing
            }  # fmt: skip
            given_to = dict(_once(mandates))
            heads = {n for n in range(6) if n in there or given_to.get(n) in there}
            by_proxy = {n for n in heads if n not in there}
            count = of.at(at)
            assert (count.people, count.heads, count.by_proxy) == (
                len(there), len(heads), len(by_proxy),
            )  # fmt: skip
            units = meeting.roll.units.filter(entry__in=[entries[n] for n in heads])
            assert count.area_cent == sum(unit.area_cent for unit in units)
        for moment in history(of):
            assert moment.count == of.at(moment.at)
        transaction.set_rollback(True)


def _once(mandates):
    """Of each owner the first mandate, to somebody else."""
    first = {}
    for owner, agent in mandates:
        if owner != agent:
            first.setdefault(owner, agent)
    return first.items()


def _told(meeting, start, stays, entries, mandates, paper):
    """The stays that do not overlap with an earlier one of the same person, as rows."""
    told = []
    place = {"neighbourhood": meeting.neighbourhood, "meeting": meeting}
    people = [Attendance.objects.create(**place, name=f"业主{n}") for n in range(6)]
    for n, entry in enumerate(entries):
        Seat.objects.create(**place, attendance=people[n], entry=entry, since=start)
    for owner, agent in _once(mandates):
        Seat.objects.create(
            **place, attendance=people[agent], entry=entries[owner], since=start, is_proxy=True,
            document=paper, scope="全部", mandated_on=timezone.localdate(),
        )  # fmt: skip
    for who, first, length, goes in stays:
        last = first + length if goes else 10_000
        if any(w == who and first < b and a < last for w, a, b in told):
            continue
        told.append((who, first, last))
        left = start + last * MINUTE if goes else None
        Presence.objects.create(
            **place, attendance=people[who], channel="desk", arrived_at=start + first * MINUTE,
            left_at=left,
        )  # fmt: skip
    return told


@pytest.fixture
def six(people, places, households):
    neighbours(places, 3)
    meeting = owners_meeting(people, places)
    return meeting, list(meeting.roll.roll.order_by("number")), attachment(places.here)


def test_nobody_is_there_twice_at_once(people, places):
    meeting = meeting_on(people, places)
    came(meeting, "张三", at=now() - 30 * MINUTE)
    with (
        pytest.raises(IntegrityError, match="nobody_is_there_twice_at_once"),
        transaction.atomic(),
    ):
        came(meeting, "张三", at=now() - 10 * MINUTE)
    with pytest.raises(IntegrityError, match="nobody_leaves_before"), transaction.atomic():
        came(meeting, "李四", at=now(), left=now() - MINUTE)


# --- who may be at the door --------------------------------------------------------------------


def test_those_expected_are_those_who_signed_up_or_were_asked(people, places, households):
    meeting = meeting_on(people, places)
    place = {"neighbourhood": places.here, "meeting": meeting}
    Registration.objects.create(
        **place, user=people["wang"], name="王桂芳", household=households.wang
    )
    Registration.objects.create(**place, name="钱阿婆", state="waiting")
    Registration.objects.create(**place, name="周阿公", is_observer=True)
    Invitation.objects.create(**place, user=people["wang"], name="王桂芳", role="affected")
    Invitation.objects.create(**place, name="李工", role="expert")
    Invitation.objects.create(**place, name="不来的", role="affected", answer="no")
    assert [(p.name, p.role) for p in expected(meeting)] == [
        ("周阿公", "observer"), ("李工", "guest"), ("王桂芳", "participant"),
    ]  # fmt: skip
    actions.admit(meeting, expected(meeting)[0], by=people["chen"])
    scan(meeting, people["wang"])
    assert [p.name for p in expected(meeting)] == ["李工"]


@pytest.mark.parametrize("words", ["王桂芳", "3-101", "3号楼101", "0101"])
def test_somebody_is_found_by_name_room_or_the_end_of_the_telephone(
    words, people, places, households
):
    meeting = meeting_on(people, places)
    person = find(meeting, words)[0]
    assert (person.name, person.user, person.household) == (
        "王桂芳",
        people["wang"],
        households.wang,
    )
    scan(meeting, people["wang"])
    assert [p.name for p in find(meeting, words) if p.name == "王桂芳"] == []


def test_nobody_of_next_door_is_found(people, places, households):
    meeting = meeting_on(people, places)
    assert find(meeting, "胡杰") == []
    assert named(meeting, f"m:{households.hu.members.get().pk}") is None
    assert named(meeting, "m:不是号码") is None


def test_entries_are_the_same_with_and_without_an_account(people, places, households):
    """The roll's own rule in SQL and the desk's for those without a login agree."""
    from consultation.queries.door import entries_of

    for code in ("lift-compound", "house-rules", "first-consent", "top-ten"):
        from tests.consultation.builders import frozen, kind

        try:
            poll = frozen(people, places, of=kind(code), secrecy=kind(code).secrecies[0])
        except Refused:
            continue
        meeting = meeting_on(people, places, roll=poll)
        member = households.wang.members.get()
        with_login = Attendance(meeting=meeting, user=people["wang"])
        without = Attendance(meeting=meeting, member=member)
        assert set(entries_of(with_login)) == set(entries_of(without)), code
        assert RollEntry.objects.filter(poll=poll).exists()
