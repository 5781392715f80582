"""The desk of issues: gathered, sorted, merged and taken apart, voted on, reported (问题整理)."""

import datetime as dt
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import congress_issues as actions
from consultation.actions.congress_ballot import draft_top_ten as draft
from consultation.forms import congress as forms
from consultation.forms.resolutions import BodyForm
from consultation.models import AreaBallot, Congress, CongressIssue, Matter, MergeRecord
from consultation.queries import congress as queries

from .congress_desk import areas_of_staff, at, congress_here, desk_page
from .desk import GET_OR_POST, form_page
from .resolution_desk import bodies

PER_PAGE = 100
MERGES = 30


@login_required
@require_GET
def desk_issues(request, pk):
    """All of them, with boxes to tick for merging; below, the mergings that stand."""
    congress = congress_here(request, pk)
    wanted = forms.FindIssueForm(request.GET).wanted()
    issues = congress.issues.select_related(
        "neighbourhood", "merged_into", "hearing", "resolution"
    )
    issues = queries.found_issues(issues, **wanted).order_by("number")
    page = Paginator(issues, PER_PAGE).get_page(request.GET.get("page"))
    gathering = congress.state == Congress.State.GATHERING
    runs = may(request.user, "consultation.merge_issues", congress)
    reports = request.user.reach("street_official", "committee")
    takes = request.user.places("committee")
    return desk_page(
        request,
        congress,
        "issues",
        page=page,
        wanted=wanted,
        query=urlencode({name: value for name, value in wanted.items() if value}),
        states=CongressIssue.State.choices,
        kinds=Matter.choices,
        areas=congress.areas.order_by("name"),
        merges=queries.live_merges(congress)[:MERGES],
        reports=reports,
        takes=takes,
        may_sort=gathering and runs,
        may_gather=gathering and areas_of_staff(request, congress).exists(),
        figures=queries.figures(congress),
    )


@login_required
@GET_OR_POST
def gather_issue(request, pk):
    congress = congress_here(request, pk)
    areas = areas_of_staff(request, congress)
    area = areas.first() or congress.neighbourhood
    require(request.user, "consultation.gather_issue", CongressIssue(neighbourhood=area))
    hearings = congress.hearings.filter(neighbourhood__in=areas).select_related("neighbourhood")
    form = forms.GatherForm(request.POST or None, areas=areas, hearings=hearings)
    page = partial(
        form_page, request, None, form, _("收录问题"), _("收录"), back=at("desk_issues", congress)
    )
    return by_form(
        request,
        form,
        partial(actions.gather_issue, congress),
        said=lambda issue: _("已收录，第 %(n)s 号") % {"n": issue.number},
        to=at("desk_issues", congress),
        page=page,
    )


def _issue(request, pk) -> CongressIssue:
    issue = get_object_or_404(
        CongressIssue.objects.select_related("congress__sub_district", "neighbourhood"), pk=pk
    )
    congress_here(request, issue.congress_id)
    return issue


@login_required
@GET_OR_POST
def sort_issue(request, pk):
    issue = _issue(request, pk)
    require(request.user, "consultation.sort_issue", issue)
    to = at("desk_issues", issue.congress)
    first = {"category": issue.category, "note": issue.became}
    form = forms.SortForm(request.POST or None, initial=first)
    notes = [issue.text, f"{issue.neighbourhood.name} · {issue.get_source_display()}"]
    page = partial(form_page, request, None, form, _("整理问题"), _("保存"), notes=notes, back=to)
    act = partial(actions.sort_issue, issue)
    return by_form(request, form, act, said=_("已整理"), to=to, page=page)


@login_required
@GET_OR_POST
def report_issue(request, pk):
    issue = _issue(request, pk)
    require(request.user, "consultation.report_issue", issue)
    to = at("desk_issues", issue.congress)
    form = forms.ReportForm(request.POST or None, initial={"became": issue.became})
    page = partial(
        form_page, request, None, form, _("写问题进展"), _("保存"), notes=[issue.text], back=to
    )
    act = partial(actions.report_issue, issue)
    return by_form(request, form, act, said=_("已保存，大家看得到"), to=to, page=page)


@login_required
@GET_OR_POST
def take_issue(request, pk):
    """From one of the ten to whoever carries it out, by the end of the year it was planned for."""
    issue = _issue(request, pk)
    require(request.user, "consultation.take_issue", issue)
    first = {
        "text": issue.text,
        "due_on": dt.date(issue.planned_for, 12, 31) if issue.planned_for else None,
    }
    form = BodyForm(request.POST or None, initial=first, bodies=bodies(issue.neighbourhood))
    page = partial(
        form_page, request, None, form, _("列入决议"), _("列入决议"), notes=[issue.text],
        back=at("desk_issues", issue.congress),
    )  # fmt: skip
    return by_form(
        request, form, partial(actions.take_issue, issue),
        said=lambda one: _("已列入决议 %(number)s") % {"number": one.number},
        to=lambda one: reverse("consultation:resolution", args=[one.pk]), page=page,
    )  # fmt: skip


@login_required
@GET_OR_POST
def merge_issues(request, pk):
    """The ticked ones (GET) are looked at once more, then merged (POST)."""
    congress = congress_here(request, pk)
    require(request.user, "consultation.merge_issues", congress)
    to = at("desk_issues", congress)
    ticked = forms.MergeForm(request.GET, issues=congress.issues.all())
    ticked.is_valid()
    chosen = ticked.cleaned_data.get("issues") or CongressIssue.objects.none()
    if request.method == "GET" and len(chosen) < 2:
        return redirect(to)
    first = {"issues": [issue.pk for issue in chosen]}
    form = forms.MergeForm(request.POST or None, initial=first, issues=congress.issues.all())
    if chosen:
        form.fields["target"].queryset = chosen
    notes = [_("合并的问题都留着，随时可以撤销合并。")]
    page = partial(form_page, request, None, form, _("合并问题"), _("合并"), notes=notes, back=to)
    act = partial(actions.merge_issues, congress)
    return by_form(request, form, act, said=_("已合并，可以撤销"), to=to, page=page)


@login_required
@require_POST
def undo_merge(request, pk):
    merge = get_object_or_404(MergeRecord.objects.select_related("congress"), pk=pk)
    congress = congress_here(request, merge.congress_id)
    act = partial(actions.undo_merge, merge)
    return by_button(
        request, act, said=_("已撤销，问题都恢复原样"), to=at("desk_issues", congress)
    )


@login_required
@require_POST
def draft_top_ten(request, pk, area):
    """The committee drafts the poll of its own area, and goes on at the desk of polls."""
    congress = congress_here(request, pk)
    place = congress.areas.filter(code=area).first()
    if place is None:
        raise Http404
    require(request.user, "consultation.draft_top_ten", AreaBallot(neighbourhood=place))
    to = at("desk_congress", congress)
    act = partial(draft, congress, neighbourhood=place)
    answer = by_button(request, act, said=_("票选已起草，请在表决里公告"), to=to)
    ballot = queries.live_ballots(congress).filter(neighbourhood=place).first()
    if ballot is None:
        return answer
    return redirect(reverse("consultation:desk_poll", args=[ballot.poll_id]))
