"""What everybody sees of a congress: its numbers, its issues and what became of each (社区代表会议)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_form
from consultation.actions.congress_issues import put_in_issue as put_in
from consultation.forms.congress import FindIssueForm, IssueForm
from consultation.models import Congress, CongressIssue, Matter, OpinionReply, Representative
from consultation.queries import congress as queries
from households.models import Household

PER_PAGE = 30
SHOWN_STATES = [
    (state.value, state.label)
    for state in CongressIssue.State
    if state not in CongressIssue.NOT_PUBLIC
]


def seen(request, pk) -> Congress:
    congresses = Congress.objects.visible_to(request.user)
    return get_object_or_404(
        congresses.select_related("sub_district", "neighbourhood", "meeting"), pk=pk
    )


def areas_of_resident(user, congress):
    """The areas of the congress in which ``user`` is verified to live."""
    homes = Household.objects.of(user).values("neighbourhood_id")
    return (
        congress.areas.filter(pk__in=homes)
        if user.is_authenticated
        else Neighbourhood.objects.none()
    )


def _page(request, congress, template, **context):
    context = {
        "congress": congress,
        "back": reverse("consultation:congress", args=[congress.pk]),
    } | context
    return render(request, f"consultation/congress/{template}.html", context)


@require_GET
def congress_list(request):
    congresses = Congress.objects.public().select_related("sub_district")
    page = Paginator(congresses.order_by("-year", "sub_district__name"), 20)
    sits = Representative.objects.of(request.user, timezone.localdate()).exists()
    context = {"page": page.get_page(request.GET.get("page")), "sits": sits}
    return render(request, "consultation/congress/list.html", context)


@require_GET
def congress(request, pk):
    """Where it stands: areas heard, issues gathered, merged, candidates, ten."""
    found = seen(request, pk)
    ten = queries.shown_issues(found).filter(state=CongressIssue.State.CHOSEN)
    return _page(
        request,
        found,
        "congress",
        figures=queries.figures(found),
        areas=queries.coverage(found, timezone.localdate()),
        ten=ten.order_by("-votes", "candidate_no"),
        ballots=[b for b in queries.live_ballots(found) if b.poll.announced_at],
        may_put_in=found.state == Congress.State.GATHERING,
        steps=steps_of(found),
        answered=OpinionReply.objects.filter(opinion__congress=found).count(),
        back=reverse("consultation:congress_list"),
    )


CHAIN = list(Congress.State)


def steps_of(found):
    """The way of a congress, for the line on top of its page."""
    here = CHAIN.index(Congress.State(found.state))
    words = {-1: "done", 0: "now", 1: "next"}
    return [(state.label, words[(n > here) - (n < here)]) for n, state in enumerate(CHAIN)]


@require_GET
def congress_issues(request, pk):
    """Every issue that was sorted, with what became of it; and one's own, also before."""
    found = seen(request, pk)
    wanted = FindIssueForm(request.GET).wanted()
    issues = queries.found_issues(queries.shown_issues(found), **wanted)
    mine = CongressIssue.objects.none()
    if request.user.is_authenticated:
        mine = found.issues.filter(raised_by=request.user).select_related("merged_into")
    return _page(
        request,
        found,
        "issues",
        page=Paginator(issues, PER_PAGE).get_page(request.GET.get("page")),
        mine=mine,
        wanted=wanted,
        states=SHOWN_STATES,
        kinds=Matter.choices,
        areas=found.areas.order_by("name"),
        may_put_in=found.state == Congress.State.GATHERING,
    )


@login_required
@require_http_methods(["GET", "POST"])
def put_in_issue(request, pk):
    """A resident says what should be done; without JavaScript, on a phone."""
    found = seen(request, pk)
    areas = areas_of_resident(request.user, found)
    if not areas:
        raise Http404
    form = IssueForm(request.POST or None, areas=areas)
    to = reverse("consultation:congress_issues", args=[found.pk])
    return by_form(
        request,
        form,
        partial(put_in, found),
        said=lambda issue: (
            _("收到了，是第 %(n)s 号问题。整理以后大家都看得到。") % {"n": issue.number}
        ),
        to=to,
        page=lambda: _page(request, found, "put_in", form=form, back=to),
    )


@require_GET
def congress_opinions(request, pk):
    """Answered opinions whose representative agreed; names masked."""
    found = seen(request, pk)
    opinions = found.opinions.public().select_related("representative", "neighbourhood")
    page = Paginator(opinions.prefetch_related("replies__department").order_by("number"), PER_PAGE)
    return _page(request, found, "opinions", page=page.get_page(request.GET.get("page")))
