"""Figures of suggestions for everyone (建议统计): the same numbers on the page and in the file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.exports import csv_text
from suggestions.forms.search import FiguresForm
from suggestions.queries.figures import MEASURES, figures

from .suggestions import homes_of

HIDDEN = "—"


def _asked(request):
    """The neighbourhood and the year, at home and now unless the address says otherwise."""
    today = timezone.localdate()
    form = FiguresForm(request.GET)
    form.is_valid()
    place = form.cleaned_data.get("place") or next(iter(homes_of(request)), None)
    place = place or Neighbourhood.objects.order_by("name").first()
    if place is None:
        raise Http404
    return place, form.cleaned_data.get("year") or today.year, today


@require_GET
def suggestion_figures(request):
    place, year, today = _asked(request)
    context = {
        "place": place,
        "year": year,
        "form": FiguresForm(initial={"place": place.pk, "year": year}),
        "measures": MEASURES,
        "tables": figures(place, year, today),
        "back": reverse("suggestions:suggestion_list"),
    }
    return render(request, "suggestions/suggestions/figures.html", context)


@require_GET
def suggestion_figures_csv(request):
    place, year, today = _asked(request)
    tables = figures(place, year, today)
    headings = [_("居民区"), _("年份"), _("按什么"), _("哪一个")]
    headings += [
        f"{measure.label}：{label}" for measure in MEASURES for _name, label in measure.columns
    ]
    rows = [
        [place.name, year, str(table.label), line.label, *_cells(line)]
        for table in tables
        for line in (*table.lines, table.whole)
    ]
    return HttpResponse(
        csv_text(rows, headings),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="figures-{place.code}-{year}.csv"'},
    )


def _cells(line):
    return [HIDDEN if cell is None else cell for part in line.parts for cell in part.cells]
