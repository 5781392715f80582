"""A resident's own claims (诉求): make one, see how far it is, say how it went. Nobody else's are shown."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from caoyang_portal.uploads.views import serve
from households.models import Household
from suggestions.actions import callbacks, claims
from suggestions.forms import claims as forms
from suggestions.models import Claim, ClaimReply, Dispatch
from suggestions.queries import claims as queries

from .desk import GET_OR_POST

PER_PAGE = 20


def taken_in(photos, place, by) -> list:
    """The pictures, cleaned and kept, before the act begins."""
    return [intake.take_in(one, neighbourhood_id=place.pk, by=by) for one in photos]


@login_required
@require_GET
def my_claims(request):
    mine = Claim.objects.filter(claimant=request.user).select_related("merged_into")
    context = {
        "page": Paginator(mine, PER_PAGE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
    }
    return render(request, "suggestions/claims/my_claims.html", context)


@login_required
@GET_OR_POST
def make_claim(request):
    homes = Household.objects.of(request.user).values("neighbourhood_id")
    places = list(Neighbourhood.objects.filter(pk__in=homes))
    form = forms.MakeForm(request.POST or None, request.FILES or None, places=places)

    def make(by, photos, neighbourhood=None, **values):
        place = neighbourhood or places[0]
        return claims.make_claim(place, **values, photos=taken_in(photos, place, by), by=by)

    def page():
        context = {"places": places, "form": form, "back": reverse("suggestions:my_claims")}
        return render(request, "suggestions/claims/make.html", context)

    if not places:
        return page()
    return by_form(
        request, form, make, said=lambda one: _("收到了，编号 %(number)s") % {"number": one.number},
        to=lambda one: reverse("suggestions:claim", args=[one.pk]), page=page,
    )  # fmt: skip


def _own(request, pk) -> Claim:
    mine = Claim.objects.filter(claimant=request.user)
    return get_object_or_404(
        mine.select_related("neighbourhood", "building", "merged_into"), pk=pk
    )


def answers_of(claim):
    """What the lead of each round answered, with its pictures."""
    leads = claim.replies.filter(dispatch__role=Dispatch.Role.LEAD)
    return leads.select_related("dispatch__unit").prefetch_related("photos")


@login_required
@require_GET
def claim(request, pk):
    """The next promised day first, then what was answered, and every step so far."""
    one = _own(request, pk)
    context = {
        "claim": one,
        "way": queries.way_of(one),
        "steps": one.steps.all(),
        "photos": one.photos.all(),
        "answers": answers_of(one),
        "late": one.is_late(timezone.localdate()),
        "may_withdraw": one.state in (Claim.State.MADE, Claim.State.ACCEPTED)
        and may(request.user, "suggestions.withdraw_claim", one),
        "may_rate": one.state == Claim.State.REPLIED,
        "back": reverse("suggestions:my_claims"),
    }
    return render(request, "suggestions/claims/claim.html", context)


@login_required
@require_GET
def claim_photo(request, pk, photo):
    """What the claimant sent, and what was answered with; to both sides and nobody else."""
    one = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    own = one.claimant_id == request.user.pk
    if not (own or may(request.user, "suggestions.see_claimant", one)):
        raise Http404
    replies = ClaimReply.photos.through.objects.filter(claimreply__claim=one)
    shown = one.photos.all() | Attachment.objects.filter(pk__in=replies.values("attachment_id"))
    return serve(request, get_object_or_404(shown.distinct(), pk=photo))


@login_required
@require_POST
def withdraw_claim(request, pk):
    one = _claim_known(request, pk)
    to = reverse("suggestions:claim", args=[pk])
    return by_button(request, partial(claims.withdraw_claim, one), said=_("已撤回"), to=to)


def _claim_known(request, pk) -> Claim:
    """For acts: whoever sees it otherwise is told that they may not."""
    return get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)


@login_required
@GET_OR_POST
def rate_claim(request, pk):
    one = _claim_known(request, pk)
    require(request.user, "suggestions.rate_claim", one)
    form = forms.RateForm(request.POST or None)
    to = reverse("suggestions:claim", args=[pk])
    context = {"claim": one, "form": form, "answers": answers_of(one), "back": to}
    return by_form(
        request, form, partial(callbacks.rate_claim, one), said=_("谢谢，记下了"), to=to,
        page=lambda: render(request, "suggestions/claims/rate.html", context),
    )  # fmt: skip
