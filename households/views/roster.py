"""Pages of taking a roster in (导入名册): upload, headings, result, progress, undo."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl.utils import get_column_letter

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.exports import XLSX
from caoyang_portal.htmx import part
from caoyang_portal.uploads.intake import MAX_BYTES, read_capped
from households.actions import roster as actions
from households.documents.roster import template_workbook
from households.forms.roster import ColumnsForm, SheetForm, UploadRosterForm
from households.models import ImportBatch
from households.queries import roster_pages, roster_uploads
from households.queries.roster_file.headings import FIELDS, REQUIRED, heading_at
from households.queries.roster_file.workbook import Sheet, read_workbook
from households.queries.roster_undo import undo_blockers

LIST = "households/roster/import_list.html"
COLUMNS = "households/roster/columns.html"
DETAIL = "households/roster/import_detail.html"
PER_PAGE = 50
State = ImportBatch.State


def _batch(request, pk) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user).select_related(
        "neighbourhood", "uploaded_by", "imported_by", "file"
    )
    return get_object_or_404(batches, pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def import_list(request):
    """Upload a roster, and see the imports there were."""
    places = request.user.places("committee")
    if not places:
        raise PermissionDenied("households.upload_roster")
    form = UploadRosterForm(
        request.POST or None,
        request.FILES or None,
        neighbourhoods=Neighbourhood.objects.filter(pk__in=places).order_by("name"),
    )
    if form.is_valid():
        with shown_on(form):
            file = form.cleaned_data["file"]
            batch = actions.upload_roster(
                read_capped(file, MAX_BYTES),
                file.name,
                neighbourhood=form.cleaned_data["neighbourhood"],
                by=request.user,
            )
            return redirect("households:choose_columns", batch.pk)
    batches = ImportBatch.objects.visible_to(request.user).select_related(
        "neighbourhood", "uploaded_by", "imported_by"
    )
    page = Paginator(batches.order_by("-uploaded_at"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "several_places": len(places) > 1}
    return render(request, LIST, context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def import_template(request):
    return _download(template_workbook(), _("住户清册模板.xlsx"))


@login_required
@require_http_methods(["GET", "POST"])
def choose_columns(request, pk):
    """The guess about the columns, to be confirmed or corrected."""
    batch = _batch(request, pk)
    if batch.state not in (State.UPLOADED, State.CHECKED):
        return redirect("households:import_detail", batch.pk)
    at, headings, mapping, samples = _shown_headings(request, batch)
    sheets = json.loads(batch.head)["sheets"]
    form = ColumnsForm(
        request.POST or None,
        sheets=sheets,
        headings=headings,
        mapping=mapping,
        initial=at,
    )
    if form.is_valid():
        with shown_on(form):
            actions.choose_columns(
                batch,
                sheet=at["sheet"],
                heading_row=at["row"],
                mapping=form.mapping(),
                by=request.user,
            )
            return redirect("households:import_detail", batch.pk)
    context = {
        "batch": batch,
        "form": form,
        "sheet_form": SheetForm(initial=at, sheets=sheets, auto_id="at_%s"),
        "columns": [
            (get_column_letter(column), form[f"column_{column}"], samples.get(column, []))
            for column in form.columns
        ],
        "required": [FIELDS[of][0] for of in REQUIRED],
        "before": roster_pages.same_file_before(batch),
        "back": reverse("households:import_list"),
    }
    return render(request, COLUMNS, context, status=422 if form.is_bound else 200)


def _shown_headings(request, batch: ImportBatch) -> tuple[dict, dict, dict, dict]:
    """Sheet and row asked for, or those of the batch, with their headings, guess and samples."""
    head = json.loads(batch.head)
    at: dict[str, Any] = {"sheet": batch.sheet, "row": batch.heading_row}
    wanted = SheetForm(request.POST or request.GET, sheets=head["sheets"])
    if wanted.is_valid() and wanted.cleaned_data != at:
        at = dict(wanted.cleaned_data)
        return at, *_headings_of(batch, **at)
    headings, mapping, samples = (
        {int(column): said for column, said in each.items()}
        for each in (head["headings"], batch.mapping, head["samples"])
    )
    return at, headings, mapping, samples


def _headings_of(batch: ImportBatch, sheet: str, row: int) -> tuple[dict, dict, dict]:
    """Headings, guess and samples at another sheet or row than the one we found."""
    sheets = read_workbook(roster_uploads.content_of(batch))
    shown = next((s for s in sheets if s.name == sheet), Sheet("", [], []))
    heading = heading_at(shown, row)
    samples = json.loads(roster_uploads.head_of(sheets, shown, heading))["samples"]
    return heading.texts, heading.mapping, {int(c): cells for c, cells in samples.items()}


@login_required
@require_GET
def import_detail(request, pk):
    """Progress while it goes on, then the result row by row."""
    batch = _batch(request, pk)
    if batch.state == State.UPLOADED:
        return redirect("households:choose_columns", batch.pk)
    return render(request, part(request, DETAIL, "import"), _detail(request, batch))


def _detail(request, batch: ImportBatch, refusal: str = "") -> dict:
    show = request.GET.get("show", "")
    page = Paginator(roster_pages.rows_shown(batch, show), PER_PAGE).get_page(
        request.GET.get("page")
    )
    ends_at = batch.undo_ends_at()
    can_undo = ends_at is not None and timezone.now() < ends_at
    return {
        "batch": batch,
        "refusal": refusal,
        "area": roster_pages.square_metres(batch.living_area_total),
        "show": show,
        "query": f"show={show}" if show in roster_pages.SHOWS else "",
        "chips": roster_pages.chips(batch),
        "page": page,
        "lines": roster_pages.lines(batch, page),
        "headings": [roster_pages.label_of(of) for of in roster_pages.SHOWN],
        "undo_ends_at": ends_at if can_undo else None,
        "blockers": undo_blockers(batch) if can_undo else [],
        "before": roster_pages.same_file_before(batch) if batch.state == State.CHECKED else None,
        "listed": roster_pages.listed_project(batch) if batch.state == State.CHECKED else None,
        "back": reverse("households:import_list"),
    }


@login_required
@require_GET
def import_errors(request, pk):
    """Their own file, with the red column 错误原因."""
    batch = _batch(request, pk)
    name = batch.file_name.rsplit(".", 1)[0]
    return _download(roster_uploads.annotated(batch), _("%(name)s 错误原因.xlsx") % {"name": name})


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _done_or_refused(request, batch: ImportBatch, act, done: str = "", **facts):
    """Do an act with a batch; a refusal comes back on its own page."""
    try:
        act(batch, by=request.user, **facts)
    except Refused as refusal:
        batch = _batch(request, batch.pk)
        return render(request, DETAIL, _detail(request, batch, str(refusal)), status=422)
    if done:
        messages.success(request, done)
    return redirect("households:import_detail", batch.pk)


@login_required
@require_POST
def start_import(request, pk):
    only_good_rows = request.POST.get("rows") == "good"
    return _done_or_refused(
        request, _batch(request, pk), actions.start_import, only_good_rows=only_good_rows
    )


@login_required
@require_POST
def undo_import(request, pk):
    done = _("已撤销，档案恢复到导入以前。")
    return _done_or_refused(request, _batch(request, pk), actions.undo_import, done)


@login_required
@require_POST
def discard_batch(request, pk):
    return _done_or_refused(
        request, _batch(request, pk), actions.discard_batch, _("已放弃，没有导入。")
    )
