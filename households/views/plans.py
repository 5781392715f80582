"""Pages of a household's plan and drawing (一户一方案, 一户一图纸)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from households.actions import plans as actions
from households.forms import plans as forms
from households.models import Drawing, Household, Plan, PlanConfirmation, PlanRemark, Project
from households.queries import plans as queries

LISTS = {
    "unplanned": {"plan_version": None},
    "unconfirmed": {"published_version__isnull": False, "is_confirmed": False},
    "confirmed": {"is_confirmed": True},
    "remarks": {"has_open_remark": True},
}


@login_required
@require_GET
def plan_list(request, pk):
    """Every household whose plan one may see, with the state of it."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    may_draw = may(request.user, "households.draw_plan", project)
    reach = Household.objects.visible_to if may_draw else Household.objects.of
    homes = reach(request.user).filter(neighbourhood_id=project.neighbourhood_id)
    rows = queries.homes_with_plans(project, homes.select_related("building"), request.user)
    show = request.GET.get("show", "")
    if show in LISTS:
        rows = rows.filter(**LISTS[show])
    rows = rows.order_by("building__number", "building__name", "door", "room", "pk")
    page = {
        "project": project,
        "show": show,
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "may_draw": may_draw,
    }
    return render(request, "households/plans/plan_list.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def draw_plan(request, pk, household):
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    homes = Household.objects.visible_to(request.user).filter(
        neighbourhood_id=project.neighbourhood_id
    )
    home = get_object_or_404(homes.select_related("building"), pk=household)
    require(request.user, "households.draw_plan", home)
    last = Plan.objects.filter(project=project, household=home).first()
    initial = {"area_after": home.living_area}
    if last:
        initial = {
            field: getattr(last, field)
            for field in ("summary", "area_after", "kitchen_after", "toilet_after")
        }
    form = forms.DrawPlanForm(request.POST or None, initial=initial)
    page = {"form": form, "project": project, "home": home, "last": last}
    return by_form(
        request,
        form,
        partial(actions.draw_plan, home, project=project),
        said=_("方案已保存，请上传图纸后发布"),
        to=_home,
        page=lambda: render(request, "households/plans/draw_plan.html", page),
    )


@login_required
@require_GET
def plan_detail(request, pk):
    """Plan, drawings, remarks; what the reader may do with them."""
    return _page(request, _visible(request, pk))


@login_required
@require_POST
def add_drawing(request, pk):
    plan = _visible(request, pk)
    require(request.user, "households.add_drawing", plan)
    form = forms.AddDrawingForm(request.POST, request.FILES, auto_id="drawing_%s")

    def add(file, by, **values):
        drawing = intake.take_in(file, neighbourhood_id=plan.neighbourhood_id, by=by)
        actions.add_drawing(plan, **values, file=drawing, by=by)

    page = partial(_page, request, plan, drawing_form=form)
    return by_form(request, form, add, said=_("图纸已上传"), to=_home(plan), page=page)


@login_required
@require_GET
def drawing_file(request, pk, drawing):
    found = get_object_or_404(Drawing, pk=drawing, plan=_visible(request, pk))
    return serve(request, found.file)


@login_required
@require_POST
def publish_plan(request, pk):
    plan = _visible(request, pk)
    publish = partial(actions.publish_plan, plan)
    return by_button(request, publish, said=_("方案已发布，住户会收到通知"), to=_home(plan))


@login_required
@require_POST
def confirm_plan(request, pk):
    plan = _visible(request, pk)
    standing = queries.standing_of(request.user, plan, timezone.localdate())
    require(request.user, "households.confirm_plan", _confirmation(plan, standing))
    confirm = partial(actions.confirm_plan, plan, member=standing.member, mandate=standing.mandate)
    return by_button(request, confirm, said=_("已确认，谢谢您"), to=_home(plan))


@login_required
@require_POST
def enter_plan_confirmation(request, pk):
    plan = _visible(request, pk)
    require(request.user, "households.enter_plan_confirmation", plan)
    form = forms.EnterConfirmationForm(
        request.POST, request.FILES, members=_signers(plan), auto_id="enter_%s"
    )

    def enter(member, evidence, by):
        paper = intake.take_in(evidence, neighbourhood_id=plan.neighbourhood_id, by=by)
        actions.enter_plan_confirmation(plan, member=member, evidence=paper, by=by)

    page = partial(_page, request, plan, enter_form=form)
    return by_form(request, form, enter, said=_("已代录确认"), to=_home(plan), page=page)


@login_required
@require_POST
def raise_remark(request, pk):
    plan = _visible(request, pk)
    require(request.user, "households.raise_remark", PlanRemark(plan=plan))
    form = forms.RaiseRemarkForm(request.POST, auto_id="remark_%s")
    return by_form(
        request,
        form,
        partial(actions.raise_remark, plan),
        said=_("意见已收到，居委会答复您"),
        to=_home(plan),
        page=partial(_page, request, plan, remark_form=form),
    )


@login_required
@require_POST
def answer_remark(request, pk):
    remark = _remark(request, pk)
    require(request.user, "households.answer_remark", remark)
    form = _answer_form(remark, request.POST)
    return by_form(
        request,
        form,
        partial(actions.answer_remark, remark),
        said=_("已答复"),
        to=_home(remark.plan),
        page=partial(_page, request, remark.plan, answer=(remark.pk, form)),
    )


@login_required
@require_POST
def withdraw_remark(request, pk):
    remark = _remark(request, pk)
    return by_button(
        request,
        partial(actions.withdraw_remark, remark),
        said=_("意见已撤回"),
        to=_home(remark.plan),
    )


def _visible(request, pk) -> Plan:
    plans = Plan.objects.visible_to(request.user).select_related(
        "household__building", "project", "neighbourhood"
    )
    return get_object_or_404(plans, pk=pk)


def _remark(request, pk) -> PlanRemark:
    seen = Plan.objects.visible_to(request.user)
    return get_object_or_404(
        PlanRemark.objects.filter(plan__in=seen).select_related("plan__household__building"), pk=pk
    )


def _signers(plan):
    return plan.household.members.filter(
        role__in=["holder", "co_owner"], left_at=None, is_deceased=False
    )


def _confirmation(plan, standing) -> PlanConfirmation:
    """The confirmation that would be made, for the rule to look at."""
    member = standing.member if standing else plan.household.members.first()
    mandate = standing.mandate if standing else None
    return PlanConfirmation(
        plan=plan, member=member, mandate=mandate, neighbourhood_id=plan.neighbourhood_id
    )


def _answer_form(remark, posted=None):
    return forms.AnswerRemarkForm(posted, auto_id=f"answer_{remark.pk.hex}_%s")


def _page(request, plan, *, answer=(None, None), **filled):
    user = request.user
    answering, form = answer
    standing = queries.standing_of(user, plan, timezone.localdate())
    confirmation = PlanConfirmation.objects.filter(plan=plan).select_related("member").first()
    newer = Plan.objects.visible_to(user).filter(
        project_id=plan.project_id, household_id=plan.household_id, version__gt=plan.version
    )
    page = {
        "plan": plan,
        "drawings": plan.drawings.select_related("file"),
        "remarks": [
            (remark, form if remark.pk == answering else _answer_form(remark))
            for remark in plan.remarks.select_related("replied_by").order_by("raised_at")
        ],
        "answering": answering,
        "confirmation": confirmation,
        "standing": standing,
        "newer": newer.first(),
        "gain": plan.area_after - plan.area_before
        if plan.area_after and plan.area_before
        else None,
        "may_confirm": bool(
            standing and plan.published_at and not confirmation and not newer.exists()
        ),
        "may_remark": may(user, "households.raise_remark", PlanRemark(plan=plan)),
        "may_draw": may(user, "households.add_drawing", plan),
        "may_publish": may(user, "households.publish_plan", plan) and not plan.published_at,
        "may_answer": may(user, "households.answer_remark", plan),
        "may_enter": may(user, "households.enter_plan_confirmation", plan)
        and plan.published_at
        and not confirmation,
        "drawing_form": forms.AddDrawingForm(auto_id="drawing_%s"),
        "remark_form": forms.RaiseRemarkForm(auto_id="remark_%s"),
        "enter_form": forms.EnterConfirmationForm(members=_signers(plan), auto_id="enter_%s"),
        "shell": "layouts/staff.html"
        if may(user, "households.draw_plan", plan)
        else "layouts/base.html",
    }
    status = 422 if filled or answering else 200
    return render(request, "households/plans/plan_detail.html", page | filled, status=status)


def _home(plan) -> str:
    return reverse("households:plan_detail", args=[plan.pk])
