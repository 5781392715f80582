"""What everyone may see of polls: the list, the notice, the result, the board, one's own code (公示)."""

import json

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import may
from caoyang_portal.community import limits
from caoyang_portal.network import client_ip
from caoyang_portal.uploads.views import serve
from consultation import documents
from consultation.forms.voting import FindBallotForm, FindPollForm
from consultation.models import Poll, PollObjection, RollEntry
from consultation.queries import looking
from consultation.queries import voting as queries
from consultation.queries.bundle import bundle, public_bundle
from consultation.queries.showing import shown_result, square_metres
from consultation.queries.voting import Line
from consultation.secrecy import promise
from households.models import Household

PER_PAGE = 20
ON_THE_ROLL = 50
NOTICE_FOR = 600  # seconds a printed notice is kept
LOOK_UPS = (60, 600)


@require_GET
def poll_list(request):
    """My votes first, then what was announced in the neighbourhood (表决)."""
    form = FindPollForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    polls = queries.public_polls()
    today, mine = timezone.localdate(), Poll.objects.none()
    if request.user.is_authenticated:
        mine = queries.my_polls(request.user, today)
        homes = Household.objects.of(request.user).values("neighbourhood_id")
        polls = polls.filter(neighbourhood_id__in=homes) if homes else polls
    if wanted:
        polls = polls.filter(Q(title__icontains=wanted) | Q(neighbourhood__name__icontains=wanted))
    my_page = Paginator(mine, PER_PAGE).get_page(request.GET.get("mine"))
    rights = {}
    if my_page.paginator.count:
        rights = queries.rights(request.user, today, [poll.pk for poll in my_page])
        polls = polls.exclude(pk__in=mine.values("pk"))
    context = {
        "lines": [Line(poll, rights.get(poll.pk, [])) for poll in my_page],
        "my_page": my_page,
        "page": Paginator(polls, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "now": timezone.now(),
    }
    return render(request, "consultation/voting/poll_list.html", context)


def _public(code) -> Poll:
    return get_object_or_404(queries.public_polls(), code=code)


def _page(request, poll, template, status=200, **context):
    place = poll.neighbourhood
    context = {
        "poll": poll,
        "neighbourhood": place,
        "committee_phone": place.committee_phone,
    } | context
    return render(request, f"consultation/voting/{template}.html", context, status=status)


@require_GET
def poll(request, code):
    """One poll: its notice, and once counted its result (表决公告、结果)."""
    asked = _public(code)
    kept, not_kept = promise(asked.secrecy)
    is_over = asked.state in queries.OVER
    rights = []
    if request.user.is_authenticated:
        rights = queries.rights(request.user, timezone.localdate(), [asked.pk])[asked.pk]
    return _page(
        request,
        asked,
        "poll",
        questions=asked.questions.prefetch_related("options"),
        rule=queries.rule_words(asked.kind),
        bars=[] if is_over else queries.rule_picture(asked.kind),
        promised=kept,
        not_promised=not_kept,
        area=square_metres(asked.area_cent) if asked.kind.by_area else "",
        result=shown_result(asked) if is_over else None,
        rights=rights,
        takes_votes=asked.takes_votes(timezone.now()),
        may_object=_may_object(request.user, asked),
        back=reverse("consultation:poll_list"),
    )


def _may_object(user, poll) -> bool:
    if poll.state not in (Poll.State.ANNOUNCED, Poll.State.COUNTED):
        return False
    return may(user, "consultation.object_to_roll", PollObjection(poll=poll))


@require_GET
def poll_notice(request, code):
    """The notice as it hangs in the stairwell (公告 PDF)."""
    asked = _public(code)
    key = f"poll.notice:{asked.pk}:{asked.state}:{asked.roll_hash}"
    pdf = caches["local"].get_or_set(key, lambda: documents.stairwell_notice(asked), NOTICE_FOR)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{asked.code}-notice.pdf"'
    return response


@require_GET
def poll_result_notice(request, code):
    """The sealed notice of the result (结果公告)."""
    asked = _public(code)
    if asked.state not in queries.OVER or asked.result.notice_id is None:
        raise Http404
    return serve(request, asked.result.notice, download=True)


@require_GET
def poll_board(request, code):
    """The public chain, the newest entries first (公示链)."""
    asked = _public(code)
    page = Paginator(asked.board.order_by("-seq"), PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        asked,
        "board",
        page=page,
        links=looking.links(list(page)),
        on_the_roll=_stands_there(request.user, asked),
        back=reverse("consultation:poll", args=[code]),
    )


def _stands_there(user, poll) -> bool:
    return RollEntry.objects.visible_to(user).filter(poll=poll).exists()


@require_GET
def poll_bundle(request, code):
    """All that ``verify_vote.py`` needs; homes and votes only for who stands on the roll (核验包)."""
    asked = _public(code)
    if not asked.board.exists():
        raise Http404
    is_whole = _stands_there(request.user, asked)
    facts = bundle(asked) if is_whole else public_bundle(asked)
    response = HttpResponse(json.dumps(facts, ensure_ascii=False), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{asked.code}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def check_ballot(request, code):
    """Where the ballot with this code stands (查票). Posted, so that no address or log holds a code."""
    asked = _public(code)
    form = FindBallotForm(request.POST or None)
    found, is_looked_up, status = None, False, 200
    if request.method == "POST":
        if not limits.allow(f"look-up:{client_ip(request)}", *LOOK_UPS):
            form.add_error(None, _("查得太勤了，请过十分钟再查。"))
        elif form.is_valid():
            found, is_looked_up = looking.find(asked, form.cleaned_data["code"]), True
        status = 200 if form.is_valid() else 422
    return _page(
        request,
        asked,
        "check_ballot",
        status=status,
        form=form,
        found=found,
        is_looked_up=is_looked_up,
        is_over=asked.state in queries.OVER,
        back=reverse("consultation:poll", args=[code]),
    )


@require_GET
@login_required
def poll_roll(request, code):
    """The roll, for those who stand on it; in a poll by name, after the count, with every vote (名册)."""
    asked = _public(code)
    entries = RollEntry.objects.visible_to(request.user).filter(poll=asked)
    page = Paginator(
        entries.select_related("building").prefetch_related("units").order_by("number"),
        ON_THE_ROLL,
    ).get_page(request.GET.get("page"))
    if not page.paginator.count:
        raise Http404
    shows_votes = asked.state in queries.OVER and not asked.is_secret
    votes = looking.votes_of(asked, list(page)) if shows_votes else {}
    lines = [(entry, votes.get(entry.pk, [])) for entry in page]
    return _page(
        request,
        asked,
        "roll",
        page=page,
        lines=lines,
        shows_votes=shows_votes,
        back=reverse("consultation:poll", args=[code]),
    )
