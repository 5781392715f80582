"""Who comes to a meeting: invitations, lots anybody can draw again, places, the waiting list."""

import contextlib
import json
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from consultation import lots
from consultation.actions import invitations, meetings, registrations
from consultation.models import Draw, Invitation, Meeting, Registration
from consultation.queries.invitees import DOORS, HOLDERS, HOUSEHOLDS, group
from consultation.queries.registrations import seats, turn
from tests.conftest import EVERYONE
from tests.consultation.meeting_builders import announced_meeting, drafted, residents
from tests.households.test_signing_races import together

WHO_MAY = {"register": {"wang", "zhao"}}
WANG = {"wang"}
WHO_MAY_ONLY_WANG = dict.fromkeys(("cancel_registration", "answer_invitation"), WANG)


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may_sign_up(person, people, places):
    meeting = Meeting(neighbourhood=places.here, host=people["lou"], is_public=True)
    assert may(people[person], "consultation.register", meeting) is (person in WHO_MAY["register"])
    meeting.building = places.building  # of one building: only who lives in it
    assert may(people[person], "consultation.register", meeting) is (person == "wang")
    meeting.is_public = False
    assert may(people[person], "consultation.register", meeting) is False


@pytest.mark.parametrize("person", EVERYONE)
def test_what_is_whose(person, people, places):
    meeting = Meeting(neighbourhood=places.here, host=people["lou"])
    for act, thing in (
        ("cancel_registration", Registration(meeting=meeting, user=people["wang"])),
        ("answer_invitation", Invitation(meeting=meeting, user=people["wang"])),
    ):
        allowed = person in WHO_MAY_ONLY_WANG[act]
        assert may(people[person], f"consultation.{act}", thing) is allowed


# --- places --------------------------------------------------------------------------------------


def states(meeting):
    return dict(meeting.registrations.values_list("name", "state"))


def test_the_waiting_list_moves_up_by_itself_and_tells(people, places, households):
    meeting = announced_meeting(people, places, capacity=1)
    first = registrations.register(meeting, by=people["wang"])
    second = registrations.register(meeting, needs="轮椅", by=people["zhao"])
    assert registrations.register(meeting, by=people["zhao"]) == second  # twice is once
    third = registrations.register_by_phone(
        meeting, name="孙丽", phone="+8613800000103", by=people["chen"]
    )
    assert (first.state, second.state, turn(second), turn(third)) == ("coming", "waiting", 1, 2)
    with pytest.raises(PermissionDenied):
        registrations.cancel_registration(first, by=people["zhao"])
    registrations.cancel_registration(first, by=people["wang"])
    assert states(meeting) == {"王桂芳": "cancelled", "赵大勇": "coming", "孙丽": "waiting"}
    deliver_pending()
    told = Notice.objects.get(text__startswith="有名额了")
    assert told.reader == people["zhao"]
    registrations.take_off(second, by=people["chen"])
    third.refresh_from_db()
    assert (third.state, third.must_be_rung_up) == ("coming", True)
    assert registrations.see_registration_phone(third, by=people["lin"]) == "13800000103"
    registrations.note_rung_up(third, by=people["chen"])
    third.refresh_from_db()
    assert third.must_be_rung_up is False
    assert Entry.objects.filter(act="consultation.see_registration_phone").count() == 1
    again = registrations.register(meeting, by=people["wang"])
    assert (again.pk, again.state) == (first.pk, "waiting")


def test_more_places_are_filled_from_the_list(people, places, households):
    meeting = announced_meeting(people, places, capacity=1)
    everybody = [people["wang"], people["zhao"], *residents(places, 2)]
    for one in everybody:
        registrations.register(meeting, by=one)
    meetings.change_meeting(meeting, changes={"capacity": 3}, by=people["chen"])
    assert sorted(states(meeting).values()) == ["coming"] * 3 + ["waiting"]
    with pytest.raises(Refused, match="已有 3 人报上名"):
        meetings.change_meeting(meeting, changes={"capacity": 2}, by=people["chen"])


def test_observers_and_those_at_home_have_places_of_their_own(people, places, households):
    meeting = announced_meeting(
        people, places, capacity=1, observers=1, mode="hybrid", live_url="https://live.example"
    )
    one, two, three, four = residents(places, 4)
    registrations.register(meeting, by=one)
    registrations.register(meeting, is_online=True, by=two)
    registrations.register(meeting, is_observer=True, by=three)
    waits = registrations.register(meeting, is_observer=True, by=four)
    takes_part, watches = seats(meeting)
    assert (takes_part.taken, takes_part.left, watches.taken, watches.waiting) == (1, 0, 1, 1)
    assert waits.state == "waiting"


def test_nobody_signs_up_too_late_or_where_they_do_not_live(people, places, households):
    meeting = announced_meeting(people, places)
    with pytest.raises(PermissionDenied):
        registrations.register(meeting, by=people["hu"])
    with pytest.raises(Refused, match="没有旁听席"):
        registrations.register(meeting, is_observer=True, by=people["wang"])
    meetings.cancel_meeting(meeting, reason="停电", by=people["chen"])
    with pytest.raises(Refused, match="现在不能报名"):
        registrations.register(meeting, by=people["wang"])


committed = pytest.mark.django_db(transaction=True)


@committed
def test_of_ten_who_want_three_places_three_have_one(people, places, households):
    meeting, crowd = announced_meeting(people, places, capacity=3), residents(places, 10)
    together(*[lambda one=one: registrations.register(meeting, by=one) for one in crowd])
    assert sorted(states(meeting).values()) == ["coming"] * 3 + ["waiting"] * 7
    assert list(
        meeting.registrations.filter(state="waiting").order_by("registered_at", "pk")
    ) == sorted(meeting.registrations.filter(state="waiting"), key=turn)


@committed
def test_the_database_holds_the_last_place_though_no_lock_is_taken(
    people, places, households, monkeypatch
):
    """Both are made to see the free place before either takes it."""
    meeting, (one, two) = announced_meeting(people, places, capacity=1), residents(places, 2)
    meet = threading.Barrier(2)
    has_seat = registrations.has_seat

    def see_the_place_and_meet(meeting, registration):
        found = has_seat(meeting, registration)
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(timeout=5)
        return found

    monkeypatch.setattr(registrations, "has_seat", see_the_place_and_meet)
    monkeypatch.setattr(registrations, "locked_meeting", lambda meeting: meeting)
    results = together(
        *[lambda who=who: registrations.register(meeting, by=who) for who in (one, two)]
    )
    assert sorted(states(meeting).values()) == ["coming"]
    [refusal] = [one for one in results if isinstance(one, Refused)]
    assert str(refusal) == "名额刚刚满了，请再报一次，先排候补。"


@committed
def test_with_the_lock_the_second_waits_and_is_put_on_the_list(
    people, places, households, monkeypatch
):
    meeting, (one, two) = announced_meeting(people, places, capacity=1), residents(places, 2)
    meet = threading.Barrier(2)
    has_seat = registrations.has_seat

    def see_the_place_and_meet(meeting, registration):
        found = has_seat(meeting, registration)
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(timeout=0.5)  # the other cannot come: it waits for the meeting's row
        return found

    monkeypatch.setattr(registrations, "has_seat", see_the_place_and_meet)
    together(*[lambda who=who: registrations.register(meeting, by=who) for who in (one, two)])
    assert sorted(states(meeting).values()) == ["coming", "waiting"]


def test_not_even_plain_sql_seats_one_too_many(people, places, households):
    meeting = announced_meeting(people, places, capacity=1)
    registrations.register(meeting, by=people["wang"])
    waits = registrations.register(meeting, by=people["zhao"])
    with pytest.raises(IntegrityError, match="the meeting is full"), transaction.atomic():
        Registration.objects.filter(pk=waits.pk).update(state="coming")


# --- invitations ---------------------------------------------------------------------------------


def test_groups_are_invited_once_and_told_when_it_is_announced(people, places, households):
    chen = people["chen"]
    meeting = drafted(people, places, is_public=False)
    everybody = group(HOUSEHOLDS, places.here)
    assert (everybody.words, [one.member.name for one in everybody.people]) == (
        "全居民区户代表", ["王桂芳", "孙丽", "赵大勇"],
    )  # fmt: skip
    assert invitations.invite(meeting, role="resident", group=everybody, by=chen) == 3
    with pytest.raises(Refused, match="都已经邀请过了"):
        invitations.invite(
            meeting, role="affected", group=group(HOLDERS, places.here, building=places.building), by=chen
        )  # fmt: skip
    assert invitations.invite(meeting, role="expert", names=["王工", "王工"], by=chen) == 1
    meetings.announce_meeting(meeting, by=chen)
    deliver_pending()
    assert {n.reader for n in Notice.objects.all()} == {people["wang"], people["zhao"]}
    own = meeting.invitations.get(user=people["wang"])
    with pytest.raises(PermissionDenied):
        invitations.answer_invitation(own, answer="yes", by=people["zhao"])
    assert invitations.answer_invitation(own, answer="yes", by=people["wang"]).answer == "yes"
    expert = meeting.invitations.get(name="王工")
    assert invitations.enter_answer(expert, answer="no", by=chen).answer == "no"
    with pytest.raises(Refused, match="请选来还是不来"):
        invitations.enter_answer(expert, answer="也许", by=chen)
    with pytest.raises(Refused):
        invitations.withdraw_invitation(expert, by=chen)  # told already


def test_who_is_invited_after_the_announcement_is_told_at_once(people, places, households):
    meeting = announced_meeting(people, places, building=places.building)
    deliver_pending()
    Notice.objects.all().delete()
    doors = group(DOORS, places.here, doors=["曹杨一村9号"])
    assert doors.words == "曹杨一村9号各户"
    invitations.invite(meeting, role="affected", group=doors, by=people["chen"])
    deliver_pending()
    [notice] = Notice.objects.all()
    assert (notice.reader, notice.text.startswith("请您参加")) == (people["zhao"], True)


def test_an_invitation_can_be_taken_back_before_anybody_is_told(people, places, households):
    meeting = drafted(people, places)
    invitations.invite(meeting, role="expert", names=["王工"], by=people["chen"])
    invitations.withdraw_invitation(meeting.invitations.get(), by=people["chen"])
    assert not meeting.invitations.exists()


# --- lots ----------------------------------------------------------------------------------------


def test_lots_can_be_drawn_again_by_anybody(people, places, households, tmp_path, client):
    residents(places, 12)
    meeting = drafted(people, places)
    everybody = group(HOUSEHOLDS, places.here)
    draw = invitations.draw_invitees(
        meeting,
        role="resident",
        group=everybody,
        wanted=5,
        spread="proportional",
        by=people["chen"],
    )
    assert (len(draw.frame), len(draw.drawn), meeting.invitations.filter(draw=draw).count()) == (
        15, 5, 5,
    )  # fmt: skip
    assert lots.draw(draw.frame, 5, draw.seed, "proportional") == draw.drawn
    codes = {lots.code_of(draw.pk, row.member_id) for row in meeting.invitations.all()}
    assert codes == set(draw.drawn)
    entry = Entry.objects.get(act="consultation.draw_invitees")
    assert (entry.facts["seed"], entry.facts["frame"]) == (draw.seed, draw.frame_hash)
    with pytest.raises(Refused, match="抽签抽到的不能撤回"):
        invitations.withdraw_invitation(meeting.invitations.first(), by=people["chen"])
    meetings.announce_meeting(meeting, by=people["chen"])
    told = client.get(f"/meetings/{meeting.pk}/draws/1.json").content
    assert "居民" not in told.decode().replace("全居民区户代表", "")
    (tmp_path / "draw.json").write_bytes(told)
    assert verify(tmp_path / "draw.json") == (0, 3)
    forged = json.loads(told)
    forged["drawn"][0] = next(c for c, _s in forged["frame"] if c not in forged["drawn"])
    (tmp_path / "draw.json").write_text(json.dumps(forged))
    assert verify(tmp_path / "draw.json") == (1, 2)


def verify(path):
    script = settings.BASE_DIR / "static" / "verify_draw.py"
    done = subprocess.run(
        [sys.executable, script, path], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout.count("ok ")


def test_a_second_draw_stands_beside_the_first(people, places, households):
    residents(places, 3)
    meeting = drafted(people, places)
    everybody = group(HOUSEHOLDS, places.here)
    given = {"role": "resident", "group": everybody, "wanted": 2, "spread": "equal"}
    first = invitations.draw_invitees(meeting, **given, seed=" 731 ", by=people["chen"])
    second = invitations.draw_invitees(meeting, **given, by=people["chen"])
    assert (first.seed, first.seed_is_given, second.seed_is_given) == ("731", True, False)
    assert (second.number, len(second.frame), Draw.objects.count()) == (2, 4, 2)
    with pytest.raises(Refused, match="抽不出这么多"):
        invitations.draw_invitees(meeting, **given | {"wanted": 9}, by=people["chen"])


FRAMES = st.dictionaries(
    st.text("0123456789abcdef", min_size=4, max_size=8), st.sampled_from(["3号楼", "9号楼", "12号楼"]),
    max_size=40,
)  # fmt: skip


@given(people=FRAMES, wanted=st.integers(0, 45), seed=st.text(min_size=1), spread=st.sampled_from(list(Draw.Spread)))  # fmt: skip
def test_a_draw_is_fair_to_the_strata_and_always_the_same(people, wanted, seed, spread):
    frame = sorted([code, stratum] for code, stratum in people.items())
    drawn = lots.draw(frame, wanted, seed, spread)
    assert drawn == lots.draw(frame, wanted, seed, spread)
    assert len(drawn) == len(set(drawn)) == min(wanted, len(frame))
    assert set(drawn) <= set(people)
    sizes = {s: list(people.values()).count(s) for s in set(people.values())}
    got = {s: sum(people[code] == s for code in drawn) for s in sizes}
    if spread == "proportional" and frame:
        exact = {s: len(drawn) * size / len(frame) for s, size in sizes.items()}
        assert all(abs(got[s] - exact[s]) < 1 for s in sizes)
    if spread == "equal":
        open_ones = [got[s] for s in sizes if got[s] < sizes[s]]
        assert not open_ones or max(got.values()) - min(open_ones) <= 1
