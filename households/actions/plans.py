"""Everything that changes a household's plan and drawing (一户一方案, 一户一图纸)."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from households.models import (
    Drawing,
    Household,
    Mandate,
    Member,
    Plan,
    PlanConfirmation,
    PlanRemark,
    Project,
)


@transaction.atomic
def draw_plan(
    household: Household,
    *,
    project: Project,
    summary: str,
    area_after: Decimal | None,
    kitchen_after: str,
    toilet_after: str,
    changes: str = "",
    by: User,
) -> Plan:
    """Write the next version of a household's plan (出方案); nobody else sees it until it is published."""
    household = Household.objects.select_for_update().get(pk=household.pk)
    last = (
        Plan.objects.filter(project=project, household=household).aggregate(n=Max("version"))["n"]
        or 0
    )
    plan = Plan(
        neighbourhood_id=household.neighbourhood_id,
        project=project,
        household=household,
        version=last + 1,
        summary=summary,
        area_before=household.living_area,
        area_after=area_after,
        kitchen_after=kitchen_after,
        toilet_after=toilet_after,
        changes=changes,
        drawn_by=by,
    )
    require(by, "households.draw_plan", plan)
    if last and not changes.strip():
        raise Refused(_("请写明较上一版的变化，居民要看"))
    plan.save()
    record("households.draw_plan", plan, by=by, version=plan.version)
    return plan


@transaction.atomic
def add_drawing(plan: Plan, *, title: str, alt_text: str, file: Attachment, by: User) -> Drawing:
    """Add a drawing to a plan that is not published yet (上传图纸)."""
    plan = _locked(plan)
    require(by, "households.add_drawing", plan)
    if plan.published_at:
        raise Refused(_("方案已经发布，请出新的一版"))
    drawing = Drawing.objects.create(
        neighbourhood_id=plan.neighbourhood_id,
        plan=plan,
        title=title,
        alt_text=alt_text,
        file=file,
        order=plan.drawings.count(),
    )
    record("households.add_drawing", plan, by=by, sha256=file.sha256)
    return drawing


@transaction.atomic
def publish_plan(plan: Plan, *, by: User) -> None:
    """Show the plan to its household (发布方案). From now on it never changes."""
    plan = _locked(plan)
    require(by, "households.publish_plan", plan)
    if plan.published_at:
        raise Refused(_("方案已经发布"))
    plan.published_at = timezone.now()
    plan.save(update_fields=["published_at"])
    record("households.publish_plan", plan, by=by, version=plan.version)


@transaction.atomic
def confirm_plan(
    plan: Plan, *, member: Member, mandate: Mandate | None = None, by: User
) -> PlanConfirmation:
    """Agree to this version of plan and drawing, oneself (确认方案)."""
    plan = _locked(plan)
    confirmation = PlanConfirmation(
        neighbourhood_id=plan.neighbourhood_id,
        plan=plan,
        member=member,
        mandate=mandate,
        route=PlanConfirmation.Route.ONLINE,
        entered_by=by,
    )
    require(by, "households.confirm_plan", confirmation)
    return _confirm(plan, confirmation, by, act="households.confirm_plan")


@transaction.atomic
def enter_plan_confirmation(
    plan: Plan, *, member: Member, evidence: Attachment, by: User
) -> PlanConfirmation:
    """Enter a confirmation given face to face, with its proof (代录方案确认)."""
    plan = _locked(plan)
    confirmation = PlanConfirmation(
        neighbourhood_id=plan.neighbourhood_id,
        plan=plan,
        member=member,
        route=PlanConfirmation.Route.COUNTER,
        evidence=evidence,
        entered_by=by,
    )
    require(by, "households.enter_plan_confirmation", confirmation)
    return _confirm(plan, confirmation, by, act="households.enter_plan_confirmation")


def _confirm(
    plan: Plan, confirmation: PlanConfirmation, by: User, *, act: str
) -> PlanConfirmation:
    if plan.published_at is None:
        raise Refused(_("方案还没有发布"))
    if confirmation.member.is_deceased or confirmation.member.left_at:
        raise Refused(_("这位成员已故或已迁出，方案请家里现在作主的人确认"))
    if Plan.objects.filter(
        project_id=plan.project_id,
        household_id=plan.household_id,
        version__gt=plan.version,
        published_at__isnull=False,
    ).exists():
        raise Refused(_("方案已有新的一版，请看新版"))
    earlier = PlanConfirmation.objects.filter(plan=plan).first()
    if earlier:
        return earlier  # pressed twice: the first one stands
    confirmation.save()
    record(act, plan, by=by, version=plan.version, member=str(confirmation.member_id))
    return confirmation


@transaction.atomic
def raise_remark(plan: Plan, *, kind: str, text: str, by: User) -> PlanRemark:
    """Ask about a plan or object to it (提意见); it stays open until it is answered."""
    plan = _locked(plan)
    remark = PlanRemark(
        neighbourhood_id=plan.neighbourhood_id, plan=plan, kind=kind, text=text, raised_by=by
    )
    require(by, "households.raise_remark", remark)
    if plan.published_at is None:
        raise Refused(_("方案还没有发布"))
    remark.save()
    record("households.raise_remark", remark, by=by, kind=kind)
    return remark


@transaction.atomic
def withdraw_remark(remark: PlanRemark, *, by: User) -> None:
    """Take one's own remark back (撤回意见)."""
    remark = _locked_remark(remark)
    require(by, "households.withdraw_remark", remark)
    remark.move_to(PlanRemark.State.WITHDRAWN)
    remark.save(update_fields=["state"])
    record("households.withdraw_remark", remark, by=by)


@transaction.atomic
def answer_remark(remark: PlanRemark, *, state: PlanRemark.State, reply: str, by: User) -> None:
    """Answer in words and say what follows (答复意见, 沪规划资源规〔2024〕2号 art. 10)."""
    remark = _locked_remark(remark)
    require(by, "households.answer_remark", remark)
    if not reply.strip():
        raise Refused(_("请写明答复，居民要看"))
    remark.move_to(state)
    remark.reply, remark.replied_by, remark.replied_at = reply, by, timezone.now()
    remark.save(update_fields=["state", "reply", "replied_by", "replied_at"])
    record("households.answer_remark", remark, by=by, state=state)


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).select_related("household").get(pk=plan.pk)


def _locked_remark(remark: PlanRemark) -> PlanRemark:
    return (
        PlanRemark.objects.select_for_update(of=("self",)).select_related("plan").get(pk=remark.pk)
    )
