"""What still keeps a project from its next stage, and its allowances (阶段与补贴)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from caoyang_portal.publicity.models import Publicity, PublicityObjection
from households.models import (
    AgreementTemplate,
    Household,
    PlanConfirmation,
    PlanRemark,
    Project,
    StageRecord,
)
from households.queries.rates import Rate

Stage = Project.Stage
OF_A_PROJECT = "households.project"  # what its publicities are about


def records_of(project: Project, stage: str) -> list[StageRecord]:
    """The records made in ``stage``, oldest first."""
    return [record for record in project.stage_records.all() if record.stage == stage]


def first_consent(project: Project) -> Rate | None:
    """The result of the first consent as recorded last; None before there is one."""
    results = [
        Rate(r.agreed or 0, r.asked)
        for r in records_of(project, Stage.FIRST_CONSENT)
        if r.asked is not None
    ]
    return results[-1] if results else None


def _assessment(project: Project) -> list[str]:
    documented = [r for r in records_of(project, Stage.ASSESSMENT) if r.document_id]
    return [] if documented else [_("还没有上传评估结果")]


def _first_consent(project: Project) -> list[str]:
    """At least ``first_consent_pct`` agree (沪房规范〔2023〕1号 art. 5)."""
    result = first_consent(project)
    if result is None:
        return [_("还没有登记意愿征询的结果")]
    if not result.reaches(project.first_consent_pct):
        return [
            _("同意 %(agreed)s 户，差 %(missing)s 户到 %(pct)s%%")
            % {
                "agreed": result.signed,
                "missing": result.missing(project.first_consent_pct),
                "pct": project.first_consent_pct,
            }
        ]
    return []


def _plan_listed(project: Project) -> list[str]:
    listed = [r for r in records_of(project, Stage.PLAN_LISTED) if r.document_number]
    return [] if listed else [_("还没有登记列入计划的日期和文号")]


def _plan_consult(project: Project) -> list[str]:
    """Every opinion answered (沪规划资源规〔2024〕2号 art. 10); the plan complete (沪房规范〔2023〕1号 art. 9)."""
    reasons = missing_plan_parts(project)
    waiting = PlanRemark.objects.filter(plan__project=project, state=PlanRemark.State.OPEN).count()
    if waiting:
        reasons.append(_("还有 %(n)s 条意见没有答复") % {"n": waiting})
    return reasons + _publicity(project)


def _publicity(project: Project) -> list[str]:
    """What was posted has run its days, and every objection to it is answered."""
    posted = publicities_of(project).exclude(state=Publicity.State.WITHDRAWN)
    reasons = []
    if posted.exclude(state__in=[Publicity.State.ENDED, Publicity.State.TAKEN_DOWN]).exists():
        reasons.append(_("方案公示还没有期满"))
    waiting = PublicityObjection.objects.waiting().filter(publicity__in=posted).count()
    if waiting:
        reasons.append(_("方案公示还有 %(n)s 条异议没有答复") % {"n": waiting})
    return reasons


def publicities_of(project: Project) -> QuerySet[Publicity]:
    """What was posted about the project, the newest first."""
    return Publicity.objects.of(OF_A_PROJECT, project.pk)


def _plan_approved(project: Project) -> list[str]:
    reasons = []
    if not [r for r in records_of(project, Stage.PLAN_APPROVED) if r.document_number]:
        reasons.append(_("还没有登记方案认定的日期和文号"))
    if project.snapshot_id is None:
        reasons.append(_("还没有冻结基准日名册"))
    if project.signing_opens_at is None:
        reasons.append(_("还没有定签约期限"))
    if not AgreementTemplate.objects.filter(project=project, published_at__isnull=False).exists():
        reasons.append(_("还没有发布协议范本"))
    return reasons


def _signing(project: Project) -> list[str]:
    return [_("签约达到比例时自动生效，不能手动转")]


def _dated(stage: str) -> Callable[[Project], list[str]]:
    def gate(project: Project) -> list[str]:
        return [] if records_of(project, stage) else [_("还没有登记本阶段的完成日期")]

    return gate


# What must hold before a stage is left. The chain and its rules: 沪房规范〔2023〕1号 arts. 5-17.
GATES: dict[str, Callable[[Project], list[str]]] = {
    Stage.ASSESSMENT: _assessment,
    Stage.FIRST_CONSENT: _first_consent,
    Stage.PLAN_LISTED: _plan_listed,
    Stage.SURVEY: lambda project: [],
    Stage.DESIGN: lambda project: [],
    Stage.PLAN_CONSULT: _plan_consult,
    Stage.PLAN_APPROVED: _plan_approved,
    Stage.SIGNING: _signing,
    Stage.EFFECTIVE: lambda project: [],
    Stage.LAPSED: _plan_approved,
}


def blockers(project: Project) -> list[str]:
    """What still keeps the project in its stage; empty when nothing does."""
    return GATES.get(project.stage, _dated(project.stage))(project)


def missing_plan_parts(project: Project) -> list[str]:
    """The parts an implementation plan must have and this one lacks (沪房规范〔2023〕1号 art. 9)."""
    parts = {
        _("更新范围"): project.scope,
        _("安置方式"): project.resettlement,
        _("协议生效条件"): project.effect_condition,
        _("安置房屋类型及权属"): project.housing_kind,
        _("预计工程周期"): project.works_duration,
    }
    missing = [part for part, text in parts.items() if not text.strip()]
    if project.implementer_id is None:
        missing.insert(0, _("实施主体"))
    return [_("实施方案还缺：%(parts)s") % {"parts": "、".join(missing)}] if missing else []


@dataclass(frozen=True)
class DesignProgress:
    """How many households have a plan, and how many confirmed it."""

    households: int
    planned: int
    confirmed: int


def design_progress(project: Project) -> DesignProgress:
    """Counted over the neighbourhood's households."""
    homes = Household.objects.filter(neighbourhood_id=project.neighbourhood_id)
    published = homes.filter(plans__project=project, plans__published_at__isnull=False)
    confirmed = PlanConfirmation.objects.filter(plan__project=project)
    return DesignProgress(
        homes.count(),
        published.distinct().count(),
        confirmed.values("plan__household").distinct().count(),
    )
