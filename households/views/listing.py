"""The household list and what is done to a selection of it (户列表)."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community.limits import allow
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.exports import XLSX
from caoyang_portal.htmx import part
from households.actions import exports, files, letters
from households.documents.exports import export_file
from households.forms.listing import (
    SHOWN_COLUMNS,
    AssignForm,
    ExportForm,
    LettersForm,
    ListForm,
    PlanContactForm,
    SaveFilterForm,
    SelectionForm,
)
from households.models import Household, SavedFilter
from households.queries.listing import (
    SYSTEM_FILTERS,
    Search,
    counted_filters,
    ordered,
    saved_filters,
    stage_label,
    with_columns,
)
from households.rules.files import HOLDERS, PARTS_OF_OFFICE, parts_everywhere, visible_parts

LIST = "households/files/list.html"
SELECTION = "households/files/selection.html"
PRINT_AT_ONCE = 50


@login_required
@require_GET
def household_list(request):
    """The households of one's offices: searched, filtered, counted, paged."""
    if not request.user.holds(*PARTS_OF_OFFICE):
        if request.user.holds("auditor", "administrator", "street_official", "mediator"):
            reads_log = request.user.holds("auditor", "administrator")
            return render(request, "households/files/no_files.html", {"reads_log": reads_log})
        raise PermissionDenied
    seen = parts_everywhere(request.user)
    form = ListForm(request.GET, user=request.user, seen=seen, cols=request.GET.getlist("cols"))
    values = form.values()
    everyone = Household.objects.visible_to(request.user)
    search = _search(request.user, values, seen)
    rows = ordered(with_columns(search.apply(everyone)), values["sort"] or "")
    page = Paginator(rows, int(values["per"] or 50)).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "rows": [_row(request.user, home) for home in page],
        "columns": _columns(form, seen),
        "chips": _chips(form, values),
        "words": form.words(),
        # The part that htmx asks for does not show them.
        "filters": [] if request.htmx else _named_filters(request.user, everyone, seen),
        "save_form": SaveFilterForm(initial={"query": form.words()}),
        "may_select": request.user.holds("committee"),
    }
    response = render(request, part(request, LIST, "results"), context)
    if request.htmx:  # the address as one would send it on, without the empty words of the form
        response["HX-Push-Url"] = f"{request.path}?{context['words']}"
    return response


def _search(user, values, seen) -> Search:
    return Search(user, values, by_name=HOLDERS in seen)


def _row(user, home) -> dict:
    """A row with what its reader may see of just this household."""
    parts = visible_parts(user, home)
    return {
        "home": home,
        "shows": {
            name: need is None or need in parts for name, (_l, need) in SHOWN_COLUMNS.items()
        },
        "stage": stage_label(home.stage),
        "blank": _blank(home),
    }


def _blank(home) -> set[str]:
    """The columns in which this household has nothing; on a telephone they take no line."""
    kept = {
        "holders": home.right_holders,
        "area": home.living_area,
        "next": home.next_contact_on,
        "responsible": home.responsible_id,
    }
    return {name for name, value in kept.items() if not value}


def _columns(form, seen) -> list[dict]:
    """The columns shown; ``cols`` in the address chooses among those one may see."""
    now = form.cleaned_data.get("sort", "").split(",")[0]
    sortable = {"area", "stage", "contact", "next"}
    return [
        {
            "name": name,
            "label": str(label),
            "shown": name in form.columns,
            "sort": _sorted_by(form, name, now) if name in sortable else "",
        }
        for name, (label, need) in SHOWN_COLUMNS.items()
        if need is None or need in seen
    ]


def _sorted_by(form, name, now) -> str:
    """The address sorted by this column: what was first comes second, the same again turns round."""
    key = f"-{name}" if now == name else name
    second = "" if now.removeprefix("-") in ("", name) else f",{now}"
    return form.words(sort=key + second)


def _chips(form, values) -> list[dict]:
    """Each filter that is on, with the address without it."""
    chips = []
    for name, field in form.fields.items():
        value = values.get(name)
        if name in ("sort", "per") or not value:
            continue
        shown = dict(getattr(field, "choices", ())).get(value, value) if value is not True else ""
        label = f"{field.label}：{shown}" if shown else str(field.label)
        chips.append({"label": label, "without": form.words(**{name: ""})})
    return chips


def _named_filters(user, everyone, seen) -> list:
    """The system's searches and those kept by name, each with its count."""
    named = [(name, str(label), query, False, False) for name, label, query in SYSTEM_FILTERS]
    named += [
        (str(saved.pk), saved.name, saved.query, saved.owner_id == user.pk, saved.is_shared)
        for saved in saved_filters(user)
    ]
    choices = ListForm(user=user, seen=seen)
    searches = []
    for key, label, query, own, shared in named:
        words = dict(parse_qsl(query))
        if not set(words) <= set(choices.fields):
            continue  # a colleague's search by what this reader may not see
        searches.append(
            (key, label, query, _search(user, _cleaned(choices, words), seen), own, shared)
        )
    return counted_filters(everyone, searches)


def _cleaned(choices: ListForm, words: dict) -> dict:
    """Clean a kept query with the fields of ``choices``, whose options are fetched once."""
    values = {}
    for name, word in words.items():
        try:
            values[name] = choices.fields[name].clean(word)
        except ValidationError:  # a word that has lost its meaning does not filter
            continue
    return values


@login_required
@require_POST
def save_filter(request):
    """Keep the search on the screen under a name."""
    if not request.user.holds(*PARTS_OF_OFFICE):
        raise PermissionDenied
    form = SaveFilterForm(request.POST)
    query = form.data.get("query", "")[:500]
    places = request.user.places(*PARTS_OF_OFFICE)
    neighbourhood = Neighbourhood.objects.filter(pk__in=places).order_by("name").first()
    if form.is_valid() and neighbourhood:
        try:
            exports.save_filter(neighbourhood, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已保存，在列表上方随时能用"))
    else:
        messages.error(request, _("请给筛选起个名字，最多 40 个字"))
    return redirect(f"{reverse('households:household_list')}?{_tidy(query)}")


@login_required
@require_POST
def drop_filter(request, pk):
    """Forget a kept search."""
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    exports.drop_filter(saved, by=request.user)
    messages.success(request, _("筛选已删除"))
    return redirect("households:household_list")


def _tidy(query: str) -> str:
    return urlencode(parse_qsl(query))


def _picked(request):
    """The selection's form and households; the households are those one may see."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return form, []
    visible = Household.objects.visible_to(request.user)
    if form.cleaned_data["everything"]:
        seen = parts_everywhere(request.user)
        words = ListForm(form.search(), user=request.user, seen=seen)
        homes = _search(request.user, words.values(), seen).apply(visible)
    else:
        homes = visible.filter(pk__in=form.cleaned_data["ids"])
    homes = list(ordered(with_columns(homes, with_numbers=True), "")[:5001])
    if not form.cleaned_data["everything"] and len(homes) < len(form.cleaned_data["ids"]):
        form.add_error(None, _("选中的户里有您不能办理的，请回到列表重新选"))
    return form, homes


def _selection(request, heading, button, form, do, *, template=SELECTION, offices=("committee",)):
    """A deed for a selection: shown with what it means, done when it comes back filled in."""
    if not request.user.holds(*offices):
        raise PermissionDenied
    selection, homes = _picked(request)
    back = f"{reverse('households:household_list')}?{_tidy(request.POST.get('query', ''))}"
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
        "count": len(homes),
        "kept": selection.kept(),
        "back": back,
    }
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
        content = export_file(export, homes, values["columns"])
        name = _("居民户 %(n)s 户.xlsx") % {"n": export.rows}
        return HttpResponse(
            content,
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
