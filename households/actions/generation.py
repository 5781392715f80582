"""Agreements for many households (批量生成): in batches, by several workers, in any order.

A batch belongs to one worker for a short lease and is taken over when the worker dies; a household
that has its frozen agreement is passed over, so whatever is done twice is done once.
"""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from households.models import (
    Agreement,
    AgreementTemplate,
    GenerationBatch,
    GenerationFailure,
    GenerationJob,
    Household,
    Project,
)

from .agreements import freeze_agreement, make_agreement

logger = logging.getLogger(__name__)

BATCH = 25
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 4  # a batch that keeps killing its worker is given up, and says so
TASK = "households.generate_due"


@transaction.atomic
def start_generation(
    template: AgreementTemplate, *, building: Building | None = None, by: User
) -> GenerationJob:
    """Ask for the agreements of all households, or of one building (批量生成)."""
    project = (
        Project.objects.select_for_update(no_key=True, of=("self",))
        .select_related("neighbourhood")
        .get(pk=template.project_id)
    )
    template = AgreementTemplate.objects.get(pk=template.pk)
    job = GenerationJob(
        neighbourhood=project.neighbourhood,
        project=project,
        template=template,
        building=building,
        asked_by=by,
    )
    require(by, "households.start_generation", job)
    if template.published_at is None:
        raise Refused(_("范本还没有发布，请先发布。"))
    if project.snapshot_id is None:
        raise Refused(_("请先冻结基准日名册，再生成协议。"))
    if GenerationJob.objects.filter(project=project, state__in=["queued", "running"]).exists():
        raise Refused(_("已有一批正在生成，请等它做完或先取消。"))
    households = list(_without_agreement(project, building).values_list("pk", flat=True))
    if not households:
        raise Refused(_("这里的每一户都已有协议。"))
    job.total = len(households)
    job.save()
    GenerationBatch.objects.bulk_create(
        GenerationBatch(job=job, households=households[start : start + BATCH])
        for start in range(0, len(households), BATCH)
    )
    record("households.start_generation", job, by=by, template=str(template.pk), total=job.total)
    transaction.on_commit(_wake, robust=True)
    return job


@transaction.atomic
def cancel_generation(job: GenerationJob, *, by: User) -> GenerationJob:
    """Stop a job after the household at hand (取消生成); what is made stays."""
    job = _locked(job)
    require(by, "households.cancel_generation", job)
    job.move_to(GenerationJob.State.CANCELLED)
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "finished_at"])
    record("households.cancel_generation", job, by=by)
    return job


def _wake() -> None:
    nudge(TASK)


def _without_agreement(project: Project, building: Building | None) -> QuerySet[Household]:
    """Households on the roster that have nothing yet, or a draft only."""
    served = Agreement.objects.live().exclude(state=Agreement.State.DRAFT)
    found = Household.objects.filter(snapshotentry__snapshot=project.snapshot_id).exclude(
        Exists(served.filter(project=project, household=OuterRef("pk")))
    )
    if building is not None:
        found = found.filter(building=building)
    return found.order_by("building__number", "door", "room", "part", "pk")


def generate_due(*, seconds: float = 20) -> int:
    """Work on one batch after another for a short while; then let other tasks have their turn.

    Every worker that starts calls the next one, so that every core takes part and one call is always
    waiting when a worker's time is up.
    """
    made = 0
    stop = time.monotonic() + seconds
    batch = _claim()
    if batch and _claimable().exists():
        _wake()
    while batch:
        made += _work(batch)
        batch = _claim() if time.monotonic() < stop else None
    return made


def _claimable() -> QuerySet[GenerationBatch]:
    return GenerationBatch.objects.filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        finished_at=None,
        job__state__in=["queued", "running"],
    )


@transaction.atomic
def _claim() -> GenerationBatch | None:
    batch = (
        _claimable()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("job__template", "job__asked_by")
        .order_by("pk")
        .first()
    )
    if batch is None:
        return None
    batch.attempts += 1
    batch.lease_until = Now() + LEASE
    batch.save(update_fields=["attempts", "lease_until"])
    GenerationJob.objects.filter(pk=batch.job_id, state="queued").update(state="running")
    return batch


def _work(batch: GenerationBatch) -> int:
    """Serve the batch's households; how many got their agreement now."""
    made = 0
    for done, household in enumerate(batch.households):
        if not _go_on(batch, done):
            return made
        if batch.attempts > MOST_ATTEMPTS:
            _fail(batch, household, _("多次中断，请联系管理员。"))
        else:
            made += _serve(batch, household)
    _finish(batch)
    return made


def _go_on(batch: GenerationBatch, done: int) -> bool:
    """Note the progress and renew the lease; False when cancelled, or when another has taken over."""
    return bool(
        GenerationBatch.objects.filter(
            pk=batch.pk, attempts=batch.attempts, job__state="running"
        ).update(done=done, lease_until=Now() + LEASE)
    )


def _serve(batch: GenerationBatch, household_id: UUID) -> bool:
    job = batch.job
    household = Household.objects.get(pk=household_id)
    try:
        agreement = _served(job, household) or make_agreement(
            household, job.template, by=job.asked_by
        )
        if agreement.state != Agreement.State.DRAFT:
            return False  # an earlier attempt got this far
        freeze_agreement(agreement, by=job.asked_by)
    except Refused as refusal:
        _fail(batch, household_id, str(refusal))
        return False
    except Exception:
        # One household's trouble must not stop a thousand others; it is listed, and logged.
        logger.exception("generation %s failed", batch.pk)
        _fail(batch, household_id, _("出文书时中断，请稍后再生成一次。"))
        return False
    return True


def _served(job: GenerationJob, household: Household) -> Agreement | None:
    """What the household already has, if it is more than a draft."""
    return (
        Agreement.objects.live()
        .filter(project=job.project_id, household=household)
        .exclude(state=Agreement.State.DRAFT)
        .first()
    )


def _fail(batch: GenerationBatch, household_id: UUID, reason: str) -> None:
    GenerationFailure.objects.update_or_create(
        job_id=batch.job_id, household_id=household_id, defaults={"reason": reason[:300]}
    )


@transaction.atomic
def _finish(batch: GenerationBatch) -> None:
    """Close the batch, and with the last one the job; recorded once."""
    job = _locked(batch.job)
    GenerationBatch.objects.filter(pk=batch.pk, attempts=batch.attempts).update(
        done=len(batch.households), finished_at=Now(), lease_until=None
    )
    if not job.goes_on or job.batches.filter(finished_at=None).exists():
        return
    job.move_to(GenerationJob.State.DONE)
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "finished_at"])
    failed = job.failures.count()
    record("households.finish_generation", job, made=job.total - failed, failed=failed)


def _locked(job: GenerationJob) -> GenerationJob:
    return (
        GenerationJob.objects.select_for_update(of=("self",))
        .select_related("neighbourhood")
        .get(pk=job.pk)
    )
