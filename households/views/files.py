"""One household's file on the screen (一户一档): read, unmask, edit, its timeline, its readers."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Field
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_form
from caoyang_portal.errors import Refused
from households.actions import files as actions
from households.actions.locking import Changed
from households.documents.files import file_pdf
from households.forms.files import (
    HouseholdForm,
    SpecialForm,
    StrategyForm,
    VisitForm,
)
from households.models import Household
from households.queries.files import household_file, whole_file
from households.queries.materials import slots
from households.queries.timeline import KINDS, events, timeline
from households.rules import files as parts

from .assisted import ways_to_assist

DETAIL = "households/files/detail.html"
EDIT = "households/files/edit.html"
FACT = "households/files/fact.html"
PAGE = 20


def visible_household(request, pk) -> Household:
    """The household if the reader has an office over it; its own people use their own page.

    Every page that shows something of the file goes through here, so that none is read unnoted.
    """
    homes = Household.objects.visible_to(request.user).select_related(
        "building__work_zone", "neighbourhood", "responsible"
    )
    household = get_object_or_404(homes, pk=pk)
    if request.method == "GET":
        actions.read_file(household, by=request.user)
    else:
        require(request.user, "households.read_file", household)
    return household


@login_required
@require_GET
def household_detail(request, pk):
    """The file."""
    household = visible_household(request, pk)
    return render(request, DETAIL, detail_context(request, household))


def detail_context(request, household, **forms) -> dict:
    seen = parts.visible_parts(request.user, household)
    file = household_file(household, seen)
    page = _timeline_page(request, household, seen)
    return {
        "file": file,
        "household": household,
        "shows": file.shows,
        "may": {
            act: may(request.user, f"households.{act}", household)
            for act in ("edit_household", "add_visit", "add_contact", "issue_letters")
        },
        "facts": facts(household, seen),
        "papers": _papers(request.user, file),
        "slots": _materials(request.user, file),
        "mandates": [_mandate_row(request.user, mandate) for mandate in file.mandates],
        "visit_form": VisitForm(auto_id="visit_%s"),
        "events": events(list(page)),
        "events_page": page,
        **forms,
    }


def _materials(user, file):
    """What was handed in towards the agreement, for those who may open it; else None."""
    if file.agreement is None or not may(user, "households.read_material", file.household):
        return None
    return slots(file.agreement)


FACTS = (
    (parts.CERTIFICATE, ("tenure", "certificate_number", "certificate_issued_on")),
    (parts.AREAS, ("floor", "living_area", "usable_area", "floor_area", "area_basis")),
    (
        parts.FACILITIES,
        ("kitchen", "toilet", "shared_with", "has_balcony", "has_gas_meter", "has_loft"),
    ),
    (parts.STRATEGY, ("registered_count", "resident_count", "occupancy", "remark")),
)


def facts(household, seen) -> list[dict]:
    return [fact(household, name) for part, names in FACTS if part in seen for name in names]


def _papers(user, file) -> dict[str, list[dict]]:
    """Plans and agreements as lines with their addresses, and with what signs an open one."""
    return {
        "plans": [
            {
                "label": _("第 %(n)s 版") % {"n": plan.version},
                "state": _("已公布") if plan.published_at else _("草稿"),
                "url": reverse("households:plan_detail", args=[plan.pk]),
            }
            for plan in file.plans
        ],
        "agreements": [
            {
                "label": agreement.number,
                "state": agreement.get_state_display(),
                "url": reverse("households:agreement_detail", args=[agreement.pk]),
                "assisted": [] if file.is_overtaken else ways_to_assist(user, agreement),
            }
            for agreement in file.agreements
        ],
    }


def _mandate_row(user, mandate) -> dict:
    today = timezone.localdate()
    is_live = bool(
        mandate.approved_at
        and not mandate.revoked_at
        and mandate.valid_from <= today <= mandate.valid_to
    )
    if mandate.revoked_at:
        state = _("已撤销")
    elif not mandate.approved_at:
        state = _("待第二人复核")
    else:
        state = _("有效") if is_live else _("不在有效期")
    waits = not mandate.approved_at and not mandate.revoked_at
    return {
        "mandate": mandate,
        "state": state,
        "is_live": is_live,
        "may_approve": waits and may(user, "households.approve_mandate", mandate),
    }


def _timeline_kinds(seen) -> list[str]:
    """The kinds of event one may see: by the same parts as the file itself."""
    if parts.TIMELINE in seen:
        return [kind for kind in KINDS if kind != "reading" or parts.READINGS in seen]
    return ["visit"] if parts.VISITS in seen else []


def _timeline_page(request, household, seen, kinds=None):
    allowed = _timeline_kinds(seen)
    chosen = [kind for kind in (kinds or allowed) if kind in allowed]
    return Paginator(timeline(household, chosen or allowed), PAGE).get_page(
        request.GET.get("page")
    )


@login_required
@require_GET
def household_timeline(request, pk):
    """Everything that happened, by kind, page by page (时间线)."""
    household = visible_household(request, pk)
    seen = parts.visible_parts(request.user, household)
    kind = request.GET.get("kind", "")
    page = _timeline_page(request, household, seen, [kind] if kind in KINDS else None)
    context = {
        "household": household,
        "events": events(list(page)),
        "page": page,
        "kinds": [(k, KINDS[k]) for k in _timeline_kinds(seen)],
        "kind": kind if kind in KINDS else "",
    }
    return render(request, "households/files/timeline.html", context)


@login_required
@require_POST
def print_file(request, pk):
    """The whole file on paper."""
    household = visible_household(request, pk)
    actions.print_file(household, by=request.user)
    pdf = file_pdf(whole_file(household, for_itself=False), printed_by=request.user)
    name = _("档案 %(address)s.pdf") % {"address": household.address}
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit_household(request, pk, only=""):
    """Correct the facts, all on one page or one of them in its place."""
    household = visible_household(request, pk)
    require(request.user, "households.edit_household", household)
    if only and only not in actions.EDITABLE:
        raise Http404
    form = HouseholdForm(request.POST or None, instance=household, only=only)
    status, differing = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                household = actions.edit_household(
                    household,
                    version=form.cleaned_data["version"],
                    values=form.values,
                    by=request.user,
                )
            except Changed as change:
                status, differing = 409, _both(household, change)
                form = _again(form, change)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return _edited(request, household, only)
    context = {"household": household, "form": form, "only": only, "differing": differing}
    template = f"{FACT}#form" if only and request.htmx else EDIT
    return render(request, template, context, status=status)


def _edited(request, household, only):
    if only and request.htmx:
        return render(request, f"{FACT}#shown", fact(household, only))
    messages.success(request, _("档案已修改"))
    return redirect("households:household_detail", household.pk)


@login_required
@require_GET
def show_fact(request, pk, only):
    """One fact as it stands, for leaving the edit in place."""
    household = visible_household(request, pk)
    if only not in actions.EDITABLE or not may(
        request.user, "households.edit_household", household
    ):
        raise Http404
    if not request.htmx:
        return redirect("households:household_detail", pk)
    return render(request, f"{FACT}#shown", fact(household, only))


def fact(household, name) -> dict:
    field = Household._meta.get_field(name)
    assert isinstance(field, Field)
    display = getattr(household, f"get_{name}_display", None) if field.choices else None
    value = display() if display else getattr(household, name)
    if isinstance(value, bool):
        value = _("有") if value else _("没有")
    return {
        "household": household,
        "only": name,
        "label": field.verbose_name,
        "value": value,
        "may_edit": True,
    }


def _both(household, change) -> list[dict]:
    """Each value twice: as it stands now, and as it was given."""
    return [
        {
            "label": household._meta.get_field(name).verbose_name,
            "now": fact_text(household, name, now),
            "given": fact_text(household, name, given),
        }
        for name, (now, given) in change.differing.items()
    ]


def fact_text(row, name, value) -> str:
    field = row._meta.get_field(name)
    if value in (None, ""):
        return _("未填")
    if isinstance(value, bool):
        return _("有") if value else _("没有")
    return str(dict(field.flatchoices).get(value, value))


def _again(form, change):
    """The same form with what was typed, standing on the version that is there now."""
    data = form.data.copy()
    data["version"] = str(change.version)
    form.data = data
    return form


@login_required
@require_http_methods(["GET", "POST"])
def mark_special(request, pk):
    """Why the household cannot sign in the ordinary way."""
    household = visible_household(request, pk)
    require(request.user, "households.mark_special", household)
    form = SpecialForm(request.POST or None, initial={"special": household.special})
    return by_form(
        request,
        form,
        partial(actions.mark_special, household),
        said=_("特殊情形已更新"),
        to=file_of(household),
        page=partial(form_page, request, household, form, _("登记特殊情形"), _("保存情形")),
    )


@login_required
@require_http_methods(["GET", "POST"])
def write_strategy(request, pk):
    """How this household is to be served."""
    household = visible_household(request, pk)
    require(request.user, "households.write_strategy", household)
    first = {"strategy": household.strategy, "version": household.version}
    form = StrategyForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_strategy(household, **form.cleaned_data, by=request.user)
        except Changed as change:
            context = {
                "household": household,
                "form": _again(form, change),
                "differing": _both(household, change),
            }
            return render(request, EDIT, context, status=409)
        messages.success(request, _("一户一策已保存"))
        return redirect("households:household_detail", pk)
    return form_page(request, household, form, _("写一户一策"), _("保存策略"))


def form_page(request, household, form, heading, button, **more):
    """A page of one question about a household."""
    context = {
        "household": household,
        "form": form,
        "heading": heading,
        "button": button,
        **more,
    }
    status = 422 if form.is_bound else 200
    return render(request, "households/files/form.html", context, status=status)


def file_of(household) -> str:
    """The address of a household's file, where most of what is done to it leads back."""
    return reverse("households:household_detail", args=[household.pk])
