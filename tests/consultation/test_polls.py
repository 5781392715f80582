"""A poll from its draft to its published result."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from consultation.actions import ballots, counting, polls, rolls
from consultation.models import CastMark, FollowUp, OpenBallot, Poll, PollResult
from consultation.queries import polls as checks
from consultation.queries.rolls import turnout, unanswered
from tests.conftest import EVERYONE
from tests.consultation.builders import (
    YES,
    again,
    cast,
    closed,
    counted,
    draft,
    entry_of,
    frozen,
    kind,
    opened,
)  # fmt: skip

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(("draft_poll", "edit_poll", "set_questions", "set_scrutineers", "announce_poll", "open_poll", "build_roll", "correct_roll_unit", "merge_roll_entries", "add_roll_unit", "remove_roll_unit", "freeze_roll", "record_delivery", "remind", "record_proxy", "print_papers", "take_in_scans", "name_stray_scan", "drop_stray_scan", "receive_envelope", "open_envelopes", "finish_count", "publish_result", "settle_follow_up", "see_voters"), COMMITTEE) | {"void_poll": {"adi"}, "see_turnout": COMMITTEE | {"adi", "gu"}}  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    poll = Poll(neighbourhood=places.here, kind=kind())
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", poll)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


CHAIN = ["draft", "announced", "frozen", "open", "counting", "counted", "published"]


@pytest.mark.parametrize("start", Poll.State)
@pytest.mark.parametrize("end", Poll.State)
def test_moves(start, end):
    allowed = set(itertools.pairwise(CHAIN)) | {(state, "void") for state in CHAIN[:-1]}
    poll = Poll(state=start)
    if (start, end) in allowed:
        poll.move_to(end)
        assert poll.state == end
    else:
        with pytest.raises(Refused):
            poll.move_to(end)


def test_a_named_poll_from_draft_to_follow_up(people, places, households):
    chen = people["chen"]
    poll = draft(people, places, of=kind("lift-compound"))
    assert checks.blockers(poll, timezone.now()) == []
    polls.announce_poll(poll, by=chen)
    assert checks.blockers(again(poll), timezone.now()) == ["还没有名册，没有名册谁也不能投票。"]
    rolls.build_roll(poll, by=chen)
    rolls.freeze_roll(poll, by=chen)
    poll = again(poll)
    assert (poll.heads, poll.area_cent, len(poll.roll_hash)) == (3, 6150, 64)
    with pytest.raises(Refused, match="还没到开始时间"):
        polls.open_poll(poll, by=chen)
    Poll.objects.filter(pk=poll.pk).update(
        announced_at=timezone.now() - dt.timedelta(days=40),
        opens_at=timezone.now() - dt.timedelta(hours=1),
    )
    counting.follow_clock()
    assert again(poll).state == "open"
    cast(poll, people["wang"])
    cast(poll, people["zhao"])
    assert list(unanswered(poll).values_list("name", flat=True)) == ["孙丽"]
    assert turnout(poll)[-1].by_channel == {"online": 2}
    with pytest.raises(Refused, match="还没到截止时间"):
        polls.close_poll(poll)
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    counting.follow_clock()
    poll = again(poll)
    assert poll.state == "counted"
    question = poll.result.shown["questions"][0]
    assert (question["passed"], question["quorum"]) == (True, True)
    assert question["choices"]["yes"] == {"heads": 2, "area_cent": 4100}
    with pytest.raises(Refused, match="结果异议期"):
        counting.publish_result(poll, by=chen)
    assert counting.print_result_notices() == 1
    PollResult.objects.update(objections_until=timezone.localdate() - dt.timedelta(days=1))
    counting.publish_result(poll, by=chen)
    with pytest.raises(Refused):
        counting.publish_result(poll, by=chen)
    task = FollowUp.objects.get()
    assert task.text == "方案通过：装不装电梯？"
    counting.settle_follow_up(task, note="已报批", by=chen)
    deliver_pending()
    assert Notice.objects.filter(reader=people["wang"], text__contains="已计票").count() == 1


def test_the_ledger_says_who_voted_and_never_how(people, places, households):
    poll = opened(people, places)
    cast(poll, people["wang"], {"1": "no"})
    entry = Entry.objects.get(act="consultation.cast_ballot")
    assert entry.chain == f"household:{households.wang.pk}"
    assert entry.facts == {"poll": str(poll.pk), "channel": "online"}


def test_notice_is_at_least_fifteen_days(people, places, households):
    poll = draft(people, places)
    polls.edit_poll(
        poll, changes={"opens_at": timezone.now() + dt.timedelta(days=14)}, by=people["chen"]
    )
    with pytest.raises(Refused, match="要提前 15 天公告"):
        polls.announce_poll(poll, by=people["chen"])


def test_questions_stand_once_announced_and_the_roll_once_frozen(people, places, households):
    poll = frozen(people, places)
    with pytest.raises(Refused):
        polls.set_questions(poll, questions=[("别的", ())], by=people["chen"])
    with pytest.raises(Refused):
        rolls.build_roll(poll, by=people["chen"])


def test_a_later_vote_replaces_the_earlier_and_both_are_kept(people, places, households):
    poll = opened(people, places)
    first = cast(poll, people["wang"])
    second = cast(poll, people["wang"], {"1": "no"})
    assert first.codes != second.codes
    assert list(OpenBallot.objects.order_by("version").values_list("superseded", flat=True)) == [
        True,
        False,
    ]
    question = counted(poll).result.shown["questions"][0]
    assert (question["choices"]["no"]["heads"], question["choices"]["yes"]["heads"]) == (1, 0)


def test_where_no_second_vote_is_allowed_the_first_stands(people, places, households):
    poll = opened(people, places, of=kind("lift-compound", revote=False))
    cast(poll, people["wang"])
    with pytest.raises(Refused, match="已经投过了"):
        cast(poll, people["wang"], {"1": "no"})
    assert OpenBallot.objects.get().choices["1"]["choice"] == "yes"


def test_the_same_form_twice_gives_the_same_receipt(people, places, households):
    poll = opened(people, places)
    first = cast(poll, people["wang"], form_key="k")
    again_ = cast(poll, people["wang"], form_key="k", code="000000")
    assert again_ == first
    assert CastMark.objects.count() == 1


def test_a_wrong_code_is_counted_and_nothing_is_cast(people, places, households):
    poll = opened(people, places)
    with pytest.raises(Refused, match="请先获取验证码"):
        cast(poll, people["wang"], code="000000")
    assert CastMark.objects.count() == 0


def test_nobody_votes_after_closing_or_in_another_s_place(people, places, households):
    poll = opened(people, places)
    with pytest.raises(PermissionDenied, match="cast_online"):
        ballots.cast_online(
            entry_of(poll, "赵大勇"), choices=YES, code="1", session_key="s", form_key="x",
            by=people["wang"],
        )  # fmt: skip
    with pytest.raises(PermissionDenied, match="ask_vote_code"):
        ballots.ask_vote_code(entry_of(poll, "王桂芳"), session_key="s", ip="", by=people["root"])
    closed(poll)
    with pytest.raises(Refused, match="表决已经截止"):
        cast(poll, people["wang"], code="000000")


def test_numbers_go_on_past_the_last_of_four_figures(people, places, households):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    poll.roll.filter(pk=poll.roll.first().pk).update(number="9999")
    for n in range(2):
        rolls.add_roll_unit(
            poll, label=f"曹杨一村3号 90{n}", owner="某", area_cent=5000, basis="register",
            is_unsold=False, reason="补登", by=people["chen"],
        )  # fmt: skip
    assert {"10000", "10001"} <= set(poll.roll.values_list("number", flat=True))
