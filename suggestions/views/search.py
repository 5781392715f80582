"""The public list of suggestions (建议列表): searched, filtered, put in order, page by page."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from suggestions.forms.search import EVERYWHERE, SearchForm
from suggestions.models import Suggestion
from suggestions.queries import finding

from .suggestions import homes_of, query_without_page

PER_PAGE = 20
FILTERS = ("state", "category", "building", "unit", "year")


@require_GET
def suggestion_list(request):
    """What was proposed, at home unless one asks for elsewhere, with the next promised day of each."""
    homes = homes_of(request)
    shown = Suggestion.objects.public()
    years = finding.years_of(shown.filter(neighbourhood__in=homes) if homes else shown)
    form = SearchForm(request.GET, homes=homes, years=years)
    wanted = form.wanted()
    rows = _at(shown, wanted["place"], form.places, homes)
    found = finding.find(
        finding.narrowed(rows, wanted).select_related(
            "neighbourhood", "merged_into", "building", "unit"
        ),
        wanted["q"],
        order=wanted["order"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PER_PAGE,
    )
    context = {
        "form": form,
        "found": found,
        "leaf": found.leaf,
        "wanted": wanted,
        "is_narrowed": any(wanted[name] for name in ("q", *FILTERS)),
        "today": timezone.localdate(),
        "query": query_without_page(request),
    }
    return render(request, "suggestions/suggestions/list.html", context)


def _at(rows, place, places, homes):
    if place in places:
        return rows.filter(neighbourhood=places[place])
    if homes and place != EVERYWHERE:
        return rows.filter(neighbourhood__in=homes)
    return rows
