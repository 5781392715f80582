"""Materials on the screen (材料): the resident hands them in, the committee looks at them."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.limits import allow
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from households.actions import materials as actions
from households.actions.progress import note_step
from households.forms.materials import (
    AskForMaterialForm,
    HandInForm,
    ReturnForm,
    SlotForm,
)
from households.models import Agreement, Material, MaterialFile, MaterialItem, Project
from households.queries.materials import slots

from .signing import step

FILES_PER_HOUR = (60, 3600)
STEP = "households/signing/materials.html"


@require_http_methods(["GET", "POST"])
@step
def materials(request, journey):
    """④ What the committee has to see: handed in here, or brought along (上传材料)."""
    if request.method == "POST":
        note_step(journey.agreement, request.user, "materials_seen_at")
        return redirect("households:sign_tasks", journey.agreement.pk)
    return _step_page(request, journey)


@require_POST
@step
def hand_in(request, journey):
    """Take in the files of one material; the page comes back with what is there."""
    form = HandInForm(request.POST, request.FILES)
    if not form.is_valid():
        return _step_page(request, journey, _first_error(form))
    try:
        _take_in(request, journey.agreement, **form.cleaned_data)
    except Refused as refusal:
        return _step_page(request, journey, str(refusal))
    messages.success(request, _("收到了。居委核对以后，有问题会告诉您。"))
    return redirect("households:sign_materials", journey.agreement.pk)


def _take_in(request, agreement, *, key, photos):
    if not allow(f"materials:{request.user.pk}", *FILES_PER_HOUR):
        raise Refused(_("传得太勤了，请过一小时再传，或带到居委。"))
    place = agreement.neighbourhood_id
    kept = [
        intake.take_in(one, neighbourhood_id=place, by=request.user, conceal=True)
        for one in photos
    ]
    try:
        actions.hand_in_material(agreement, key=key, files=kept, by=request.user)
    except Refused:
        with transaction.atomic():  # nobody is to have these
            for one in kept:
                intake.discard(one)
        raise


def _first_error(form) -> str:
    return next(error for errors in form.errors.values() for error in errors)


def _step_page(request, journey, trouble=""):
    found = slots(journey.agreement)
    page = {
        "journey": journey,
        "agreement": journey.agreement,
        "slots": [(slot, slot.of(request.user.pk)) for slot in found],
        "owes": any(slot.is_owed for slot in found),
        "trouble": trouble,
        "back": reverse("households:sign_tasks", args=[journey.agreement.pk]),
    }
    return render(request, STEP, page, status=422 if trouble else 200)


@require_GET
@step
def own_file(request, journey, file_pk):
    """What one handed in oneself."""
    return serve(request, _own(request, journey, file_pk).file)


@require_POST
@step
def take_back(request, journey, file_pk):
    file = _own(request, journey, file_pk)
    return by_button(
        request,
        partial(actions.take_back_material, file),
        said=_("已撤回，这张照片已销毁"),
        to=reverse("households:sign_materials", args=[journey.agreement.pk]),
    )


def _own(request, journey, pk) -> MaterialFile:
    files = MaterialFile.objects.visible_to(request.user).filter(
        material__household=journey.agreement.household_id
    )
    return get_object_or_404(files.select_related("file", "material__household"), pk=pk)


# The committee's side; led back to the page it was pressed on.


@login_required
@require_POST
def read_material(request, pk, file_pk):
    """One file; opening it is noted."""
    agreement = _at_desk(request, pk, "read_material")
    files = MaterialFile.objects.filter(material__in=_materials(request, agreement))
    file = get_object_or_404(files.select_related("file", "material__household"), pk=file_pk)
    return serve(request, actions.read_material(file, by=request.user))


@login_required
@require_POST
def check_material(request, pk, material_pk):
    agreement = _at_desk(request, pk, "check_material")
    material = get_object_or_404(_materials(request, agreement), pk=material_pk)
    act = partial(actions.check_material, material)
    return by_button(request, act, said=_("已核对"), to=_pressed_on(request, agreement))


@login_required
@require_http_methods(["GET", "POST"])
def return_material(request, pk, material_pk):
    """Another one is needed, because …"""
    agreement = _at_desk(request, pk, "return_material")
    material = get_object_or_404(_materials(request, agreement), pk=material_pk)
    form = ReturnForm(request.POST or None)
    page = {
        "form": form,
        "heading": _("要再交一份：%(what)s") % {"what": material.item.name},
        "about": agreement.household.address,
        "words": _("住户会收到短信和消息，写明要补什么，别写别人的隐私。"),
        "button": _("通知住户再交"),
        "back": _pressed_on(request, agreement),
    }
    return by_form(
        request,
        form,
        partial(actions.return_material, material),
        said=_("已通知住户再交一份"),
        to=_pressed_on(request, agreement),
        page=lambda: render(request, "households/agreements/deed.html", page),
    )


@login_required
@require_POST
def note_material_seen(request, pk):
    agreement = _at_desk(request, pk, "note_material_seen")
    form = SlotForm(request.POST)
    if not form.is_valid():
        raise Http404
    act = partial(actions.note_material_seen, agreement, key=form.cleaned_data["key"])
    said = _("已记：柜台看过原件")
    return by_button(request, act, said=said, to=_pressed_on(request, agreement))


def _at_desk(request, pk, act) -> Agreement:
    """The agreement whose household's materials are looked at."""
    seen = Agreement.objects.visible_to(request.user).select_related(
        "household", "project", "neighbourhood"
    )
    agreement = get_object_or_404(seen, pk=pk)
    subject = Material(
        household_id=agreement.household_id, neighbourhood_id=agreement.neighbourhood_id
    )
    require(request.user, f"households.{act}", subject)
    return agreement


def _materials(request, agreement):
    return Material.objects.visible_to(request.user).filter(
        household=agreement.household_id, item__project=agreement.project_id
    )


def _pressed_on(request, agreement) -> str:
    if "file" in (request.POST.get("from"), request.GET.get("from")):
        return reverse("households:household_detail", args=[agreement.household_id]) + "#materials"
    return reverse("households:agreement_detail", args=[agreement.pk]) + "#materials"


# What a project asks for.


@login_required
@require_http_methods(["GET", "POST"])
def material_items(request, pk):
    """The list of materials: what, of whom, needed or not (材料清单)."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(request.user, "households.ask_for_material", project)
    form = AskForMaterialForm(request.POST or None)
    page = {
        "project": project,
        "items": MaterialItem.objects.filter(project=project, dropped_at=None),
        "form": form,
        "back": reverse("households:project_detail", args=[pk]),
    }
    return by_form(
        request,
        form,
        partial(actions.ask_for_material, project),
        said=_("清单已增加一种材料"),
        to=reverse("households:material_items", args=[pk]),
        page=lambda: render(request, "households/projects/material_items.html", page),
    )


@login_required
@require_POST
def drop_material_item(request, pk, item_pk):
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    require(request.user, "households.drop_material_item", project)
    item = get_object_or_404(MaterialItem, pk=item_pk, project=project)
    act = partial(actions.drop_material_item, item)
    to = reverse("households:material_items", args=[pk])
    return by_button(request, act, said=_("以后不再要这种材料"), to=to)
