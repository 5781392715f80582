"""Pages of hand-overs (转办): what has not been handed over yet, and the form that does it."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from consultation.models import PollObjection
from households.models import Visit
from suggestions.models import Claim, Suggestion

from . import claims, forms, handovers

PER_PAGE = 20


def places_of(request):
    places = request.user.places("committee")
    if not places:
        raise Http404
    return places


@login_required
@require_GET
def to_topics(request):
    """Visits with a note, and objections: of those that are no topic yet, the newest first."""
    places = places_of(request)
    visits = Visit.objects.filter(neighbourhood_id__in=places, topic=None).exclude(text="")
    objections = PollObjection.objects.filter(neighbourhood_id__in=places, topic=None)
    context = {
        "page": Paginator(
            visits.select_related("household__building", "by").order_by("-at", "pk"), PER_PAGE
        ).get_page(request.GET.get("page")),
        "objections": objections.select_related("poll", "raised_by").order_by("-raised_at")[
            :PER_PAGE
        ],
        "back": reverse("consultation:topic_desk"),
    }
    return render(request, "referrals/to_topics.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def objection_to_topic(request, pk):
    objection = get_object_or_404(
        PollObjection.objects.select_related("poll", "raised_by"),
        pk=pk,
        neighbourhood_id__in=places_of(request),
    )
    first = {"text": objection.text, "answer": objection.answer}
    form = forms.ObjectionForm(request.POST or None, initial=first)
    notes = [f"{objection.poll.title} · {objection.raised_by}", objection.text]
    act = partial(handovers.objection_to_topic, objection)
    return _hand_over(request, form, act, _("异议转为议题"), notes)


@login_required
@require_http_methods(["GET", "POST"])
def visit_to_topic(request, pk):
    visits = Visit.objects.select_related("household__building")
    visit = get_object_or_404(visits, pk=pk, neighbourhood_id__in=places_of(request))
    form = forms.VisitForm(request.POST or None, initial={"text": visit.text})
    notes = [f"{visit.household.address} · {visit.at:%Y-%m-%d}", visit.text]
    act = partial(handovers.visit_to_topic, visit)
    return _hand_over(request, form, act, _("走访转为议题"), notes)


@login_required
@require_http_methods(["GET", "POST"])
def suggestion_to_topic(request, pk):
    return _of_suggestion(
        request, pk, handovers.suggestion_to_topic, _("建议转为议题"), _("转为议题")
    )


@login_required
@require_http_methods(["GET", "POST"])
def suggestion_to_claim(request, pk):
    return _of_suggestion(
        request, pk, handovers.suggestion_to_claim, _("建议转为诉求"), _("转为诉求")
    )


def _of_suggestion(request, pk, hand_over, heading, button):
    """Back to the suggestion, which says where it went."""
    seen = Suggestion.objects.select_related("neighbourhood", "proposed_by", "building")
    suggestion = get_object_or_404(seen, pk=pk, neighbourhood_id__in=places_of(request))
    first = {"title": suggestion.title[:60], "text": suggestion.reasons}
    form = forms.SuggestionForm(request.POST or None, initial=first)
    home = reverse("suggestions:desk_suggestion", args=[pk])
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "notes": [f"{suggestion.number} {suggestion.title}", suggestion.reasons],
        "back": home,
    }
    return by_form(
        request,
        form,
        partial(hand_over, suggestion),
        said=_("已转，提出人会收到通知"),
        to=home,
        page=lambda: render(request, "referrals/form.html", context),
    )


def _hand_over(request, form, act, heading, notes):
    context = {
        "form": form,
        "heading": heading,
        "button": _("转为议题"),
        "notes": notes,
        "back": reverse("referrals:to_topics"),
    }
    return by_form(
        request,
        form,
        act,
        said=lambda topic: _("已转为议题 %(number)s") % {"number": topic.number},
        to=lambda topic: reverse("consultation:desk_topic", args=[topic.pk]),
        page=lambda: render(request, "referrals/form.html", context),
    )


@login_required
@require_GET
def to_claims(request):
    """Visits with a note, and objections: of those that are no claim yet, the newest first."""
    places = places_of(request)
    visits = Visit.objects.filter(neighbourhood_id__in=places, claim=None).exclude(text="")
    handed_over = Claim.objects.filter(
        source=Claim.Source.OBJECTION, source_ref=Cast(OuterRef("pk"), CharField())
    )
    objections = PollObjection.objects.filter(
        ~Exists(handed_over), neighbourhood_id__in=places, topic=None
    )
    context = {
        "page": Paginator(
            visits.select_related("household__building", "by").order_by("-at", "pk"), PER_PAGE
        ).get_page(request.GET.get("page")),
        "objections": objections.select_related("poll", "raised_by").order_by("-raised_at")[
            :PER_PAGE
        ],
        "back": reverse("suggestions:claim_desk"),
    }
    return render(request, "referrals/to_claims.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def visit_to_claim(request, pk):
    visits = Visit.objects.select_related("household__building")
    visit = get_object_or_404(visits, pk=pk, neighbourhood_id__in=places_of(request))
    form = forms.VisitClaimForm(request.POST or None, initial={"text": visit.text})
    notes = [f"{visit.household.address} · {visit.at:%Y-%m-%d}", visit.text]
    act = partial(claims.visit_to_claim, visit)
    return _to_claim(request, form, act, _("走访转为诉求"), notes)


@login_required
@require_http_methods(["GET", "POST"])
def objection_to_claim(request, pk):
    found = PollObjection.objects.select_related("poll", "raised_by")
    objection = get_object_or_404(found, pk=pk, neighbourhood_id__in=places_of(request))
    first = {"text": objection.text, "answer": objection.answer}
    form = forms.ObjectionClaimForm(request.POST or None, initial=first)
    notes = [f"{objection.poll.title} · {objection.raised_by}", objection.text]
    act = partial(claims.objection_to_claim, objection)
    return _to_claim(request, form, act, _("异议转为诉求"), notes)


def _to_claim(request, form, act, heading, notes):
    context = {
        "form": form,
        "heading": heading,
        "button": _("转为诉求"),
        "notes": notes,
        "back": reverse("referrals:to_claims"),
    }
    return by_form(
        request, form, act, said=lambda one: _("已转为诉求 %(number)s") % {"number": one.number},
        to=lambda one: reverse("suggestions:desk_claim", args=[one.pk]),
        page=lambda: render(request, "referrals/form.html", context),
    )  # fmt: skip


def _claim(request, pk) -> Claim:
    seen = Claim.objects.at_work_of(request.user).select_related("neighbourhood", "claimant")
    claim = get_object_or_404(seen.filter(neighbourhood_id__in=places_of(request)), pk=pk)
    require(request.user, "suggestions.refer_claim", claim)
    return claim


@login_required
@require_http_methods(["GET", "POST"])
def claim_to_suggestion(request, pk):
    claim = _claim(request, pk)
    first = {"title": claim.title, "reasons": claim.text}
    form = forms.ClaimSuggestionForm(request.POST or None, initial=first)
    act = partial(claims.claim_to_suggestion, claim)
    return _from_claim(request, claim, form, act, _("诉求转为人民建议"), _("转为建议"))


@login_required
@require_http_methods(["GET", "POST"])
def claim_to_topic(request, pk):
    claim = _claim(request, pk)
    first = {"title": claim.title, "text": claim.text}
    form = forms.ClaimTopicForm(request.POST or None, initial=first)
    act = partial(claims.claim_to_topic, claim)
    return _from_claim(request, claim, form, act, _("诉求转为议题"), _("转为议题"))


def _from_claim(request, claim, form, act, heading, button):
    home = reverse("suggestions:desk_claim", args=[claim.pk])
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "notes": [f"{claim.number} {claim.title}", claim.text],
        "back": home,
    }
    return by_form(
        request, form, act, said=_("已转，本人会收到通知"), to=home,
        page=lambda: render(request, "referrals/form.html", context),
    )  # fmt: skip
