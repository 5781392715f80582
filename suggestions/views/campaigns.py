"""Campaigns for everyone (征集令): what is asked for, answering it, what was answered to all."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_form
from households.models import Household
from suggestions.actions import campaigns as actions
from suggestions.forms import campaigns as forms
from suggestions.models import Campaign
from suggestions.queries import campaigns as queries

from .desk import GET_OR_POST, READERS

PER_PAGE = 20


@require_GET
def campaign_list(request):
    """Those one can answer first, then what was answered."""
    shown = Campaign.objects.public().exclude(state="cancelled").select_related("neighbourhood")
    if request.user.is_authenticated:
        homes = Household.objects.of(request.user).values_list("neighbourhood_id", flat=True)
        places = set(homes) | request.user.reach(*READERS)
        shown = shown.filter(neighbourhood_id__in=places) if places else shown
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "desk": request.user.is_authenticated and request.user.holds(*READERS),
    }
    return render(request, "suggestions/campaigns/list.html", context)


def seen(request, pk) -> Campaign:
    found = Campaign.objects.visible_to(request.user).select_related("neighbourhood")
    return get_object_or_404(found, pk=pk)


@require_GET
def campaign(request, pk):
    """Theme, explanation, period, channels; how many answered; the answer to all."""
    one = seen(request, pk)
    today = timezone.localdate()
    context = {
        "campaign": one,
        "takes_entries": one.takes_entries(today),
        "may_take_part": may(request.user, "suggestions.take_part_in_campaign", one),
        "mine": request.user.is_authenticated
        and one.entries.filter(user=request.user).prefetch_related("answers__question").first(),
        "entries": one.entries.count(),
        "met": [] if one.is_call or not one.opened_at else queries.met_by_building(one),
        "back": reverse("suggestions:campaign_list"),
    }
    return render(request, "suggestions/campaigns/campaign.html", context)


@login_required
@GET_OR_POST
def take_part_in_campaign(request, pk):
    """The call's own form; what one answered before stands in it."""
    one = seen(request, pk)
    require(request.user, "suggestions.take_part_in_campaign", one)
    mine = one.entries.filter(user=request.user).first()
    given = mine.answers.values_list("question_id", "text") if mine else ()
    first = {f"answer-{question}": text for question, text in given}
    form = forms.EntryForm(request.POST or None, campaign=one, initial=first)

    def take_part(by, **_fields):
        return actions.take_part_in_campaign(one, answers=form.answers(), by=by)

    home = reverse("suggestions:campaign", args=[one.pk])
    context = {"campaign": one, "form": form, "mine": mine, "back": home}
    page = partial(render, request, "suggestions/campaigns/take_part.html", context)
    said = _("收到了，谢谢。截止以前还可以改")
    return by_form(request, form, take_part, said=said, to=home, page=page)
