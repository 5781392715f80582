"""How ballots reach the voters, and who has not answered (送达、提醒、电话名单)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import delivery, rolls
from consultation.forms.rolls import DeliveryForm
from consultation.models import BallotDelivery, Poll
from consultation.queries.polls import reminded_today
from consultation.queries.rolls import calls, unanswered, users_of

from .desk import PER_PAGE, allowed, at, home, not_by_me, poll_here, poll_of_voters

DELIVERIES = "consultation/desk/deliveries.html"
ROUND = 200  # as many homes as one page of a round through a building holds
DELIVERING = (Poll.State.ANNOUNCED, Poll.State.FROZEN, Poll.State.OPEN)


@login_required
@require_GET
def desk_deliveries(request, pk):
    return _page(request, poll_of_voters(request, pk))


def _page(request, poll, form=None):
    """Who got the ballot how, with which proof; who has not."""
    proven = BallotDelivery.objects.filter(entry=OuterRef("pk"), way__in=BallotDelivery.PROVEN)
    entries = poll.roll.select_related("building").annotate(reached=Exists(proven))
    done = poll.roll.annotate(reached=Exists(proven)).values("building__name", "building")
    buildings = done.annotate(heads=Count("pk"), got=Count("pk", filter=Q(reached=True))).order_by(
        "building__number", "building__name"
    )
    chosen, who = request.GET.get("building", ""), request.GET.get("who", "missing")
    if chosen.isdecimal():
        entries = entries.filter(building_id=int(chosen))
    if who == "missing":
        entries = entries.filter(reached=False)
    entries = entries.order_by("number").prefetch_related(
        "units", Prefetch("deliveries", BallotDelivery.objects.select_related("recorded_by"))
    )
    context = {
        "poll": poll,
        "page": Paginator(entries, ROUND).get_page(request.GET.get("page")),
        "buildings": list(buildings),
        "building": chosen,
        "who": who,
        "form": form or DeliveryForm(poll=poll),
        "delivers": poll.state in DELIVERING
        and may(request.user, "consultation.record_deliveries", poll),
        "ticked": form.data.getlist("entries") if form else [],
        "back": home(poll),
    }
    return render(request, DELIVERIES, context)


@login_required
@require_POST
def record_deliveries(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.record_deliveries", poll)
    form = DeliveryForm(request.POST, request.FILES, poll=poll)

    def enter(proof, by, **values):
        paper = proof and intake.take_in(proof, neighbourhood_id=poll.neighbourhood_id, by=by)
        return delivery.record_deliveries(poll, proof=paper or None, **values, by=by)

    return by_form(
        request,
        form,
        enter,
        said=lambda n: _("已登记 %(n)s 人") % {"n": n},
        to=at("desk_deliveries", poll),
        page=partial(_page, request, poll, form),
    )


@login_required
@require_GET
def delivery_proof(request, pk):
    """The proof of a delivery, for whoever sees the poll's voters."""
    found = get_object_or_404(BallotDelivery.objects.exclude(proof=None), pk=pk)
    poll_of_voters(request, found.poll_id)
    return serve(request, found.proof)


@login_required
@require_GET
def desk_calls(request, pk):
    """Who has not answered: to call, to visit, to print; telephones stay masked here."""
    poll = poll_of_voters(request, pk)
    page = Paginator(unanswered(poll), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "poll": poll,
        "page": page,
        "rows": calls(poll, page.object_list),
        "can": allowed(request.user, poll, "remind"),
        "not_by_me": not_by_me(request.user, poll),
        "takes": poll.state == Poll.State.OPEN,
        "reached": users_of(poll, unanswered(poll)).count(),
        "reminded": reminded_today(poll),
        "back": home(poll),
    }
    return render(request, "consultation/desk/calls.html", context)


@login_required
@require_POST
def remind(request, pk):
    poll = poll_here(request, pk)
    return by_button(
        request,
        partial(rolls.remind, poll),
        said=_("提醒已发出，只发给还没投的人"),
        to=at("desk_calls", poll),
    )
