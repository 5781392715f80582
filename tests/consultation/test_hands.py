"""Shows of hands: valid only while the quorum holds, never more hands than people, counted twice."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from consultation.actions import hands
from consultation.models import Poll, ShowOfHands, TellerCount
from consultation.queries.hands import attempt
from consultation.tally import Share
from tests.conftest import EVERYONE
from tests.consultation.builders import entry_of, kind
from tests.consultation.hall_builders import MINUTE, came, closed, meeting_on, owners_meeting
from tests.households.builders import attachment
from tests.households.test_signing_races import together

COMMITTEE = {"chen", "lin"}
WHO_MAY = {
    **dict.fromkeys(("open_show_of_hands", "close_show_of_hands", "withdraw_show_of_hands"), COMMITTEE | {"zhao"}),
    **dict.fromkeys(("enter_teller_count", "tick_hands", "note_dissent"), COMMITTEE | {"zhao", "sun"}),
    **dict.fromkeys(("link_show_to_poll", "draft_poll_from_show"), COMMITTEE),
}  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, places):
    """zhao hosts and sun takes notes, neither with an office."""
    meeting = meeting_on(people, places, host=people["zhao"])
    meeting.recorders.set([people["sun"]])
    show = ShowOfHands(neighbourhood=places.here, meeting=meeting)
    assert may(people[person], f"consultation.{act}", show) is (person in WHO_MAY[act])


def put(meeting, people, **more):
    values = {"question": "停车位画在北边？", "counting": "tellers"} | more
    return hands.open_show_of_hands(meeting, by=people["chen"], **values)


def told(show, people, *counts):
    for n, counted in enumerate(counts):
        yes, no, abstain = counted
        hands.enter_teller_count(
            show, teller=f"计票人{n % 2}", yes=yes, no=no, abstain=abstain, by=people["lin"]
        )


def call(show, people):
    return hands.close_show_of_hands(show, by=people["chen"])


def three(meeting, at=None):
    return [
        came(meeting, name, at=at, entries=[entry_of(meeting.roll, name)])
        for name in ("王桂芳", "赵大勇", "孙丽")
    ]


def test_three_raise_their_hands(people, places, households):
    meeting = owners_meeting(people, places)
    three(meeting)
    show = put(meeting, people)
    with pytest.raises(Refused, match="还有一次举手表决没有结束"):
        put(meeting, people)
    with pytest.raises(Refused, match="还没有对上"):
        call(show, people)
    told(show, people, (2, 1, 0), (2, 1, 0))
    with pytest.raises(Refused, match="两位计票人数得一样"):
        told(show, people, (2, 1, 0))
    show = call(show, people)
    assert (show.state, show.is_adopted, show.yes, show.voters) == ("counted", True, 2, 3)
    assert [n["heads"] for n in (show.at_opening, show.at_closing, show.at_least)] == [3, 3, 3]
    hands.note_dissent(show, dissent="孙丽：北边挡光", by=people["lin"])
    with pytest.raises(Refused, match="已计数"):
        call(show, people)


def test_tellers_who_differ_count_again_and_neither_sees_the_other(people, places, households):
    meeting = owners_meeting(people, places)
    three(meeting)
    show = put(meeting, people)
    told(show, people, (2, 1, 0))
    with pytest.raises(Refused, match="要另一位计票人"):
        hands.enter_teller_count(show, teller="计票人0", yes=1, no=1, abstain=1, by=people["lin"])
    hands.enter_teller_count(show, teller="计票人1", yes=1, no=2, abstain=0, by=people["lin"])
    assert attempt(show.counts.all()) == 2
    with pytest.raises(Refused, match="还没有对上"):
        call(show, people)
    told(show, people, (1, 2, 0), (1, 2, 0))
    show = call(show, people)
    assert (show.is_adopted, show.no, TellerCount.objects.count()) == (False, 2, 4)


def test_no_more_hands_than_people(people, places, households):
    meeting = owners_meeting(people, places)
    three(meeting)
    show = put(meeting, people)
    with pytest.raises(Refused, match="比到会的 3 位还多"):
        told(show, people, (3, 1, 0))
    with pytest.raises(IntegrityError, match="no_more_hands"), transaction.atomic():
        ShowOfHands.objects.filter(pk=show.pk).update(voters=2, yes=2, no=1)


def test_half_is_not_more_than_half_of_those_present(people, places, households):
    meeting = meeting_on(people, places)
    for n in range(4):
        came(meeting, f"居民{n}")
    came(meeting, "旁听的", role="observer")
    show = put(meeting, people)
    told(show, people, (2, 0, 0), (2, 0, 0))  # two did not raise a hand at all
    assert call(show, people).is_adopted is False
    show = put(meeting, people, passes=Share(Share(0).part + 1, exceeded=False))
    told(show, people, (4, 0, 0), (4, 0, 0))
    assert call(show, people).is_adopted is True


def test_none_is_begun_without_the_quorum(people, places, households):
    meeting = owners_meeting(people, places)
    came(meeting, "王桂芳", entries=[entry_of(meeting.roll, "王桂芳")])
    with pytest.raises(Refused, match="到会人数不够"):
        put(meeting, people)
    assert ShowOfHands.objects.count() == 0


def left(presence, at):
    presence.left_at = at
    presence.save()


@pytest.mark.parametrize(
    ("must_hold", "gone_at", "back", "state", "why"),
    [
        ("throughout", None, False, "counted", ""),
        ("throughout", 5, True, "invalid", "一度不够"),
        ("throughout", 5, False, "invalid", "结束时到会人数不够"),
        ("at_both_ends", 5, True, "counted", ""),
        ("at_both_ends", 5, False, "invalid", "结束时到会人数不够"),
    ],
)
def test_one_during_which_the_quorum_was_lost_is_invalid(
    must_hold, gone_at, back, state, why, people, places, households, time_machine
):
    meeting = owners_meeting(people, places)
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    two = three(meeting)[:2]
    show = put(meeting, people, must_hold=must_hold)
    told(show, people, (2, 0, 0), (2, 0, 0))
    if gone_at:
        for presence in two:
            left(presence, start + gone_at * MINUTE)
    if back:
        came(meeting, "王桂芳", at=start + 6 * MINUTE)
    time_machine.move_to(start + 10 * MINUTE, tick=False)
    show = call(show, people)
    assert (show.state, why in show.why, bool(show.why)) == (state, True, bool(why))
    assert show.at_least["heads"] == (1 if gone_at else 3)
    assert show.is_adopted is (True if state == "counted" else None)


def test_a_meeting_closed_over_raised_hands_leaves_an_invalid_show(people, places, households):
    meeting = owners_meeting(people, places)
    three(meeting)
    show = put(meeting, people)
    told(show, people, (3, 0, 0), (3, 0, 0))
    closed(meeting)
    assert call(show, people).why == "还没结束举手，会就散了。"


def test_ticked_off_the_list_by_heads_and_area(people, places, households):
    """孙丽 is not there and 王桂芳 holds her mandate: two hands of hers, each by its area."""
    meeting = owners_meeting(people, places, quorum="heads_and_area")
    roll = meeting.roll
    mandate = (entry_of(roll, "孙丽"), attachment(places.here))
    came(meeting, "王桂芳", entries=[entry_of(roll, "王桂芳")], proxies=[mandate])
    came(meeting, "赵大勇", entries=[entry_of(roll, "赵大勇")])
    with pytest.raises(Refused, match="要照到会名单逐个登记"):
        put(meeting, people)
    show = put(meeting, people, counting="ticks")
    choices = {entry_of(roll, name).pk: "yes" for name in ("王桂芳", "孙丽")}
    hands.tick_hands(show, choices=choices, by=people["lin"])
    hands.tick_hands(show, choices={entry_of(roll, "赵大勇").pk: "no"}, by=people["lin"])
    hands.tick_hands(show, choices={entry_of(roll, "孙丽").pk: "abstain"}, by=people["lin"])
    outside = entry_of(owners_meeting(people, places).roll, "王桂芳")
    with pytest.raises(Refused, match="有人刚刚离开"):
        hands.tick_hands(show, choices={outside.pk: "yes"}, by=people["lin"])
    show = call(show, people)
    area = dict(roll.units.values_list("entry__name", "area_cent"))
    assert (show.yes, show.no, show.abstain, show.is_adopted) == (1, 1, 1, False)
    assert show.weighed["area_cent"] == {
        "yes": area["王桂芳"], "no": area["赵大勇"], "abstain": area["孙丽"],
    }  # fmt: skip


def test_what_was_counted_stays(people, places, households):
    meeting = meeting_on(people, places)
    came(meeting, "张三")
    show = put(meeting, people)
    told(show, people, (1, 0, 0), (1, 0, 0))
    show = call(show, people)
    for change in (
        lambda: ShowOfHands.objects.filter(pk=show.pk).update(yes=0),
        lambda: ShowOfHands.objects.filter(pk=show.pk).update(state="open"),
        lambda: show.counts.all().delete(),
        lambda: TellerCount.objects.create(
            neighbourhood=places.here, show=show, attempt=2, teller="后来的", yes=0, no=1, abstain=0,
            entered_by=people["lin"],
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_it_is_withdrawn_with_a_reason(people, places):
    meeting = meeting_on(people, places)
    show = put(meeting, people)
    with pytest.raises(Refused, match="请写明原因"):
        hands.withdraw_show_of_hands(show, why=" ", by=people["chen"])
    assert (
        hands.withdraw_show_of_hands(show, why="题目没说清", by=people["chen"]).state
        == "withdrawn"
    )
    assert put(meeting, people).number == 2


MOVES = {
    "close_show_of_hands": {"open"},
    "withdraw_show_of_hands": {"open"},
    "enter_teller_count": {"open"},
    "tick_hands": set(),  # this one is counted by tellers
    "note_dissent": {"open", "counted", "invalid", "withdrawn"},
    "link_show_to_poll": {"open", "counted", "invalid", "withdrawn"},
}


@pytest.mark.parametrize("state", ShowOfHands.State.values)
@pytest.mark.parametrize("act", MOVES)
def test_moves(act, state, people, places, households):
    meeting = meeting_on(people, places)
    came(meeting, "张三")
    came(meeting, "李四")
    show = put(meeting, people)
    if act == "close_show_of_hands":
        told(show, people, (1, 0, 0), (1, 0, 0))
    if state == "counted":
        ShowOfHands.objects.filter(pk=show.pk).update(
            state=state, is_adopted=False, closed_at=timezone.now()
        )
    elif state != "open":
        ShowOfHands.objects.filter(pk=show.pk).update(
            state=state, why="因为", closed_at=timezone.now()
        )
    poll = owners_meeting(people, places).roll
    given = {
        "withdraw_show_of_hands": {"why": "因为"},
        "enter_teller_count": {"teller": "甲", "yes": 1, "no": 0, "abstain": 0},
        "tick_hands": {"choices": {}},
        "note_dissent": {"dissent": "不同意"},
        "link_show_to_poll": {"poll": poll},
    }.get(act, {})
    try:
        getattr(hands, act)(show, by=people["chen"], **given)
    except Refused:
        assert state not in MOVES[act]
    else:
        assert state in MOVES[act]


def test_what_is_too_large_for_hands_becomes_a_poll(people, places, households):
    meeting = meeting_on(people, places)
    show = put(meeting, people)
    opens = timezone.now() + dt.timedelta(days=20)
    poll = hands.draft_poll_from_show(
        show, kind=kind(), code="from-hands", opens_at=opens, closes_at=opens + dt.timedelta(days=9),
        by=people["chen"],
    )  # fmt: skip
    show.refresh_from_db()
    assert (show.poll, poll.state, poll.title, poll.questions.get().text) == (
        poll, Poll.State.DRAFT, "停车位画在北边？", "停车位画在北边？",
    )  # fmt: skip


def test_whoever_comes_while_it_is_called_is_before_or_after(
    transactional_db, people, places, households, monkeypatch
):
    """The numbers are written under the meeting's lock: a sign-in waits for them."""
    from consultation.actions import attendance

    meeting = meeting_on(people, places)
    came(meeting, "张三")
    show = put(meeting, people)
    told(show, people, (1, 0, 0), (1, 0, 0))
    counting, signed = threading.Event(), threading.Event()
    plain = hands._note_the_numbers

    def slowly(*args):
        plain(*args)
        counting.set()
        assert not signed.wait(timeout=1)  # still waiting at the meeting's row

    monkeypatch.setattr(hands, "_note_the_numbers", slowly)

    def sign_in():
        counting.wait(timeout=10)
        attendance.check_in(meeting, scanned_at=timezone.now(), by=people["wang"])
        signed.set()

    together(lambda: call(show, people), sign_in)
    show.refresh_from_db()
    assert (show.at_closing["heads"], show.voters, signed.is_set()) == (1, 1, True)
