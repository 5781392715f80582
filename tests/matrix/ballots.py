"""Polls of a place in every state that a page of theirs needs (表决)."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from consultation import seeding
from consultation.actions import counting, paper, polls, rolls
from consultation.models import (
    BallotDelivery,
    FollowUp,
    PaperBallot,
    PaperJob,
    Poll,
    PollKind,
    PollObjection,
    Proxy,
    StrayScan,
)

HOUR = dt.timedelta(hours=1)
SEAL = "ab" * 32


def polls_of(place, clerk, seen_by, pdf, picture) -> SimpleNamespace:
    """A sealed draft, an open poll with everything on its desk, and a counted one."""
    if not PollKind.objects.exists():  # a test that commits has none
        seeding.seed(PollKind)
    own = PollKind.objects.get(code="lift-compound", neighbourhood=None)
    own.pk, own._state.adding, own.neighbourhood, own.version = PollKind().pk, True, place, 2
    own.save()
    draft = _draft(own, place, clerk, "draft", secrecy="sealed")
    polls.set_scrutineers(draft, names=["甲", "乙"], public_key=SEAL, by=clerk)
    poll = _opened(_draft(own, place, clerk, "open"), clerk)
    counted = _opened(_draft(own, place, clerk, "counted"), clerk)
    Poll.objects.filter(pk=counted.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    counting.finish_count(polls.close_poll(counted))
    place_of = {"neighbourhood": place, "poll": poll}
    kept = {"neighbourhood_id": place.pk, "by": clerk}
    counting.keep_result_notice(counted.result, keep(pdf, "result.pdf", "application/pdf", **kept))
    entry = poll.roll.first()
    paper.print_papers(poll, by=clerk)
    ballot = PaperBallot.objects.get(entry=entry)
    scan = keep(picture, "scan.png", "image/png", **kept)
    ballot.state, ballot.scan, ballot.scan_sha256 = "scanned", scan, scan.sha256
    ballot.save()
    proof = keep(picture, "proof.png", "image/png", **kept)
    return SimpleNamespace(
        kind_of_polls=own,
        draft_poll=draft,
        poll=poll,
        counted_poll=Poll.objects.get(pk=counted.pk),
        entry=entry,
        roll_unit=poll.units.filter(entry=entry).first(),
        paper=ballot,
        stray=StrayScan.objects.create(
            **place_of, scan=keep(picture, "stray.png", "image/png", **kept), problem="二维码读不出来"
        ),
        paper_job=PaperJob.objects.create(
            **place_of, task="print", state="done", total=1, done=1, asked_by=clerk,
            file=keep(pdf, "ballots.pdf", "application/pdf", **kept),
        ),
        poll_objection=PollObjection.objects.create(
            **place_of, about="roll", text="面积不对", raised_by=seen_by
        ),
        ballot_delivery=BallotDelivery.objects.create(
            **place_of, entry=entry, way="by_hand", delivered_on=timezone.localdate(),
            proof=proof, recorded_by=clerk,
        ),
        proxy=Proxy.objects.create(
            **place_of, entry=entry, agent_name="王小明", agent_phone="+8613800001234",
            instructions='{"1":"yes"}', valid_from=timezone.localdate(),
            valid_to=timezone.localdate() + dt.timedelta(days=30), document=proof,
            recorded_by=clerk,
        ),
        follow_up=FollowUp.objects.create(
            neighbourhood=place, poll=counted, number=1, text="方案通过：装不装电梯？"
        ),
    )  # fmt: skip


def _draft(kind, place, clerk, code, *, secrecy="open") -> Poll:
    now = timezone.now()
    poll = polls.draft_poll(
        place,
        kind=kind,
        code=f"{place.code}-{code}",
        title="三号楼加装电梯",
        secrecy=secrecy,
        opens_at=now + dt.timedelta(days=20),
        closes_at=now + dt.timedelta(days=30),
        by=clerk,
    )
    polls.set_questions(poll, questions=[("装不装电梯？", ())], by=clerk)
    return poll


def _opened(poll, clerk) -> Poll:
    polls.announce_poll(poll, by=clerk)
    rolls.build_roll(poll, by=clerk)
    rolls.freeze_roll(poll, by=clerk)
    now = timezone.now()
    Poll.objects.filter(pk=poll.pk).update(
        announced_at=now - dt.timedelta(days=40), opens_at=now - HOUR, closes_at=now + HOUR
    )
    return polls.open_poll(poll)
