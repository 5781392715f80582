"""When enough have signed: the agreements take effect, once; or the signing period runs out (协议生效)."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from caoyang_portal.ledger.entries import record
from households.models import Agreement, Project, SnapshotEntry
from households.queries.papers import papers_may_come
from households.queries.rates import needed, project_rates, threshold_reached_at


@transaction.atomic
def take_effect_if_reached(project: Project) -> bool:
    """Make the agreements effective if the threshold is reached (协议生效, 上海市城市更新条例 art. 32).

    The clock's act: called after every completed agreement, and again by the outbox. The project's
    row is locked, so that of two signatures that reach the threshold together one makes it effective.
    After that a late agreement is effective from its own moment.
    """
    project = _locked(project)
    if project.stage != Project.Stage.SIGNING:
        return False
    total = project_rates(project).total
    if not total.reaches(project.threshold_pct):
        return False
    project.move_to(Project.Stage.EFFECTIVE)
    project.effective_at = threshold_reached_at(
        project, needed(total.total, project.threshold_pct)
    )
    project.effective_signed = total.signed
    project.save(update_fields=["stage", "effective_at", "effective_signed"])
    _counted(project).filter(state=Agreement.State.SIGNED).update(
        state=Agreement.State.EFFECTIVE, effective_at=project.effective_at
    )
    record(
        "households.take_effect",
        project,
        signed=total.signed,
        total=total.total,
        threshold_pct=project.threshold_pct,
        effective_at=project.effective_at.isoformat(),
    )
    return True


@transaction.atomic
def bring_late_agreements_into_effect(project: Project) -> int:
    """Agreements signed after the project took effect are effective from their own signature (补签)."""
    project = _locked(project)
    if project.effective_at is None:
        return 0
    late = list(
        Agreement.objects.select_for_update().filter(
            project=project, state=Agreement.State.SIGNED, signed_at__isnull=False
        )
    )
    for agreement in late:
        agreement.move_to(Agreement.State.EFFECTIVE)
        signed_at = agreement.signed_at or project.effective_at  # never empty, by constraint
        agreement.effective_at = max(signed_at, project.effective_at)
        agreement.save(update_fields=["state", "effective_at"])
        record("households.late_effect", agreement, project=str(project.pk))
    return len(late)


def lapse_due_projects(now: datetime | None = None) -> int:
    """Close signing periods that ran out below their threshold (签约期满未达比例). Called by the clock.

    Not before the last day on which a paper signed in time may be entered: it would count.
    """
    now = now or timezone.now()
    due = Project.objects.filter(stage=Project.Stage.SIGNING, signing_closes_at__lte=now)
    return sum(_lapse(project, now) for project in due)


@transaction.atomic
def _lapse(project: Project, now: datetime) -> bool:
    project = _locked(project)
    closes_at = project.signing_closes_at
    if project.stage != Project.Stage.SIGNING or closes_at is None or closes_at > now:
        return False  # another worker was faster, or the period was extended
    total = project_rates(project).total
    if total.reaches(project.threshold_pct):
        return take_effect_if_reached(project)
    if papers_may_come(project, now):
        return False
    project.move_to(Project.Stage.LAPSED)
    project.lapsed_at = now
    project.save(update_fields=["stage", "lapsed_at"])
    Agreement.objects.filter(
        project=project,
        state__in=[Agreement.State.FROZEN, Agreement.State.SIGNING, Agreement.State.SIGNED],
    ).update(state=Agreement.State.LAPSED)
    record(
        "households.lapse_project",
        project,
        signed=total.signed,
        total=total.total,
        threshold_pct=project.threshold_pct,
    )
    return True


def _counted(project: Project) -> QuerySet[Agreement]:
    roster = SnapshotEntry.objects.filter(snapshot_id=project.snapshot_id).values("household_id")
    return Agreement.objects.filter(project=project, household_id__in=Subquery(roster))


def hold_signing_open(project_id: UUID) -> None:
    """Share the project's signing gate until the transaction ends.

    Signing shares it, taking effect and lapsing close it: whoever closes waits for the signatures in
    flight, and no row is written by every signature. Take it before any row lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_gate(project_id)])


def _locked(project: Project) -> Project:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_gate(project.pk)])
    return Project.objects.select_for_update().get(pk=project.pk)


def _gate(project_id: UUID) -> int:
    return project_id.int & (2**63 - 1)  # the random half of a UUIDv7
