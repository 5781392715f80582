"""A representative's own written opinions (我的书面意见): write, follow, rate; and the printed page."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads.views import serve
from consultation.actions import opinion_answers, opinions
from consultation.forms import opinions as forms
from consultation.models import Congress, OpinionReply, Representative, WrittenOpinion
from consultation.queries import opinions as queries

GET_OR_POST = require_http_methods(["GET", "POST"])
MINE = "consultation:my_opinions"
PER_PAGE = 20


def own(request, pk) -> WrittenOpinion:
    found = WrittenOpinion.objects.of_representative(request.user)
    return get_object_or_404(
        found.select_related("congress__sub_district", "representative", "neighbourhood"), pk=pk
    )


def open_congresses(seats):
    """The congresses that take opinions of one of ``seats``."""
    terms = {(seat.sub_district_id, seat.term) for seat in seats}
    closed = (Congress.State.PREPARING, Congress.State.CLOSED)
    found = Congress.objects.exclude(state__in=closed).filter(
        sub_district_id__in={street for street, _term in terms},
        term__in={t for _street, t in terms},
    )
    return found.select_related("sub_district").order_by("-year")


@login_required
@require_GET
def my_opinions(request):
    seats = Representative.objects.of(request.user, timezone.localdate())
    mine = WrittenOpinion.objects.of_representative(request.user)
    if not seats and not mine.exists():
        raise Http404
    mine = queries.with_clocks(mine).order_by("-written_at", "pk")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": queries.lines(page, timezone.localdate()),
        "may_write": bool(seats) and open_congresses(seats).exists(),
        "back": reverse("consultation:congress_list"),
    }
    return render(request, "consultation/congress/my_opinions.html", context)


@login_required
@GET_OR_POST
def write_opinion(request):
    seats = list(Representative.objects.of(request.user, timezone.localdate()))
    if not seats:
        raise Http404
    form = forms.OpinionForm(request.POST or None, congresses=open_congresses(seats))

    def write(congress, by, **values):
        same = (congress.sub_district_id, congress.term)
        seat = next(seat for seat in seats if (seat.sub_district_id, seat.term) == same)
        return opinions.write_opinion(congress, representative=seat, by=by, **values)

    context = {"form": form, "back": reverse(MINE)}
    return by_form(
        request,
        form,
        write,
        said=_("书面意见已提出，街道登记以后告诉您编号和期限"),
        to=lambda opinion: reverse("consultation:opinion", args=[opinion.pk]),
        page=lambda: render(request, "consultation/congress/write_opinion.html", context),
    )


@login_required
@require_GET
def opinion(request, pk):
    """One's own: where it is, until when, what was answered."""
    found = own(request, pk)
    return render(request, "consultation/congress/opinion.html", about(request, found))


def about(request, found, **more) -> dict:
    """What a page of one opinion shows."""
    today = timezone.localdate()
    clocks = list(found.clocks.select_related("handling__department").order_by("starts_on", "pk"))
    return {
        "opinion": found,
        "handlings": found.handlings.select_related("department", "result_by"),
        "replies": found.replies.select_related("department"),
        "clocks": [(clock, clock.is_late(today)) for clock in clocks],
        "due": next((c for c in clocks if c.kind == "feedback" and c.is_running), None),
        "may_rate": found.state == WrittenOpinion.State.REPLIED
        and may(request.user, "consultation.rate_opinion", found),
        "may_withdraw": WrittenOpinion.State.WITHDRAWN in found.MOVES[found.state]
        and may(request.user, "consultation.withdraw_opinion", found),
        "back": reverse(MINE),
    } | more


@login_required
@require_GET
def print_opinion(request, pk):
    """One sheet with the opinion and its answers, for the file and for who reads on paper."""
    found = get_object_or_404(
        WrittenOpinion.objects.visible_to(request.user).select_related(
            "congress__sub_district", "representative", "neighbourhood"
        ),
        pk=pk,
    )
    mine = found.representative.user_id == request.user.pk
    name = "consultation:opinion" if mine else "consultation:desk_opinion"
    context = about(request, found, back=reverse(name, args=[pk]), today=timezone.localdate())
    return render(request, "consultation/congress/print_opinion.html", context)


def rateable(request, pk) -> WrittenOpinion:
    """One's own, or one that came on paper and whose rating comes on paper too."""
    found = WrittenOpinion.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("congress", "representative"), pk=pk)


@login_required
@GET_OR_POST
def rate_opinion(request, pk):
    found = rateable(request, pk)
    require(request.user, "consultation.rate_opinion", found)
    form = forms.RateForm(request.POST or None)
    mine = found.representative.user_id == request.user.pk
    to = reverse("consultation:opinion" if mine else "consultation:desk_opinion", args=[pk])
    context = {
        "opinion": found,
        "reply": found.replies.select_related("department").filter(round=found.round).first(),
        "form": form,
        "back": to,
    }
    return by_form(
        request,
        form,
        partial(opinion_answers.rate_opinion, found),
        said=lambda reply: (
            _("谢谢您。不满意的，街道会研究，结果告诉您。")
            if reply.is_unsatisfied
            else _("谢谢您的评价")
        ),
        to=to,
        page=lambda: render(request, "consultation/congress/rate.html", context),
    )


@login_required
@require_POST
def withdraw_opinion(request, pk):
    found = rateable(request, pk)
    mine = found.representative.user_id == request.user.pk
    to = reverse("consultation:opinion" if mine else "consultation:desk_opinion", args=[pk])
    act = partial(opinions.withdraw_opinion, found)
    return by_button(request, act, said=_("已撤回"), to=to)


@login_required
@require_GET
def promise_proof(request, pk):
    """What shows that a promise was kept, to whoever may read the opinion."""
    seen = WrittenOpinion.objects.visible_to(request.user).values("pk")
    reply = get_object_or_404(
        OpinionReply.objects.exclude(kept_proof=None), pk=pk, opinion__in=seen
    )
    return serve(request, reply.kept_proof)
