"""A project's plan before the public (方案公示): drafted from the plan, posted at the desk of publicities."""

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.publicity.actions import draft_publicity
from caoyang_portal.publicity.models import Publicity
from households.actions.projects import PLAN_PARTS
from households.models import Project
from households.queries.projects import OF_A_PROJECT, missing_plan_parts

BASIS = "沪规划资源规〔2024〕2号"  # 规划公示 10 天，期满后再听取意见 7 天


@transaction.atomic
def publicise_plan(project: Project, *, days: int, opinion_days: int, by: User) -> Publicity:
    """Draft the publicity of the plan (方案公示); drawings are added and it is posted at its desk."""
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(by, "households.publicise_plan", project)
    if project.stage != Project.Stage.PLAN_CONSULT:
        raise Refused(_("到了方案公示阶段才能公示方案"))
    for problem in missing_plan_parts(project):
        raise Refused(problem)
    publicity = draft_publicity(
        project.neighbourhood,
        title=f"{project.name}实施方案公示"[:120],
        body=_words_of(project),
        legal_basis=BASIS,
        days=days,
        opinion_days=opinion_days,
        about=OF_A_PROJECT,
        about_id=project.pk,
        by=by,
    )
    record("households.publicise_plan", project, by=by, publicity=publicity.pk)
    return publicity


def _words_of(project: Project) -> str:
    """The plan as it stands in the project, part by part; the notice is in Chinese."""
    labels = {
        "scope": "更新范围", "resettlement": "安置方式", "effect_condition": "协议生效条件",
        "housing_kind": "安置房屋类型及权属", "works_duration": "预计工程周期",
    }  # fmt: skip
    parts = [f"{labels[part]}：{getattr(project, part)}" for part in PLAN_PARTS]
    return "\n\n".join([f"实施主体：{project.implementer}", *parts])
