"""The signing boards: for staff, for residents, for everyone, for the wall (签约看板)."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may
from caoyang_portal.htmx import part
from households import charts
from households.actions import board as actions
from households.forms.board import CheckInclusionForm, FindProjectForm
from households.models import Household, Project
from households.queries import board as queries

OPEN_STAGES = [
    *Project.CHAIN[Project.CHAIN.index(Project.Stage.SIGNING) :],
    Project.Stage.LAPSED,
]
PER_PAGE = 50
FRESH_FOR = 1  # seconds a public figure may be old inside this process


@login_required
@require_GET
def board_list(request):
    """Every project one may see, with its rate (签约进度)."""
    projects = Project.objects.visible_to(request.user).select_related("neighbourhood")
    projects = projects.filter(snapshot__isnull=False)
    if projects.count() == 1:
        return redirect("households:board", projects.get().pk)
    return _lines_page(request, projects, "households/board/board_list.html")


@require_GET
def public_list(request):
    """Every project whose figures are open to everyone (阳光公示)."""
    projects = Project.objects.filter(snapshot__isnull=False, stage__in=OPEN_STAGES)
    projects = projects.select_related("neighbourhood")
    return _lines_page(request, projects, "households/board/public_list.html")


def _lines_page(request, projects, template):
    """Projects by place, with a word of the place's or the project's name to find one by."""
    form = FindProjectForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    if wanted:
        projects = projects.filter(
            Q(name__icontains=wanted) | Q(neighbourhood__name__icontains=wanted)
        )
    ordered = projects.order_by("neighbourhood__name", "name", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    lines = queries.lines(page.object_list)
    return render(request, template, {"page": page, "lines": lines, "wanted": wanted})


@login_required
@require_GET
def board(request, pk):
    """The live board of one project."""
    project = _visible(request, pk)
    return _board_page(request, project, "households/board/board.html")


@require_GET
def public_board(request, code):
    """The same figures for everyone, by building, with their proof (阳光公示)."""
    project = _public(code)
    template = "households/board/public_board.html"
    if request.GET.get("screen"):
        template = "households/board/screen.html"
    return _board_page(request, project, template)


def _board_page(request, project, template):
    board = _figures(project)
    if request.htmx and request.GET.get("seen") == board.tag:
        return HttpResponse(status=204)  # nothing moved: nothing on the page moves either
    page = {
        "project": project,
        **_shell(project),
        "board": board,
        "chart": charts.trend_chart(board.days, board.rates.total.total, project.threshold_pct),
        "published": queries.latest_board(project),
        "may_publish": may(request.user, "households.publish_board", project),
        "may_see_grid": may(request.user, "households.see_grid", project),
        "check_form": CheckInclusionForm(),
        "screen": request.GET.get("screen", ""),
    }
    return render(request, part(request, template, "figures"), page)


@login_required
@require_GET
def grid(request, pk):
    """The building grid (签约图): every household one may see, with its state."""
    project = _visible(request, pk)
    if not may(request.user, "households.see_grid", project):
        return redirect("households:board", pk)
    board = _figures(project)
    buildings = queries.grid(project, Household.objects.visible_to(request.user))
    page = {
        "project": project,
        **_shell(project),
        "board": board,
        "buildings": buildings,
        "states": [(state, state.label, queries.GLYPHS[state]) for state in queries.CellState],
    }
    return render(request, part(request, "households/board/grid.html", "cells"), page)


@login_required
@require_POST
def publish_board(request, pk):
    project = _visible(request, pk)
    actions.publish_board(project, by=request.user)
    messages.success(request, _("公示榜已发布，任何人都可以核对"))
    return redirect("households:public_board", project.code)


@require_GET
def board_json(request, code):
    """The public figures for screens and mirrors, with an ETag."""
    etag, body = caches["local"].get_or_set(
        f"board.json:{code}", lambda: _tag_and_json(code), FRESH_FOR
    )
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=FRESH_FOR)
    return response


@require_GET
def proof_json(request, code):
    """What is needed to recompute the last published board."""
    published = queries.latest_board(_public(code))
    if published is None:
        return JsonResponse({"problem": _("尚未发布公示榜")}, status=404)
    response = JsonResponse(
        queries.proof_file(published), json_dumps_params={"ensure_ascii": False}
    )
    response["Content-Disposition"] = f'attachment; filename="{code}-proof.json"'
    return response


@require_GET
def check_inclusion(request, code):
    """Whether one's own sealed agreement is among those the published rate covers."""
    project = _public(code)
    published = queries.latest_board(project)
    form = CheckInclusionForm(request.GET if "sha256" in request.GET else None)
    found = None
    if form.is_valid() and published:
        found = queries.inclusion(published, form.cleaned_data["sha256"])
    page = {"published": published, "form": form, "found": found}
    page |= {"project": project, **_shell(project)}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "households/board/check_inclusion.html", page, status=status)


def _visible(request, pk) -> Project:
    projects = Project.objects.visible_to(request.user).filter(snapshot__isnull=False)
    return get_object_or_404(projects.select_related("neighbourhood"), pk=pk)


def _public(code) -> Project:
    projects = Project.objects.filter(snapshot__isnull=False, stage__in=OPEN_STAGES)
    return get_object_or_404(projects.select_related("neighbourhood"), code=code)


def _shell(project) -> dict:
    """The page is of the project's neighbourhood, whoever looks at it."""
    place = project.neighbourhood
    return {"neighbourhood": place, "committee_phone": place.committee_phone}


def _figures(project):
    """The board, computed at most once a second in this process; without Redis too."""
    key = f"board:{project.neighbourhood_id}:{project.pk}:{project.stage}"
    return caches["local"].get_or_set(key, lambda: queries.board_of(project), FRESH_FOR)


def _tag_and_json(code) -> tuple[str, str]:
    """The answer as thousands of screens are given it, made once a second in this process."""
    board = queries.board_of(_public(code))
    return quote_etag(board.tag), json.dumps(_as_json(board), ensure_ascii=False)


def _as_json(board):
    rates = board.rates
    return {
        "project": board.project.code,
        "stage": board.project.stage,
        "threshold_pct": board.project.threshold_pct,
        "as_of": board.as_of.isoformat(timespec="seconds"),
        "total": {
            "signed": rates.total.signed,
            "total": rates.total.total,
            "rate": rates.total.shown,
        },
        "tenants": {"signed": rates.tenants.signed, "total": rates.tenants.total},
        "owners": {"signed": rates.owners.signed, "total": rates.owners.total},
        "missing": board.missing,
        "buildings": [
            {"building": place.name, "signed": place.rate.signed, "total": place.rate.total}
            for place in board.buildings
        ],
    }
