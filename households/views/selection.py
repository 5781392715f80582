"""What is done to a selection of the household list (批量办理)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community.limits import allow
from caoyang_portal.deeds import by_button
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.exports import XLSX
from caoyang_portal.htmx import part
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.views import serve
from households.actions import export_jobs, exports, files, letters, messaging, visits
from households.documents.exports import export_file
from households.forms.listing import (
    AssignForm,
    ExportForm,
    LettersForm,
    ListForm,
    MessageForm,
    PlanContactForm,
    SelectionForm,
    TagForm,
)
from households.models import CareTag, Export, GroupMessage, Household
from households.queries.listing import ordered, with_columns
from households.queries.messaging import TEMPLATES, audience, parts, text_of
from households.rules.files import parts_everywhere

from .listing import search_of, tidy

SELECTION = "households/files/selection.html"
PRINT_AT_ONCE = 50
MOST_UNDONE = 500  # a longer act is no slip of the hand


def _picked(request):
    """The selection's form and households; the households are those one may see."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return form, Household.objects.none()
    visible = Household.objects.visible_to(request.user)
    if form.cleaned_data["everything"]:
        seen = parts_everywhere(request.user)
        words = ListForm(form.search(), user=request.user, seen=seen)
        homes = search_of(request.user, words.values(), seen).apply(visible)
    else:
        homes = visible.filter(pk__in=form.cleaned_data["ids"])
    homes = ordered(homes.select_related("building", "neighbourhood"), "")
    if not form.cleaned_data["everything"] and homes.count() < len(form.cleaned_data["ids"]):
        form.add_error(None, _("选中的户里有您不能办理的，请回到列表重新选"))
    return form, homes


def _selection(
    request, heading, button, form, do, *, template=SELECTION, offices=("committee",), more=None
):
    """A deed for a selection: shown with what it means, done when it comes back filled in.

    ``do`` gets the households as a query. ``more`` adds what the page shows of them.
    """
    if not request.user.holds(*offices):
        raise PermissionDenied
    selection, homes = _picked(request)
    back = f"{reverse('households:household_list')}?{tidy(request.POST.get('query', ''))}"
    if not selection.is_valid():
        for error in selection.non_field_errors():
            messages.error(request, error)
        return redirect(back)
    sent = "go" in request.POST
    bound = form(request.POST) if sent else form(None)
    if sent and bound.is_valid():
        with shown_on(bound):
            answer = do(homes, bound.cleaned_data)
            return answer or redirect(back)
    context = {
        "heading": heading,
        "button": button,
        "form": bound,
        "homes": homes[:8],
        "count": homes.count(),
        "kept": selection.kept(),
        "back": back,
    } | (more(homes) if more else {})
    return render(request, template, context, status=422 if sent else 200)


@login_required
@require_POST
def assign_responsible(request):
    """Hand the selected households to a colleague."""

    def do(homes, values):
        moved = files.assign_responsible(homes, **values, by=request.user)
        messages.success(request, _("已指派 %(n)s 户") % {"n": moved})

    return _selection(
        request,
        _("指派责任人"),
        _("指派"),
        lambda data: AssignForm(data, user=request.user),
        do,
    )


@login_required
@require_POST
def plan_contact(request):
    """Set the day on which the selected households are to be contacted."""

    def do(homes, values):
        moved = files.plan_contact(homes, **values, by=request.user)
        messages.success(request, _("已给 %(n)s 户定了联系日期") % {"n": moved})

    offices = ("committee", "building_leader")
    return _selection(request, _("定联系日期"), _("定日期"), PlanContactForm, do, offices=offices)


@login_required
@require_POST
def issue_letters(request):
    """New letters for the selected households; up to fifty are printed while one waits."""

    def do(homes, values):
        job = letters.issue_letters(homes, by=request.user)
        if job.total <= PRINT_AT_ONCE:
            letters.print_letters(job.pk)
        return redirect("households:letter_job", job.pk)

    return _selection(
        request,
        _("打印告知书"),
        _("发告知书"),
        LettersForm,
        do,
        template="households/files/selection_letters.html",
    )


@login_required
@require_POST
def export_households(request):
    """The selected households as an Excel file."""

    def do(homes, values):
        if not allow(f"export:{request.user.pk}", 30, 3600):
            raise Refused(_("导出太频繁了，请一小时后再试"))
        export = exports.export_households(homes, **values, by=request.user)
        if export.state != Export.State.DIRECT:
            return redirect("households:export_detail", export.pk)
        rows = with_columns(homes, with_numbers=True)
        name = _("居民户 %(n)s 户.xlsx") % {"n": export.rows}
        return HttpResponse(
            export_file(export, rows, values["columns"]),
            content_type=XLSX,
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )

    first = {"columns": ["building", "address", "holders", "tenure", "stage", "responsible"]}
    return _selection(
        request,
        _("导出名单"),
        _("导出 Excel"),
        lambda data: ExportForm(data, initial=first),
        do,
    )


def _own_export(request, pk) -> Export:
    exports_of = Export.objects.visible_to(request.user).filter(by=request.user)
    return get_object_or_404(exports_of.exclude(state=Export.State.DIRECT), pk=pk)


@login_required
@require_GET
def export_detail(request, pk):
    """How far a long list is; the page looks again by itself until it is written."""
    template = "households/files/export.html"
    return render(
        request, part(request, template, "progress"), {"export": _own_export(request, pk)}
    )


@login_required
@require_POST
def download_export(request, pk):
    """The written list, for whoever asked for it, for a day."""
    export = _own_export(request, pk)
    try:
        file = export_jobs.download_export(export, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("households:export_detail", pk)
    return serve(request, file, download=True)


@login_required
@require_POST
def tag_households(request):
    """Put one care tag on the selected households, or take it off; a slip is undone from the list."""

    def do(homes, values):
        is_added = values["do"] == "add"
        act = visits.add_care_tags if is_added else visits.remove_care_tags
        tags = act(homes, kind=values["kind"], by=request.user)
        if is_added:
            words = ngettext("已给 %(n)s 户加上标签", "已给 %(n)s 户加上标签", len(tags))
        else:
            words = ngettext("已去掉 %(n)s 户的标签", "已去掉 %(n)s 户的标签", len(tags))
        messages.success(request, words % {"n": len(tags)})
        if 0 < len(tags) <= MOST_UNDONE:
            request.session["undo_tags"] = [values["do"], *(str(tag.pk) for tag in tags)]

    return _selection(request, _("关爱标签"), _("办理"), TagForm, do)


@login_required
@require_POST
def undo_tags(request):
    """Take back what was just done to care tags (撤销)."""
    done, *pks = request.session.pop("undo_tags", None) or ["none"]
    seen = CareTag.objects.visible_to(request.user).filter(pk__in=pks)
    tags = list(seen.select_related("household"))
    if not tags:
        messages.info(request, _("没有可撤销的"))
        return redirect("households:household_list")

    def undo(by):
        if done == "remove":
            return visits.restore_care_tags(tags, by=by)
        homes = [tag.household for tag in tags]
        return visits.remove_care_tags(homes, kind=tags[0].kind, by=by)

    return by_button(request, undo, said=_("已撤销"), to=reverse("households:household_list"))


@login_required
@require_POST
def message_households(request):
    """An SMS to the right holders of the selected households: what it says, whom it reaches, its cost."""

    def do(homes, values):
        message = messaging.send_group_message(homes, **values, by=request.user)
        return redirect("households:group_message", message.pk)

    def more(homes):
        whom = audience(homes)
        first = homes.first()
        place = first.neighbourhood if first else None
        texts = [(label, text_of(name, place)) for name, (label, _t) in TEMPLATES.items() if place]
        return {
            "whom": whom,
            "texts": [(label, text, parts(text), whom.cost(text)) for label, text in texts],
        }

    return _selection(
        request,
        _("群发短信"),
        _("发出短信"),
        lambda data: MessageForm(data, initial={"key": new_id()}),
        do,
        template="households/files/selection_message.html",
        more=more,
    )


@login_required
@require_GET
def group_message(request, pk):
    """What became of an SMS to many; within a minute it can still be stopped."""
    message = get_object_or_404(GroupMessage.objects.visible_to(request.user), pk=pk)
    context = {"message": message, "people": len(message.readers)}
    template = "households/files/group_message.html"
    return render(request, part(request, template, "progress"), context)


@login_required
@require_POST
def cancel_group_message(request, pk):
    """Stop it while it waits."""
    message = get_object_or_404(GroupMessage.objects.visible_to(request.user), pk=pk)
    return by_button(
        request,
        lambda by: messaging.cancel_group_message(message, by=by),
        said=_("短信已撤回，没有发出"),
        to=reverse("households:group_message", args=[message.pk]),
    )
