"""The register of resolutions (决议): entered, followed up, claimed done, found so or not by those concerned."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.apart import apart
from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.models import (
    FollowUp,
    Meeting,
    MeetingDecision,
    Poll,
    Resolution,
    ResolutionEvidence,
    ResolutionNote,
    ResolutionScore,
    Topic,
)
from consultation.paces import RUNGS, rung_reached

from .counting import settle_follow_up
from .resolution_checks import (
    refuse_due,
    refuse_due_later,
    refuse_misfits,
    refuse_review,
    refuse_unsaid,
)

State, Kind = Resolution.State, ResolutionNote.Kind


@transaction.atomic
def enter_resolution(
    neighbourhood: Neighbourhood,
    *,
    text: str,
    due_on: date,
    responsible_name: str = "",
    responsible_user: User | None = None,
    responsible_body: Organisation | None = None,
    dissent: str = "",
    meeting: Meeting | None = None,
    topic: Topic | None = None,
    poll: Poll | None = None,
    is_public: bool = True,
    by: User,
) -> Resolution:
    """Enter what was decided (登记决议): what, who, until when."""
    resolution = Resolution(
        neighbourhood=neighbourhood, text=text.strip(), due_on=due_on, dissent=dissent.strip(),
        responsible_name=responsible_name.strip(), responsible_user=responsible_user,
        responsible_body=responsible_body, meeting=meeting, topic=topic, poll=poll,
        is_public=is_public, recorded_by=by,
    )  # fmt: skip
    require(by, "consultation.enter_resolution", resolution)
    _enter(resolution)
    record("consultation.enter_resolution", resolution, by=by, due_on=due_on.isoformat())
    return resolution


@transaction.atomic
def take_decision(decision: MeetingDecision, *, by: User, **values: Any) -> Resolution:
    """Take what a meeting decided into the register (列入决议), once."""
    decision = MeetingDecision.objects.select_related("meeting", "item").get(pk=decision.pk)
    require(by, "consultation.take_decision", decision)
    if decision.struck_why:
        raise Refused(_("这条决定已经划掉了"))
    topic = decision.item.topic if decision.item else None
    resolution = Resolution(
        neighbourhood_id=decision.neighbourhood_id, decision=decision, meeting=decision.meeting,
        topic=topic, poll=decision.poll, recorded_by=by, **values,
    )  # fmt: skip
    _enter(resolution)
    record("consultation.take_decision", resolution, by=by, decision=str(decision.pk))
    return resolution


@transaction.atomic
def take_follow_up(task: FollowUp, *, by: User, **values: Any) -> Resolution:
    """Take what a poll's result obliges to into the register (列入决议), once; the task is settled by it."""
    task = FollowUp.objects.select_related("poll").get(pk=task.pk)
    require(by, "consultation.take_follow_up", task)
    resolution = Resolution(
        neighbourhood_id=task.neighbourhood_id, follow_up=task, poll=task.poll,
        topic=task.poll.topics.first(), recorded_by=by, **values,
    )  # fmt: skip
    _enter(resolution)
    if task.done_at is None:
        note = _("列入决议 %(number)s") % {"number": resolution.number}
        settle_follow_up(task, note=note, by=by)
    record("consultation.take_follow_up", resolution, by=by, task=str(task.pk))
    return resolution


def _enter(resolution: Resolution) -> None:
    """The number, and the row, if all of it fits."""
    # Whoever takes the same decision at the same moment waits here for the first.
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=resolution.neighbourhood_id)
    refuse_misfits(resolution)
    year = timezone.localdate().year
    here = Resolution.objects.filter(
        neighbourhood_id=resolution.neighbourhood_id, number__startswith=f"{year}-"
    )
    last = here.order_by("-number").values_list("number", flat=True).first()
    resolution.number = f"{year}-{int(last.split('-')[1]) + 1 if last else 1:04d}"
    resolution.first_due_on = resolution.due_on
    resolution.save(force_insert=True)


def locked_resolution(resolution: Resolution) -> Resolution:
    return (
        Resolution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood")
        .get(pk=resolution.pk)
    )


def _note(
    resolution: Resolution, kind: ResolutionNote.Kind, text: str, by: User, **due: date
) -> ResolutionNote:
    refuse_unsaid(text)
    return ResolutionNote.objects.create(
        neighbourhood_id=resolution.neighbourhood_id, resolution=resolution, kind=kind,
        text=text.strip(), by=by, **due,
    )  # fmt: skip


@transaction.atomic
def note_progress(resolution: Resolution, *, text: str, by: User) -> ResolutionNote:
    """Say how far it is (进展)."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.note_progress", resolution)
    if not resolution.is_running:
        raise Refused(_("这件决议现在不在办，不用写进展"))
    note = _note(resolution, Kind.PROGRESS, text, by)
    record("consultation.note_progress", resolution, by=by, note=str(note.pk))
    return note


@transaction.atomic
def add_evidence(
    resolution: Resolution,
    *,
    files: Sequence[Attachment],
    when: ResolutionEvidence.When,
    caption: str,
    is_public: bool = False,
    by: User,
) -> list[ResolutionEvidence]:
    """Put photos or papers to it (凭证), of before or after."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.add_evidence", resolution)
    if any(file.neighbourhood_id != resolution.neighbourhood_id for file in files):
        raise Refused(_("这份凭证不属于本居民区"))
    added = [
        ResolutionEvidence.objects.create(
            neighbourhood_id=resolution.neighbourhood_id, resolution=resolution, file=file,
            when=when, caption=caption.strip(), is_public=is_public, added_by=by,
        )
        for file in files
    ]  # fmt: skip
    record("consultation.add_evidence", resolution, by=by, files=[f.sha256 for f in files])
    return added


@transaction.atomic
def postpone_resolution(
    resolution: Resolution, *, due_on: date, reason: str, by: User
) -> Resolution:
    """Put the day off (改期), with the reason; every day it ever had stays to be read."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.postpone_resolution", resolution)
    if not resolution.is_running:
        raise Refused(_("这件决议现在不在办，不用改期"))
    refuse_due_later(resolution, due_on)
    _note(resolution, Kind.POSTPONED, reason, by, due_before=resolution.due_on, due_after=due_on)
    resolution.due_on, resolution.rung = due_on, 0
    resolution.save(update_fields=["due_on", "rung"])
    record("consultation.postpone_resolution", resolution, by=by, due_on=due_on.isoformat())
    return resolution


@transaction.atomic
def claim_done(resolution: Resolution, *, text: str, by: User) -> Resolution:
    """Say that it is done (报已办好), with proof; whether it is, those concerned will say."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.claim_done", resolution)
    resolution.move_to(State.CLAIMED)
    if not resolution.evidence.filter(when="after").exists():
        raise Refused(_("请先附上办好后的照片或材料"))
    _note(resolution, Kind.CLAIMED, text, by)
    resolution.claimed_at = timezone.now()
    resolution.save(update_fields=["state", "claimed_at"])
    record("consultation.claim_done", resolution, by=by)
    return resolution


@transaction.atomic
def score_resolution(
    resolution: Resolution, *, meeting: Meeting, is_satisfied: bool, remark: str = "", by: User
) -> ResolutionScore:
    """Somebody at the review says how they find it (打分); the last word before the evaluation counts."""
    resolution = locked_resolution(resolution)
    score = ResolutionScore(resolution=resolution, meeting=meeting, user=by)
    require(by, "consultation.score_resolution", score)
    refuse_review(resolution, meeting)
    score, _new = ResolutionScore.objects.update_or_create(
        resolution=resolution, meeting=meeting, user=by,
        defaults={
            "is_satisfied": is_satisfied, "remark": remark.strip(),
            "neighbourhood_id": resolution.neighbourhood_id,
        },
    )  # fmt: skip
    record("consultation.score_resolution", resolution, by=by)  # not how
    return score


@transaction.atomic
def evaluate_resolution(
    resolution: Resolution,
    *,
    meeting: Meeting,
    hall_satisfied: int = 0,
    hall_dissatisfied: int = 0,
    text: str,
    due_on: date | None = None,
    by: User,
) -> Resolution:
    """The review meeting finds (评议): more satisfied than not, it is accepted; else it is done again."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.evaluate_resolution", resolution)
    refuse_review(resolution, meeting)
    scores = list(resolution.scores.filter(meeting=meeting).values_list("is_satisfied", flat=True))
    resolution.review = meeting
    resolution.satisfied = hall_satisfied + scores.count(True)
    resolution.dissatisfied = hall_dissatisfied + scores.count(False)
    if resolution.satisfied + resolution.dissatisfied == 0:
        raise Refused(_("至少要有一个人评议"))
    accepted = resolution.satisfied > resolution.dissatisfied
    resolution.move_to(State.EVALUATED if accepted else State.REOPENED)
    _note(resolution, Kind.EVALUATED if accepted else Kind.REOPENED, text, by)
    if not accepted:
        _run_again(resolution, due_on)
    resolution.save(
        update_fields=["state", "review", "satisfied", "dissatisfied", "due_on", "rung"]
    )
    record(
        "consultation.evaluate_resolution", resolution, by=by, meeting=str(meeting.pk),
        accepted=accepted,
    )  # fmt: skip
    return resolution


def _run_again(resolution: Resolution, due_on: date | None) -> None:
    if due_on is None:
        raise Refused(_("要重新办，请写明新的办好日期"))
    refuse_due(due_on)
    resolution.due_on, resolution.rung = due_on, 0


@transaction.atomic
def reopen_resolution(
    resolution: Resolution, *, reason: str, due_on: date, by: User
) -> Resolution:
    """It was found done, or dropped, and is taken up again (重新办)."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.reopen_resolution", resolution)
    if resolution.state == State.CLAIMED:
        raise Refused(_("报已办好的，请在评议会上评议"))
    resolution.move_to(State.REOPENED)
    _note(resolution, Kind.REOPENED, reason, by)
    _run_again(resolution, due_on)
    resolution.drop_reason = ""
    resolution.save(update_fields=["state", "due_on", "rung", "drop_reason"])
    record("consultation.reopen_resolution", resolution, by=by, due_on=due_on.isoformat())
    return resolution


@transaction.atomic
def drop_resolution(resolution: Resolution, *, reason: str, by: User) -> Resolution:
    """It is not to be done any more (不再办), with the reason."""
    resolution = locked_resolution(resolution)
    require(by, "consultation.drop_resolution", resolution)
    resolution.move_to(State.DROPPED)
    _note(resolution, Kind.DROPPED, reason, by)
    resolution.drop_reason = reason.strip()[:300]
    resolution.save(update_fields=["state", "drop_reason"])
    record("consultation.drop_resolution", resolution, by=by)
    return resolution


@transaction.atomic
def export_resolutions(place: Neighbourhood, *, by: User) -> None:
    """Take the register away as a table (导出决议)."""
    require(by, "consultation.export_resolutions", place)
    record("consultation.export_resolutions", place, by=by)


def watch_resolutions(today: date | None = None) -> int:
    """Tell of what is late (超期催办), each rung of the ladder once. By the clock."""
    today = today or timezone.localdate()
    late = Resolution.objects.overdue(today).filter(rung__lt=len(RUNGS)).order_by("pk")
    return sum(bool(apart(warn_resolution, one, today)) for one in late)


@transaction.atomic
def warn_resolution(resolution: Resolution, today: date) -> bool:
    """One rung further, if the day has come."""
    resolution = locked_resolution(resolution)
    reached = rung_reached(resolution.due_on, today)
    if not resolution.is_running or reached <= resolution.rung:
        return False
    rungs = list(range(resolution.rung + 1, reached + 1))
    resolution.rung = reached
    resolution.save(update_fields=["rung"])
    due_on = resolution.due_on.isoformat()
    record("consultation.warn_resolution", resolution, rungs=rungs, due_on=due_on)
    return True
