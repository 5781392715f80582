"""Suggestions for everyone (建议): the list, one with its way, one's own, what became of ideas."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads.views import serve
from households.models import Household
from suggestions.actions import suggestion_answers, suggestion_upkeep, suggestions
from suggestions.forms import suggestions as forms
from suggestions.models import Endorsement, Outcome, Suggestion
from suggestions.queries import suggestions as queries

PER_PAGE = 20
State = Suggestion.State


def homes_of(request) -> list[Neighbourhood]:
    """The neighbourhoods the reader lives in."""
    if not request.user.is_authenticated:
        return []
    homes = Household.objects.of(request.user).values("neighbourhood_id")
    return list(Neighbourhood.objects.filter(pk__in=homes))


def query_without_page(request) -> str:
    asked = request.GET.copy()
    for name in ("page", "after", "before"):
        asked.pop(name, None)
    return asked.urlencode()


def suggestion_seen(request, pk) -> Suggestion:
    seen = Suggestion.objects.visible_to(request.user).select_related(
        "neighbourhood", "proposed_by", "building", "unit", "merged_into"
    )
    return get_object_or_404(seen, pk=pk)


@require_GET
def suggestion(request, pk):
    """The next promised day first, then what is to be read, and every step so far."""
    one = suggestion_seen(request, pk)
    user = request.user
    mine = user.is_authenticated and one.proposed_by_id == user.pk
    worked_on = may(user, "suggestions.see_suggestion_desk", one)
    insider = mine or worked_on
    may_endorse = one.is_live and one.is_public
    context = {
        "suggestion": one,
        "way": queries.way_of(one),
        "steps": one.steps.all(),
        "pause": one.pauses.filter(ended_on=None).first(),
        "supporters": queries.supporters(one),
        "mine": mine,
        "i_too": user.is_authenticated and one.endorsements.filter(user=user).exists(),
        "may_endorse": may_endorse and may(user, "suggestions.endorse_suggestion", one),
        "may_come_in": may_endorse and not user.is_authenticated,
        "may_withdraw": mine and one.state in ("submitted", "acknowledged"),
        "may_rate": mine and one.state in ("replied", "done"),
        "replies": one.replies.select_related("unit"),
        "outcomes": one.outcomes.select_related("done_photo"),
        "ratings": one.satisfactions.all() if insider else [],
        "merged": one.merged.filter(published_at__isnull=False),
        "photos": [p for p in one.photos.all() if p.shown_id or mine],
        "wording": queries.wording(one) if insider else [],
        "late": one.is_late(timezone.localdate()),
        "today": timezone.localdate(),
        "on_desk": worked_on,
        "back": reverse("suggestions:my_suggestions" if mine else "suggestions:suggestion_list"),
    }
    return render(request, "suggestions/suggestions/suggestion.html", context)


@require_GET
def suggestion_photo(request, pk, photo):
    """What everybody may see of a photo; its sender sees what was sent."""
    one = suggestion_seen(request, pk)
    found = get_object_or_404(one.photos.select_related("original", "shown"), pk=photo)
    own = request.user.is_authenticated and one.proposed_by_id == request.user.pk
    if found.shown is None and not own:
        raise Http404
    return serve(request, found.shown or found.original)


@require_GET
def outcome_photo(request, pk):
    """The photo of what was done, for whoever may read the suggestion."""
    seen = Suggestion.objects.visible_to(request.user)
    found = Outcome.objects.filter(suggestion__in=seen, done_photo__isnull=False)
    return serve(request, get_object_or_404(found.select_related("done_photo"), pk=pk).done_photo)


@login_required
@require_GET
def my_suggestions(request):
    """What I proposed, and what I want too."""
    too = Endorsement.objects.filter(user=request.user).values("suggestion_id")
    mine = Suggestion.objects.visible_to(request.user).filter(
        Q(proposed_by=request.user) | Q(pk__in=too)
    )
    found = mine.select_related("merged_into", "building", "neighbourhood", "unit")
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "back": reverse("suggestions:suggestion_list"),
    }
    return render(request, "suggestions/suggestions/mine.html", context)


@require_GET
def commended_suggestions(request):
    """Pairs of an idea and what was made of it (金点子和金钥匙)."""
    context = {
        "page": Paginator(queries.commended(), PER_PAGE).get_page(request.GET.get("page")),
        "back": reverse("suggestions:suggestion_list"),
    }
    return render(request, "suggestions/suggestions/commended.html", context)


@login_required
@require_POST
def endorse_suggestion(request, pk):
    return _tap(request, pk, suggestion_upkeep.endorse_suggestion, _("记下了，有结果会告诉您"))


@login_required
@require_POST
def end_endorsement(request, pk):
    return _tap(request, pk, suggestion_upkeep.end_endorsement, _("好的，不再告诉您"))


@login_required
@require_POST
def withdraw_suggestion(request, pk):
    return _tap(request, pk, suggestions.withdraw_suggestion, _("已撤回"))


def _tap(request, pk, act, said):
    one = suggestion_seen(request, pk)
    to = reverse("suggestions:suggestion", args=[pk])
    return by_button(request, partial(act, one), said=said, to=to)


@login_required
@require_http_methods(["GET", "POST"])
def rate_suggestion(request, pk):
    """Its proposer; for somebody without an account whoever called them, never who answered."""
    one = suggestion_seen(request, pk)
    require(request.user, "suggestions.rate_suggestion", one)
    form = forms.RateForm(request.POST or None)
    mine = one.proposed_by_id == request.user.pk
    name = "suggestion" if mine else "desk_suggestion"
    home = reverse(f"suggestions:{name}", args=[pk])
    context = {"suggestion": one, "form": form, "mine": mine, "back": home}
    return by_form(
        request,
        form,
        partial(suggestion_answers.rate_suggestion, one),
        said=_("谢谢您，记下了"),
        to=home,
        page=lambda: render(request, "suggestions/suggestions/rate.html", context),
    )
