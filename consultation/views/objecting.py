"""Saying that the roll or the result is wrong, and reading the answer (异议)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from consultation.actions import rolls
from consultation.forms.voting import ObjectionForm
from consultation.models import Poll, PollObjection, RollEntry
from consultation.queries.voting import public_polls
from households.models import Household

MOST = 50
ACTS = {
    Poll.State.ANNOUNCED: rolls.object_to_roll,
    Poll.State.COUNTED: rolls.object_to_result,
}


@login_required
@require_http_methods(["GET", "POST"])
def poll_objections(request, code):
    """What my home objected to, what was answered; and a form while something may be objected to."""
    seen = Poll.objects.visible_to(request.user).values("pk")
    mine = RollEntry.objects.of(request.user).values("poll")
    polls = public_polls().filter(Q(pk__in=seen) | Q(pk__in=mine))
    poll = get_object_or_404(polls, code=code)
    require(request.user, "consultation.object_to_roll", PollObjection(poll=poll))
    homes = Household.objects.of(request.user).filter(neighbourhood_id=poll.neighbourhood_id)
    act = ACTS.get(Poll.State(poll.state))
    form = ObjectionForm(request.POST or None, homes=homes)
    objections = poll.objections.filter(Q(raised_by=request.user) | Q(household__in=homes))
    context = {
        "poll": poll,
        "form": form,
        "about": act and PollObjection.About("roll" if act == rolls.object_to_roll else "result"),
        "objections": list(objections.select_related("household__building")[:MOST]),
        "back": reverse("consultation:poll", args=[code]),
    }
    return by_form(
        request,
        form,
        partial(act or rolls.object_to_roll, poll),
        said=_("收到了，居委会答复您"),
        to=reverse("consultation:poll_objections", args=[code]),
        page=lambda: render(request, "consultation/voting/objections.html", context),
    )
