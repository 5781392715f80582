"""Pages of a renovation project (改造项目)."""

from dataclasses import dataclass
from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood, Organisation
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from households.actions import projects as actions
from households.forms import projects as forms
from households.models import AllowanceItem, Project, StageRecord
from households.queries import projects as queries
from households.queries.rates import project_rates

START = "households/projects/start_project.html"
DETAIL = "households/projects/project_detail.html"


@login_required
@require_GET
def project_list(request):
    """Every project one may see."""
    projects = (
        Project.objects.visible_to(request.user)
        .select_related("neighbourhood")
        .order_by("neighbourhood__name", "created_at")
    )
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    may_start = any(
        may(request.user, "households.start_project", Project(neighbourhood=place))
        for place in places
    )
    page = {"projects": projects, "may_start": may_start}
    return render(request, "households/projects/project_list.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def start_project(request):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    if not places:
        raise Http404
    form = forms.StartProjectForm(request.POST or None, neighbourhoods=places)
    return by_form(
        request,
        form,
        actions.start_project,
        said=_("项目已建立，请登记评估结果"),
        to=_home,
        page=lambda: render(request, START, {"form": form}),
    )


@login_required
@require_GET
def project_detail(request, pk):
    """One project: where it stands, what blocks it, its plan, roster, terms and allowances."""
    return _page(request, _visible(request, pk))


@login_required
@require_POST
def write_plan_parts(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.write_plan_parts", project)
    form = _plan_parts_form(project, request.POST)

    def write(implementer, withdrawal_rule, by, **parts):
        actions.write_plan_parts(
            project,
            implementer=implementer,
            parts=parts,
            withdrawal_rule=withdrawal_rule,
            by=by,
        )

    page = partial(_page, request, project, plan_parts_form=form)
    return by_form(request, form, write, said=_("实施方案已保存"), to=_home(project), page=page)


@login_required
@require_POST
def record_stage(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.record_stage", project)
    form = forms.RecordStageForm(request.POST, request.FILES, auto_id="record_%s")

    def enter(document, by, **values):
        paper = document and intake.take_in(
            document, neighbourhood_id=project.neighbourhood_id, by=by
        )
        actions.record_stage(project, document=paper or None, **values, by=by)

    page = partial(_page, request, project, record_form=form)
    return by_form(request, form, enter, said=_("已登记"), to=_home(project), page=page)


@login_required
@require_POST
def advance_project(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.advance_project", project)
    form = forms.AdvanceForm(request.POST, project=project, auto_id="advance_%s")
    return by_form(
        request,
        form,
        partial(actions.advance_project, project),
        said=_("已进入下一阶段"),
        to=_home(project),
        page=partial(_page, request, project, advance_form=form),
    )


@login_required
@require_POST
def freeze_roster(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.freeze_roster", project)
    form = forms.FreezeRosterForm(request.POST, auto_id="freeze_%s")

    def freeze(baseline_date, by, **_sure):
        return actions.freeze_roster(project, baseline_date=baseline_date, by=by)

    return by_form(
        request,
        form,
        freeze,
        said=lambda snapshot: _("名册已冻结，共 %(n)s 户") % {"n": snapshot.total},
        to=_home(project),
        page=partial(_page, request, project, freeze_form=form),
    )


@login_required
@require_POST
def set_signing_terms(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.set_signing_terms", project)
    form = forms.SigningTermsForm(request.POST, auto_id="terms_%s")
    return by_form(
        request,
        form,
        partial(actions.set_signing_terms, project),
        said=_("签约期限和比例已定"),
        to=_home(project),
        page=partial(_page, request, project, terms_form=form),
    )


@login_required
@require_POST
def set_allowance_rule(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.set_allowance_rule", project)
    form = forms.AllowanceRuleForm(request.POST, auto_id="allowance_%s")
    return by_form(
        request,
        form,
        partial(actions.set_allowance_rule, project),
        said=_("补贴标准已保存"),
        to=_home(project),
        page=partial(_page, request, project, allowance_form=form),
    )


@login_required
@require_POST
def compute_allowances(request, pk):
    project = _visible(request, pk)
    return by_button(
        request,
        partial(actions.compute_allowances, project),
        said=lambda items: _("已核算 %(n)s 笔补贴") % {"n": items},
        to=_home(project),
    )


@login_required
@require_GET
def stage_document(request, pk, record):
    """The document behind a stage record, for whoever may see the project."""
    project = _visible(request, pk)
    found = get_object_or_404(StageRecord, pk=record, project=project, document__isnull=False)
    return serve(request, found.document)


def _visible(request, pk) -> Project:
    projects = Project.objects.visible_to(request.user).select_related(
        "neighbourhood", "snapshot", "implementer"
    )
    records = StageRecord.objects.select_related("document", "by")
    return get_object_or_404(projects.prefetch_related(Prefetch("stage_records", records)), pk=pk)


def _plan_parts_form(project, posted=None):
    district = project.neighbourhood.sub_district_id
    initial = {part: getattr(project, part) for part in actions.PLAN_PARTS}
    return forms.PlanPartsForm(
        posted,
        initial=initial
        | {"implementer": project.implementer_id, "withdrawal_rule": project.withdrawal_rule},
        auto_id="part_%s",
        implementers=Organisation.objects.filter(
            sub_district_id=district, kind=Organisation.Kind.IMPLEMENTER
        ),
    )


@dataclass(frozen=True)
class Step:
    """One stage on the line of stages."""

    label: str
    state: str  # done | now | next
    records: list[StageRecord]


def _steps(project) -> list[Step]:
    chain = list(Project.CHAIN)
    now = Project.Stage.SIGNING if project.stage == Project.Stage.LAPSED else project.stage
    at = chain.index(now)
    return [
        Step(
            str(stage.label),
            "done" if n < at else "now" if n == at else "next",
            queries.records_of(project, stage),
        )
        for n, stage in enumerate(chain)
    ]


def _page(request, project, **filled):
    """The project page; a refused form comes back filled in its place."""
    editable = may(request.user, "households.record_stage", project)
    terms = {
        "opens_at": project.signing_opens_at,
        "closes_at": project.signing_closes_at,
        "threshold_pct": project.threshold_pct,
        "agreement_mode": project.agreement_mode,
        "paper_entry_days": project.paper_entry_days,
        "paper_entry_reason": project.paper_entry_reason,
    }
    page = {
        "project": project,
        "steps": _steps(project),
        "blockers": queries.blockers(project),
        "consent": queries.first_consent(project),
        "design": queries.design_progress(project),
        "rate": project_rates(project).total if project.snapshot_id else None,
        "rules": project.allowance_rules.all(),
        "allowance_items": AllowanceItem.objects.filter(project=project).count(),
        "editable": editable,
        "plan_editable": editable and project.stage in actions.BEFORE_APPROVAL,
        "terms_editable": editable
        and project.stage in (*actions.BEFORE_SIGNING, Project.Stage.LAPSED),
        "plan_parts_form": _plan_parts_form(project),
        "record_form": forms.RecordStageForm(auto_id="record_%s"),
        "advance_form": forms.AdvanceForm(project=project, auto_id="advance_%s"),
        "freeze_form": forms.FreezeRosterForm(auto_id="freeze_%s"),
        "terms_form": forms.SigningTermsForm(initial=terms, auto_id="terms_%s"),
        "allowance_form": forms.AllowanceRuleForm(auto_id="allowance_%s"),
        "publicise_form": forms.PublicisePlanForm(auto_id="publicise_%s"),
        "publicities": queries.publicities_of(project),
        "parts": [
            (Project._meta.get_field(part).verbose_name, getattr(project, part))
            for part in actions.PLAN_PARTS
        ],
    }
    return render(request, DETAIL, page | filled, status=422 if filled else 200)


def _home(project) -> str:
    return reverse("households:project_detail", args=[project.pk])
