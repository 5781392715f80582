"""The household list, the searches kept of it and its look (户列表)."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.errors import Refused
from caoyang_portal.htmx import part
from households.actions import exports
from households.forms.listing import SHOWN_COLUMNS, ListForm, LookForm, SaveFilterForm
from households.models import Household, ListLook, SavedFilter
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


@login_required
@require_GET
def household_list(request):
    """The households of one's offices: searched, filtered, counted, paged."""
    if not request.user.holds(*PARTS_OF_OFFICE):
        if request.user.holds("auditor", "administrator", "street_official", "mediator"):
            reads_log = request.user.holds("auditor", "administrator")
            return render(request, "households/files/no_files.html", {"reads_log": reads_log})
        raise PermissionDenied
    default = SavedFilter.objects.filter(owner=request.user, is_default=True).first()
    if default and not request.GET:  # the bare address; "看全部" says so in its own
        return redirect(f"{request.path}?{tidy(default.query)}")
    seen = parts_everywhere(request.user)
    look = ListLook.objects.filter(owner=request.user).first()
    form = ListForm(
        request.GET, user=request.user, seen=seen, cols=request.GET.getlist("cols"), look=look
    )
    values = form.values()
    everyone = Household.objects.visible_to(request.user)
    search = search_of(request.user, values, seen)
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
        "look": form,
        "all": f"{request.path}?all=1" if default else request.path,
        "undo": request.session.get("undo_tags"),
        "may_select": request.user.holds("committee"),
    }
    response = render(request, part(request, LIST, "results"), context)
    if request.htmx:  # the address as one would send it on, without the empty words of the form
        response["HX-Push-Url"] = f"{request.path}?{context['words']}"
    return response


def search_of(user, values, seen) -> Search:
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
        if name in ("sort", "per", "density") or not value:
            continue
        shown = dict(getattr(field, "choices", ())).get(value, value) if value is not True else ""
        label = f"{field.label}：{shown}" if shown else str(field.label)
        chips.append({"label": label, "without": form.words(**{name: ""})})
    return chips


def _named_filters(user, everyone, seen) -> list:
    """The system's searches and those kept by name, each with its count."""
    named = [
        (name, str(label), query, False, False, False) for name, label, query in SYSTEM_FILTERS
    ]
    named += [
        (
            str(saved.pk),
            saved.name,
            saved.query,
            saved.owner_id == user.pk,
            saved.is_shared,
            saved.is_default and saved.owner_id == user.pk,
        )
        for saved in saved_filters(user)
    ]
    choices = ListForm(user=user, seen=seen)
    searches = []
    for key, label, query, own, shared, default in named:
        words = {name: word for name, word in parse_qsl(query) if name != "cols"}
        if not set(words) <= set(choices.fields):
            continue  # a colleague's search by what this reader may not see
        searches.append(
            (
                key,
                label,
                query,
                search_of(user, _cleaned(choices, words), seen),
                own,
                shared,
                default,
            )
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
    return redirect(f"{reverse('households:household_list')}?{tidy(query)}")


@login_required
@require_POST
def drop_filter(request, pk):
    """Forget a kept search."""
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    exports.drop_filter(saved, by=request.user)
    messages.success(request, _("筛选已删除"))
    return redirect("households:household_list")


@login_required
@require_POST
def set_default_filter(request, pk):
    """The list opens with this search from now on, or with everything again."""
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    is_default = request.POST.get("on") == "1"
    exports.set_default_filter(saved, is_default=is_default, by=request.user)
    said = _("以后打开列表就用这个筛选") if is_default else _("以后打开列表看全部")
    messages.success(request, said)
    return redirect(f"{reverse('households:household_list')}?{tidy(saved.query) or 'all=1'}")


@login_required
@require_POST
def keep_look(request):
    """Remember the columns and the density on the screen."""
    if not request.user.holds(*PARTS_OF_OFFICE):
        raise PermissionDenied
    form = LookForm(request.POST)
    places = request.user.places(*PARTS_OF_OFFICE)
    neighbourhood = Neighbourhood.objects.filter(pk__in=places).order_by("name").first()
    if form.is_valid() and neighbourhood:
        exports.keep_look(neighbourhood, **form.cleaned_data, owner=request.user)
        messages.success(request, _("记住了，以后都这样显示"))
    query = request.POST.get("query", "")[:500]
    return redirect(f"{reverse('households:household_list')}?{tidy(query) or 'all=1'}")


def tidy(query: str) -> str:
    return urlencode(parse_qsl(query))
