"""The desk of campaigns (征集令): drafting, what came in, rounds of visits, the answer to all."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from suggestions.actions import campaign_visits
from suggestions.actions import campaigns as actions
from suggestions.forms import campaigns as forms
from suggestions.models import Campaign, CampaignHome, CampaignQuestion
from suggestions.queries import campaigns as queries

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

PER_PAGE, MOST_WORDS = 50, 50
ACTS = (
    "add_campaign_question", "drop_campaign_question", "open_campaign", "close_campaign",
    "cancel_campaign", "answer_campaign", "enter_for_campaign", "start_second_round",
)  # fmt: skip


def _here(request):
    return Campaign.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))


@login_required
@require_GET
def campaign_desk(request):
    staff_only(request)
    found = _here(request).select_related("neighbourhood")
    today = timezone.localdate()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, one.is_late(today)) for one in page],
        "late": _here(request).overdue(today).count(),
        "places": Neighbourhood.objects.filter(pk__in=request.user.places("committee")),
    }
    return render(request, "suggestions/campaigns/desk.html", context)


def _asked(request, pk, act="") -> Campaign:
    one = get_object_or_404(_here(request).select_related("neighbourhood"), pk=pk)
    if act:
        require(request.user, f"suggestions.{act}", one)
    return one


@login_required
@require_GET
def desk_campaign(request, pk):
    one = _asked(request, pk)
    context = {
        "campaign": one,
        "summaries": queries.summaries(one),
        "most": MOST_WORDS,
        "entries": one.entries.count(),
        "met": [] if one.is_call or not one.opened_at else queries.met_by_building(one),
        "can": allowed(request.user, one, *ACTS),
        "late": one.is_late(timezone.localdate()),
        "back": reverse("suggestions:campaign_desk"),
    }
    return render(request, "suggestions/campaigns/desk_campaign.html", context)


def _home(one) -> str:
    return reverse("suggestions:desk_campaign", args=[one.pk])


def _deed(request, one, act, form, heading, said, **more):
    page = partial(
        form_page, request, form, heading, heading, notes=[one.theme], back=_home(one), **more
    )
    return by_form(request, form, partial(act, one), said=said, to=_home(one), page=page)


@login_required
@GET_OR_POST
def draft_campaign(request, pk):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    place = get_object_or_404(places, pk=pk)
    form = forms.DraftForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    back = reverse("suggestions:campaign_desk")
    page = partial(
        form_page, request, form, _("起草征集令"), _("存草稿"), notes=[place.name], back=back
    )
    act = partial(actions.draft_campaign, place)
    return by_form(request, form, act, said=_("已存草稿"), to=_home, page=page)


@login_required
@GET_OR_POST
def add_campaign_question(request, pk):
    one = _asked(request, pk, "add_campaign_question")
    form = forms.QuestionForm(request.POST or None)
    return _deed(request, one, actions.add_campaign_question, form, _("加题目"), _("已加"))


@login_required
@require_POST
def drop_campaign_question(request, pk):
    question = get_object_or_404(CampaignQuestion.objects.select_related("campaign"), pk=pk)
    one = _asked(request, question.campaign_id, "drop_campaign_question")
    act = partial(actions.drop_campaign_question, question)
    return by_button(request, act, said=_("已删"), to=_home(one))


def _by_button(request, pk, name, act, said):
    one = _asked(request, pk, name)
    return by_button(request, partial(act, one), said=said, to=_home(one))


@login_required
@require_POST
def open_campaign(request, pk):
    return _by_button(request, pk, "open_campaign", actions.open_campaign, _("已发布"))


@login_required
@require_POST
def close_campaign(request, pk):
    return _by_button(request, pk, "close_campaign", actions.close_campaign, _("已截止"))


@login_required
@require_POST
def start_second_round(request, pk):
    return _by_button(
        request, pk, "start_second_round", campaign_visits.start_second_round, _("第二轮开始了")
    )


@login_required
@GET_OR_POST
def cancel_campaign(request, pk):
    one = _asked(request, pk, "cancel_campaign")
    form = forms.CancelForm(request.POST or None)
    return _deed(
        request, one, actions.cancel_campaign, form, _("取消征集"), _("已取消"), danger=True
    )


@login_required
@GET_OR_POST
def answer_campaign(request, pk):
    one = _asked(request, pk, "answer_campaign")
    form = forms.AnswerForm(request.POST or None)
    return _deed(request, one, actions.answer_campaign, form, _("公开答复"), _("已公开答复"))


@login_required
@GET_OR_POST
def enter_for_campaign(request, pk):
    one = _asked(request, pk, "enter_for_campaign")
    form = forms.StaffEntryForm(request.POST or None, campaign=one)

    def enter(campaign, by, name, channel, **_answers):
        return actions.enter_for_campaign(
            campaign, answers=form.answers(), name=name, channel=channel, by=by
        )

    return _deed(request, one, enter, form, _("代录应征"), _("已登记"))


@login_required
@require_GET
def campaign_homes(request, pk):
    """Homes still to be met: all for the committee, those of their building for its leader."""
    homes = CampaignHome.objects.visible_to(request.user).filter(campaign=pk)
    found = homes.select_related("campaign").first()
    one = found.campaign if found else get_object_or_404(Campaign.objects.none())
    buildings = Building.objects.filter(pk__in=homes.values("building"))
    wanted = next((b for b in buildings if str(b.pk) == request.GET.get("building")), None)
    left = queries.still_to_meet(homes.filter(building=wanted) if wanted else homes)
    left = left.select_related("building", "household").prefetch_related("visits")
    page = Paginator(left, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": one,
        "page": page,
        "buildings": buildings,
        "wanted": wanted,
        "outcomes": campaign_visits.Outcome.choices,
        "total": homes.count(),
        "query": f"building={wanted.pk}" if wanted else "",
    }
    return render(request, "suggestions/campaigns/homes.html", context)


@login_required
@require_POST
def enter_campaign_visit(request, pk):
    homes = CampaignHome.objects.visible_to(request.user)
    home = get_object_or_404(homes.select_related("campaign"), pk=pk)
    form = forms.VisitForm(request.POST)
    back = reverse("suggestions:campaign_homes", args=[home.campaign_id])
    back += f"?building={home.building_id}" if request.POST.get("building") else ""
    act = partial(
        campaign_visits.enter_campaign_visit, home,
        outcome=form.cleaned_data["outcome"] if form.is_valid() else "nobody",
    )  # fmt: skip
    return by_button(request, act, said=_("已登记"), to=back)
