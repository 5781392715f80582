"""Ballots on paper (纸质表决票): printed, scanned in bulk, keyed twice unseen, settled by a third."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.entries import record
from consultation.choices import fixed
from consultation.commitments import crockford
from consultation.models import (
    CastMark,
    Channel,
    Keying,
    PaperBallot,
    Poll,
    RollEntry,
    Secrecy,
    StrayScan,
)
from consultation.scans import ScannedPage

from .ballots import Given
from .box import Vote, put_in, put_secret, random_nonces
from .copying import copy_in
from .locking import in_words, locked_poll, refuse_unless

State = PaperBallot.State
SPARE = 20  # one in twenty more than voters, where ballots name nobody
VOTING = (Poll.State.OPEN, Poll.State.COUNTING)


@transaction.atomic
def print_papers(poll: Poll, *, by: User) -> int:
    """Register a serial for every ballot to be printed (印制); again only for voters without one.

    With names each serial belongs to a voter; without, ballots are alike and a voter takes any.
    """
    poll = locked_poll(poll)
    require(by, "consultation.print_papers", poll)
    refuse_unless(poll, Poll.State.FROZEN, Poll.State.OPEN)
    if poll.is_secret and poll.papers.exists():
        raise Refused(_("这次表决的票已经印过"))
    voters: Sequence[UUID | None] = (
        [None] * (poll.heads + 1 + poll.heads // SPARE)
        if poll.is_secret
        else list(poll.roll.filter(papers=None).values_list("pk", flat=True))
    )
    of_all = (poll.neighbourhood_id, poll.pk, str(State.PRINTED), "", "")
    copy_in(PaperBallot, PAPER, ((new_id(), _serial(), voter, *of_all) for voter in voters))
    record("consultation.print_papers", poll, by=by, ballots=len(voters))
    return len(voters)


PAPER = (
    "id", "serial", "entry_id", "neighbourhood_id", "poll_id", "state", "scan_sha256", "reason",
)  # fmt: skip


def _serial() -> str:
    return crockford(secrets.token_bytes(10))[:14]


def take_in_scans(
    poll: Poll, *, pages: Sequence[ScannedPage], by: User
) -> tuple[list[PaperBallot], list[StrayScan]]:
    """Put scanned pages to their ballots (扫描入库); what cannot be told is listed, never dropped."""
    taken, stray = [], []
    with transaction.atomic():
        poll = locked_poll(poll)
        require(by, "consultation.take_in_scans", poll)
        refuse_unless(poll, *VOTING)
        for page in pages:
            paper = poll.papers.filter(serial=page.serial).first() if page.serial else None
            problem = _problem(page, paper)
            if paper is None or problem:
                stray.append(
                    StrayScan.objects.create(
                        neighbourhood_id=poll.neighbourhood_id, poll=poll, scan=page.scan,
                        problem=problem,
                    )
                )  # fmt: skip
            else:
                taken.append(_scanned(paper, page))
        record("consultation.take_in_scans", poll, by=by, taken=len(taken), stray=len(stray))
    return taken, stray


def _problem(page: ScannedPage, paper: PaperBallot | None) -> str:
    if not page.serial:
        return _("二维码读不出来")
    if paper is None:
        return _("票号不在这次表决里")
    if paper.state != State.PRINTED:
        return _("这张票已经扫描过")
    return ""


def _scanned(paper: PaperBallot, page: ScannedPage) -> PaperBallot:
    paper.move_to(State.SCANNED)
    paper.scan, paper.scan_sha256 = page.scan, page.scan.sha256
    paper.save(update_fields=["state", "scan", "scan_sha256"])
    return paper


def name_stray_scan(stray: StrayScan, *, serial: str, by: User) -> PaperBallot:
    """Say which ballot an unread page is (认领), by the serial printed under its QR."""
    with in_words(), transaction.atomic():
        stray = StrayScan.objects.select_for_update().get(pk=stray.pk)
        require(by, "consultation.name_stray_scan", stray)
        poll = Poll.objects.get(pk=stray.poll_id)
        refuse_unless(poll, *VOTING)
        paper = poll.papers.select_for_update().filter(serial=serial.strip().upper()).first()
        if stray.paper_id or stray.dropped_reason:
            raise Refused(_("这一页已经处理过"))
        if paper is None or paper.state != State.PRINTED:
            raise Refused(_("没有这个票号，或这张票已经扫描过"))
        _scanned(paper, ScannedPage(stray.scan, paper.serial))
        stray.paper = paper
        stray.save(update_fields=["paper"])
        record("consultation.name_stray_scan", paper, by=by, serial=paper.serial)
    return paper


@transaction.atomic
def drop_stray_scan(stray: StrayScan, *, reason: str, by: User) -> None:
    """A page that is no ballot, or one that is in already (剔除); the scan is kept."""
    stray = StrayScan.objects.select_for_update().get(pk=stray.pk)
    require(by, "consultation.drop_stray_scan", stray)
    if stray.paper_id or stray.dropped_reason or not reason.strip():
        raise Refused(_("请写明原因；处理过的页不能再改"))
    stray.dropped_reason = reason.strip()
    stray.save(update_fields=["dropped_reason"])
    record("consultation.drop_stray_scan", stray, by=by)


def receive_envelope(entry: RollEntry, *, by: User) -> CastMark:
    """A voter's paper envelope has come (签收信封), in a poll whose ballots name nobody.

    The mark says that the voter has voted; the ballot inside is counted with the others, unseen.
    """
    with in_words(), transaction.atomic():
        entry = (
            RollEntry.objects.select_for_update(of=("self",), no_key=True)
            .select_related("poll__kind")
            .get(pk=entry.pk)
        )
        vote = Vote(entry.poll, entry, Channel.PAPER, secrets.token_hex(16), operator=by)
        mark = vote.mark()
        require(by, "consultation.receive_envelope", mark)
        refuse_unless(entry.poll, *VOTING)
        if not entry.poll.is_secret:
            raise Refused(_("记名表决直接扫描纸质票，不用签收信封"))
        mark.cast_on = timezone.localdate()
        mark.save(force_insert=True)
    return mark


def key_paper(paper: PaperBallot, *, choices: Given, by: User) -> PaperBallot:
    """Key what stands on a scan (录入); the second keyer does not see what the first read.

    When both agree the ballot is counted in the same transaction.
    """
    with in_words(), transaction.atomic():
        paper = _locked(paper)
        require(by, "consultation.key_paper", paper)
        refuse_unless(paper.poll, *VOTING)
        if paper.state != State.SCANNED:
            raise Refused(_("这张票%(state)s，不用再录") % {"state": paper.get_state_display()})
        answers = _read(paper.poll, choices)
        first = paper.keyings.first()
        _keyed(paper, 2 if first else 1, answers, by)
        if first and first.choices == answers:
            _count(paper, answers, by)
        elif first:
            paper.move_to(State.DIFFERS)
        paper.save(update_fields=["state", "reason"])
        record("consultation.key_paper", paper, by=by, state=paper.state)
    return paper


def settle_paper(paper: PaperBallot, *, choices: Given, by: User) -> PaperBallot:
    """A third person decides on the scan what the two keyed differently (裁定), and it is counted."""
    with in_words(), transaction.atomic():
        paper = _locked(paper)
        require(by, "consultation.settle_paper", paper)
        refuse_unless(paper.poll, *VOTING)
        if paper.state != State.DIFFERS:
            raise Refused(_("这张票%(state)s，不用裁定") % {"state": paper.get_state_display()})
        answers = _read(paper.poll, choices)
        _keyed(paper, 3, answers, by)
        _count(paper, answers, by)
        paper.save(update_fields=["state", "reason"])
        record("consultation.settle_paper", paper, by=by, state=paper.state)
    return paper


@transaction.atomic
def set_paper_aside(paper: PaperBallot, *, reason: str, by: User) -> PaperBallot:
    """A ballot that must not be counted (不计入), with its reason."""
    paper = _locked(paper)
    require(by, "consultation.set_paper_aside", paper)
    if not reason.strip():
        raise Refused(_("请写明原因"))
    paper.move_to(State.SET_ASIDE)
    paper.reason = reason.strip()
    paper.save(update_fields=["state", "reason"])
    record("consultation.set_paper_aside", paper, by=by, serial=paper.serial)
    return paper


def _locked(paper: PaperBallot) -> PaperBallot:
    return (
        PaperBallot.objects.select_for_update(of=("self",))
        .select_related("poll__kind", "entry")
        .get(pk=paper.pk)
    )


def _read(poll: Poll, choices: Given) -> dict[str, str]:
    options = dict(poll.questions.annotate(n=Count("options")).values_list("number", "n"))
    return fixed(poll, options, choices, on_paper=True)


def _keyed(paper: PaperBallot, turn: int, answers: dict[str, str], by: User) -> Keying:
    return Keying.objects.create(
        neighbourhood_id=paper.neighbourhood_id,
        paper=paper,
        turn=turn,
        staff=by,
        choices=answers,
    )


def _count(paper: PaperBallot, answers: dict[str, str], by: User) -> None:
    """Mark and ballot in this transaction; a vote that came by another channel first stands."""
    poll = paper.poll
    if poll.secrecy != Secrecy.OPEN:
        _refuse_more_than_envelopes(poll)
        put_secret(poll, answers, random_nonces(answers), None)
        paper.move_to(State.COUNTED)
        return
    entry = poll.roll.select_for_update(no_key=True).get(papers=paper)
    live = CastMark.objects.filter(entry=entry, voided=False).first()
    if live:
        paper.move_to(State.SET_ASIDE)
        paper.reason = _("已通过%(channel)s投过，先投的有效") % {
            "channel": live.get_channel_display()
        }
        return
    vote = Vote(poll, entry, Channel.PAPER, secrets.token_hex(16), operator=by)
    put_in(vote, answers, timezone.localdate())
    paper.move_to(State.COUNTED)


def _refuse_more_than_envelopes(poll: Poll) -> None:
    envelopes = CastMark.objects.filter(poll=poll, channel=Channel.PAPER, voided=False).count()
    if poll.papers.filter(state=State.COUNTED).count() >= envelopes:
        raise Refused(_("签收的信封比票少，请先核对信封签收"))
