"""A long roll is built by a worker (名册生成): the files are read piece by piece, then written at once.

The roll is replaced in one transaction, so that whoever looks sees the old one or the new one. A
worker that dies leaves nothing behind but its job, which another takes over.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.nudging import nudge
from consultation.models import Poll, RollJob
from consultation.queries.heads import File, Head, files_in, heads_of, households_in

from .locking import locked_poll
from .rolls import refuse_rebuilding, replace_roll

LEASE = timedelta(minutes=1)  # longer than a piece takes; writing holds the job's row
MOST_ATTEMPTS = 3  # a roll that keeps killing its worker is given up, and says so
State = RollJob.State
TASK = "consultation.work_on_rolls"


@transaction.atomic
def order_roll(poll: Poll, *, by: User) -> RollJob:
    """Have the roll built by a worker (排队生成); asked again while it is built, it is the same job.

    The ledger hears of it when the roll is there.
    """
    poll = locked_poll(poll)
    require(by, "consultation.build_roll", poll)
    going = poll.roll_jobs.filter(state__in=RollJob.OPEN).first()
    if going is not None:
        return going
    refuse_rebuilding(poll)
    job = RollJob.objects.create(
        neighbourhood_id=poll.neighbourhood_id, poll=poll, asked_by=by,
        total=households_in(poll).count(),
    )  # fmt: skip
    transaction.on_commit(lambda: nudge(TASK), robust=True)
    return job


def work_on_rolls() -> int:
    """Build what waits (生成名册). By the clock and a nudge."""
    finished = 0
    while (job := _claim()) is not None:
        try:
            _build(job)
        except Refused as refusal:
            _fail(job, str(refusal))
        except PermissionDenied:
            _fail(job, _("经手人已经没有这项权限，请现在的工作人员重新生成。"))
        finished += 1
    return finished


@transaction.atomic
def _claim() -> RollJob | None:
    now = timezone.now()
    due = RollJob.objects.filter(
        Q(state=State.QUEUED) | Q(state=State.WORKING, lease_until__lt=now)
    )
    job = due.select_for_update(skip_locked=True, of=("self",)).order_by("asked_at").first()
    if job is None:
        return None
    job.move_to(State.WORKING)
    job.attempts, job.lease_until = job.attempts + 1, now + LEASE
    job.save(update_fields=["state", "attempts", "lease_until"])
    return job


def _build(job: RollJob) -> None:
    if job.attempts > MOST_ATTEMPTS:
        raise Refused(_("多次中断，请联系管理员。"))
    poll = Poll.objects.select_related("kind").get(pk=job.poll_id)
    files: list[File] = []
    for piece in files_in(poll):
        files += piece
        if not _note(job, len(files)):
            return  # another worker has taken it over
    _replace(job, heads_of(poll, files), poll.opens_at)


def _note(job: RollJob, done: int) -> bool:
    """Write down how far it is, and stay the job's worker for the next piece."""
    lease = timezone.now() + LEASE
    mine = RollJob.objects.filter(pk=job.pk, lease_until=job.lease_until)
    if not mine.update(lease_until=lease, done=done):
        return False
    job.lease_until = lease
    return True


@transaction.atomic
def _replace(job: RollJob, heads: list[Head], opens_at: datetime) -> None:
    """The new roll, the ledger's entry and the job's end are one; the poll is read anew for it."""
    poll = locked_poll(job.poll)
    held = _held(job)
    if held is None:
        return
    require(held.asked_by, "consultation.build_roll", poll)
    if poll.opens_at != opens_at:  # by that day people are grown up
        raise Refused(_("表决的时间刚刚改过，请重新生成名册。"))
    replace_roll(poll, heads, by=held.asked_by)
    _settle(held, State.DONE)


@transaction.atomic
def _fail(job: RollJob, problem: str) -> None:
    held = _held(job)
    if held is not None:
        _settle(held, State.FAILED, problem[:200])


def _held(job: RollJob) -> RollJob | None:
    """The job's row, locked, if it is still this worker's."""
    mine = RollJob.objects.select_for_update(of=("self",)).select_related("asked_by")
    return mine.filter(pk=job.pk, state=State.WORKING, lease_until=job.lease_until).first()


def _settle(held: RollJob, state: RollJob.State, problem: str = "") -> None:
    held.move_to(state)
    held.problem = problem
    held.save(update_fields=["state", "problem"])
