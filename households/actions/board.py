"""Publishing the signing rate (公示签约率)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import record
from households.models import Project, PublishedBoard
from households.queries.board import latest_board, root_of, sealed_leaves
from households.queries.rates import project_rates, rates_by_building

EVERY = timedelta(hours=1)


@transaction.atomic
def publish_board(project: Project, *, by: User) -> PublishedBoard:
    """Publish the rate as it stands now, with its proof (发布公示榜)."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    require(by, "households.publish_board", project)
    board = _publish(project)
    record("households.publish_board", board, by=by, **_facts(board))
    return board


def publish_changed_boards() -> int:
    """Publish every open project whose rate changed, at most once an hour. Called by the clock."""
    open_projects = Project.objects.filter(
        stage__in=[Project.Stage.SIGNING, Project.Stage.EFFECTIVE], snapshot__isnull=False
    )
    return sum(publish_if_changed(project) for project in open_projects)


@transaction.atomic
def publish_if_changed(project: Project, *, every: timedelta = EVERY) -> bool:
    """Publish what changed, unless the last board is younger than ``every``. The clock's act."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    last = latest_board(project)
    if last and last.as_of > timezone.now() - every:
        return False
    leaves, total = sealed_leaves(project), project_rates(project).total
    if last and (last.signed, last.root) == (total.signed, root_of(leaves)):
        return False
    board = _publish(project)
    record("households.publish_board", board, **_facts(board))
    return True


def _publish(project: Project) -> PublishedBoard:
    total, leaves = project_rates(project).total, sealed_leaves(project)
    return PublishedBoard.objects.create(
        neighbourhood_id=project.neighbourhood_id,
        project=project,
        as_of=timezone.now(),
        signed=total.signed,
        total=total.total,
        sealed=len(leaves),
        root=root_of(leaves),
        rows=[
            {"building": place.name, "signed": place.rate.signed, "total": place.rate.total}
            for place in rates_by_building(project)
        ],
        leaves="\n".join(leaves),
    )


def _facts(board: PublishedBoard) -> dict[str, object]:
    return {
        "project": str(board.project_id),
        "signed": board.signed,
        "total": board.total,
        "sealed": board.sealed,
        "root": board.root,
    }
