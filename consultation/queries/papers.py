"""How far the paper ballots of a poll are, and what waits for whom (纸质票进度)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from caoyang_portal.community.models import User
from consultation.models import CastMark, Channel, Keying, PaperBallot, Poll, RollEntry
from consultation.queries.rolls import answered

State = PaperBallot.State


@dataclass(frozen=True)
class Stages:
    """How many ballots stand where."""

    printed: int
    scanned: int
    keyed_once: int
    differs: int
    counted: int
    set_aside: int
    stray: int
    envelopes: int  # received from voters, where ballots name nobody


def stages(poll: Poll) -> Stages:
    by_state = dict(poll.papers.order_by().values_list("state").annotate(n=Count("pk")))
    once = poll.papers.filter(Exists(_keyings()), state=State.SCANNED).count()
    return Stages(
        printed=sum(by_state.values()),
        scanned=by_state.get(State.SCANNED, 0),
        keyed_once=once,
        differs=by_state.get(State.DIFFERS, 0),
        counted=by_state.get(State.COUNTED, 0),
        set_aside=by_state.get(State.SET_ASIDE, 0),
        stray=poll.stray_scans.filter(paper=None, dropped_reason="").count(),
        envelopes=answered(poll).filter(channel=Channel.PAPER).count() if poll.is_secret else 0,
    )


def _keyings() -> QuerySet[Keying]:
    return Keying.objects.filter(paper=OuterRef("pk"))


def to_key(poll: Poll, user: User) -> QuerySet[PaperBallot]:
    """What ``user`` may key next: scanned, not keyed by them, not their own; the half done first."""
    return (
        poll.papers.filter(~Exists(_keyings().filter(staff=user)), state=State.SCANNED)
        .exclude(entry__in=RollEntry.objects.of(user).filter(poll=poll))
        .annotate(half=Exists(_keyings()))
        .order_by("-half", "serial")
    )


def to_settle(poll: Poll, user: User) -> QuerySet[PaperBallot]:
    """What two keyed differently and ``user``, a third, may settle."""
    return (
        poll.papers.filter(~Exists(_keyings().filter(staff=user)), state=State.DIFFERS)
        .exclude(entry__in=RollEntry.objects.of(user).filter(poll=poll))
        .order_by("serial")
    )


def voted_already(paper: PaperBallot) -> CastMark | None:
    """The vote that came first by another channel; a ballot without a name tells nothing."""
    if paper.entry_id is None:
        return None
    return CastMark.objects.filter(entry=paper.entry_id, voided=False).first()


def differing(paper: PaperBallot) -> list[str]:
    """The questions that two read differently, not how."""
    first, second = (keying.choices for keying in paper.keyings.all()[:2])
    return sorted((n for n in first if first[n] != second.get(n)), key=int)
