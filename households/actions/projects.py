"""Everything that changes a project: stages, plan, roster, period, allowances (改造项目)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from households.actions.materials import ask_for_the_usual
from households.actions.snapshots import take_snapshot
from households.models import AllowanceRule, Project, RosterSnapshot, StageRecord
from households.queries.projects import blockers

PLAN_PARTS = ("scope", "resettlement", "effect_condition", "housing_kind", "works_duration")
SIGNING_TERMS = (
    "signing_opens_at",
    "signing_closes_at",
    "threshold_pct",
    "agreement_mode",
    "paper_entry_days",
    "paper_entry_reason",
)
BEFORE_APPROVAL = Project.CHAIN[: Project.CHAIN.index(Project.Stage.PLAN_APPROVED)]
BEFORE_SIGNING = Project.CHAIN[: Project.CHAIN.index(Project.Stage.SIGNING)]


@transaction.atomic
def start_project(
    neighbourhood: Neighbourhood, *, name: str, code: str, kind: str, by: User
) -> Project:
    """Open the file of a renovation (立项)."""
    project = Project(neighbourhood=neighbourhood, name=name, code=code, kind=kind)
    require(by, "households.start_project", project)
    if Project.objects.filter(code=code).exists():
        raise Refused(_("这个代号已经有项目在用，请换一个"))
    project.save()
    ask_for_the_usual(project)
    record("households.start_project", project, by=by, kind=kind)
    return project


@transaction.atomic
def write_plan_parts(
    project: Project,
    *,
    implementer: Organisation | None,
    parts: dict[str, str],
    withdrawal_rule: str,
    by: User,
) -> None:
    """Write what the implementation plan must say (实施方案, 沪房规范〔2023〕1号 art. 9), until it is approved."""
    project = _locked(project)
    require(by, "households.write_plan_parts", project)
    if project.stage not in BEFORE_APPROVAL:
        raise Refused(_("方案已经认定，不能再改"))
    project.implementer = implementer
    project.withdrawal_rule = withdrawal_rule
    for part in PLAN_PARTS:
        setattr(project, part, parts[part])
    project.save(update_fields=["implementer", "withdrawal_rule", *PLAN_PARTS])
    record("households.write_plan_parts", project, by=by)


@transaction.atomic
def record_stage(
    project: Project,
    *,
    happened_on: date,
    document_number: str = "",
    document: Attachment | None = None,
    asked: int | None = None,
    agreed: int | None = None,
    note: str = "",
    by: User,
) -> StageRecord:
    """Record a result of the stage the project is in (登记阶段结果), with its document and figures."""
    project = _locked(project)
    require(by, "households.record_stage", project)
    if happened_on > timezone.localdate():
        raise Refused(_("日期还没到，请填已经发生的日期"))
    if (asked is None) != (agreed is None):
        raise Refused(_("应征询户数和同意户数要一起填"))
    if asked is not None and agreed is not None and agreed > asked:
        raise Refused(_("同意户数不能多于应征询户数"))
    entry = StageRecord.objects.create(
        neighbourhood_id=project.neighbourhood_id,
        project=project,
        stage=project.stage,
        happened_on=happened_on,
        document_number=document_number,
        document=document,
        asked=asked,
        agreed=agreed,
        note=note,
        by=by,
    )
    record(
        "households.record_stage",
        project,
        by=by,
        stage=project.stage,
        happened_on=happened_on.isoformat(),
        document_sha256=document.sha256 if document else "",
        asked=asked,
        agreed=agreed,
    )
    return entry


@transaction.atomic
def advance_project(project: Project, *, to: Project.Stage, by: User) -> None:
    """Go on to the next stage (进入下一阶段) when nothing blocks it."""
    project = _locked(project)
    require(by, "households.advance_project", project)
    if to in (Project.Stage.EFFECTIVE, Project.Stage.LAPSED):
        raise Refused(_("签约达到比例时自动生效，不能手动转"))
    before = project.stage
    project.move_to(to)
    project.stage, wanted = before, to
    if reasons := blockers(project):
        raise Refused("；".join(reasons))
    project.stage = wanted
    project.save(update_fields=["stage"])
    record("households.advance_project", project, by=by, before=before, after=wanted)


@transaction.atomic
def freeze_roster(project: Project, *, baseline_date: date, by: User) -> RosterSnapshot:
    """Freeze who is counted (冻结基准日名册, 沪房规范〔2023〕1号 art. 12). Once; later changes do not move it."""
    project = _locked(project)
    require(by, "households.freeze_roster", project)
    if project.snapshot_id:
        raise Refused(_("基准日名册已经冻结，不能再改"))
    if project.stage != Project.Stage.PLAN_APPROVED:
        raise Refused(_("方案认定以后才能冻结名册"))
    snapshot = take_snapshot(project.neighbourhood, baseline_date, by=by)
    project.snapshot, project.baseline_date = snapshot, baseline_date
    project.save(update_fields=["snapshot", "baseline_date"])
    record(
        "households.freeze_roster",
        project,
        by=by,
        total=snapshot.total,
        roll_hash=snapshot.roll_hash,
        baseline_date=baseline_date.isoformat(),
    )
    return snapshot


@transaction.atomic
def set_signing_terms(
    project: Project,
    *,
    opens_at: datetime,
    closes_at: datetime,
    threshold_pct: int,
    agreement_mode: str,
    paper_entry_days: int = 5,
    paper_entry_reason: str = "",
    by: User,
) -> None:
    """Set period, threshold and form of signature (签约期限与生效比例) before signing opens."""
    project = _locked(project)
    require(by, "households.set_signing_terms", project)
    if project.stage not in (*BEFORE_SIGNING, Project.Stage.LAPSED):
        raise Refused(_("签约已经开始，期限和比例不能再改"))
    if closes_at <= opens_at:
        raise Refused(_("签约截止要晚于签约开始"))
    if not 95 <= threshold_pct <= 100:  # 上海市城市更新条例 art. 32
        raise Refused(_("生效比例不能低于 95%，也不能高于 100%"))
    project.signing_opens_at, project.signing_closes_at = opens_at, closes_at
    project.threshold_pct, project.agreement_mode = threshold_pct, agreement_mode
    project.paper_entry_days = paper_entry_days
    project.paper_entry_reason = paper_entry_reason.strip() or project.paper_entry_reason
    project.save(update_fields=SIGNING_TERMS)
    record(
        "households.set_signing_terms",
        project,
        by=by,
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
        threshold_pct=threshold_pct,
        agreement_mode=agreement_mode,
        paper_entry_days=paper_entry_days,
    )


@transaction.atomic
def set_allowance_rule(
    project: Project,
    *,
    code: str,
    name: str,
    basis: str,
    unit_price: Decimal,
    formula_text: str,
    by: User,
) -> AllowanceRule:
    """Set how one allowance is computed (补贴标准), until the plan is approved."""
    project = _locked(project)
    require(by, "households.set_allowance_rule", project)
    if project.stage not in (*BEFORE_APPROVAL, Project.Stage.PLAN_APPROVED):
        raise Refused(_("签约已经开始，补贴标准不能再改"))
    rule, _created = AllowanceRule.objects.update_or_create(
        project=project,
        code=code,
        defaults={
            "neighbourhood_id": project.neighbourhood_id,
            "name": name,
            "basis": basis,
            "unit_price": unit_price,
            "formula_text": formula_text,
        },
    )
    record(
        "households.set_allowance_rule",
        project,
        by=by,
        code=code,
        basis=basis,
        unit_price=str(unit_price),
    )
    return rule


@transaction.atomic
def compute_allowances(project: Project, *, by: User) -> int:
    """Work out every household's allowances by the project's rules (核算补贴); unpaid ones are replaced.

    Numeric throughout: quantity times unit price, rounded half up to a fen. Returns how many items.
    """
    project = _locked(project)
    require(by, "households.compute_allowances", project)
    if project.stage not in (*BEFORE_APPROVAL, Project.Stage.PLAN_APPROVED):
        raise Refused(_("签约已经开始，补贴不能重新核算"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO households_allowanceitem (id, neighbourhood_id, project_id, household_id, rule_id,
                code, name, formula_text, quantity, unit_price, amount, note)
            SELECT gen_random_uuid(), h.neighbourhood_id, r.project_id, h.id, r.id, r.code, r.name,
                r.formula_text, q.quantity, r.unit_price, round(q.quantity * r.unit_price, 2), ''
            FROM households_household h
            JOIN households_allowancerule r ON r.project_id = %s
            CROSS JOIN LATERAL (SELECT CASE r.basis WHEN 'household' THEN 1
                WHEN 'living_area' THEN coalesce(h.living_area, 0)
                WHEN 'floor_area' THEN coalesce(h.floor_area, 0)
                WHEN 'person' THEN coalesce(h.registered_count, 0) END::numeric AS quantity) q
            WHERE h.neighbourhood_id = %s
            ON CONFLICT ON CONSTRAINT an_allowance_is_paid_once_per_household DO UPDATE SET
                quantity = excluded.quantity, unit_price = excluded.unit_price,
                amount = excluded.amount, name = excluded.name, formula_text = excluded.formula_text
            WHERE households_allowanceitem.paid_on IS NULL
            """,
            [project.pk, project.neighbourhood_id],
        )
        count = cursor.rowcount
    record("households.compute_allowances", project, by=by, items=count)
    return count


def _locked(project: Project) -> Project:
    return (
        Project.objects.select_for_update(of=("self",))
        .select_related("neighbourhood")
        .get(pk=project.pk)
    )
