"""The exhibition of keepsakes (老物件展), and offering one's own."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads.views import serve
from households.models import Household
from suggestions.actions import keepsakes as actions
from suggestions.forms import keepsakes as forms
from suggestions.models import Keepsake, KeepsakePhoto
from suggestions.pictures import taken_in

from .desk import GET_OR_POST, READERS

PER_PAGE = 24
DECADES = range(1940, 2030, 10)


@require_GET
def keepsake_list(request):
    """What is on show, to be looked through by word and decade."""
    wanted = forms.FindForm(request.GET).wanted()
    shown = Keepsake.objects.on_show().select_related("neighbourhood", "given_by")
    if wanted["q"]:
        text = wanted["q"]
        shown = shown.filter(Q(title__icontains=text) | Q(story__icontains=text))
    if wanted["decade"]:
        shown = shown.filter(year__gte=wanted["decade"], year__lt=wanted["decade"] + 10)
    user = request.user
    context = {
        "page": Paginator(shown.prefetch_related("photos"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "wanted": wanted,
        "decades": DECADES,
        "query": "&".join(f"{name}={value}" for name, value in wanted.items() if value),
        "mine": Keepsake.objects.filter(given_by=user) if user.is_authenticated else [],
        "desk": user.is_authenticated and user.holds(*READERS),
    }
    return render(request, "suggestions/keepsakes/list.html", context)


def _seen(request, pk) -> Keepsake:
    seen = Keepsake.objects.visible_to(request.user).select_related("neighbourhood", "given_by")
    return get_object_or_404(seen, pk=pk)


@require_GET
def keepsake(request, pk):
    """Its photos, its story, and for its giver where it is."""
    one = _seen(request, pk)
    mine = request.user.is_authenticated and one.given_by_id == request.user.pk
    context = {
        "keepsake": one,
        "photos": one.photos.select_related("file"),
        "mine": mine,
        "may_withdraw": mine
        and not one.consent_ended_at
        and one.state in ("offered", "accepted", "shown"),
        "back": reverse("suggestions:keepsake_list"),
    }
    return render(request, "suggestions/keepsakes/keepsake.html", context)


def _photo(request, pk) -> KeepsakePhoto:
    seen = Keepsake.objects.visible_to(request.user)
    found = KeepsakePhoto.objects.filter(keepsake__in=seen).select_related("file", "small")
    return get_object_or_404(found, pk=pk)


@require_GET
def keepsake_photo(request, pk):
    return serve(request, _photo(request, pk).file)


@require_GET
def keepsake_small_photo(request, pk):
    return serve(request, _photo(request, pk).small)


@login_required
@GET_OR_POST
def offer_keepsake(request):
    """A resident's own thing; a letter to the committee's desk."""
    homes = Household.objects.of(request.user).values("neighbourhood_id")
    places = list(Neighbourhood.objects.filter(pk__in=homes))
    if not places:
        raise Http404
    form = forms.OfferForm(request.POST or None, request.FILES or None, places=places)

    def offer(by, photos, agreed, neighbourhood=None, **told):
        place = neighbourhood or places[0]
        require(by, "suggestions.offer_keepsake", Keepsake(neighbourhood=place))
        pictures = [taken_in(photo, neighbourhood_id=place.pk, by=by) for photo in photos]
        return actions.offer_keepsake(place, pictures=pictures, **told, by=by)

    context = {"form": form, "back": reverse("suggestions:keepsake_list")}
    page = partial(render, request, "suggestions/keepsakes/offer.html", context)
    home = lambda one: reverse("suggestions:keepsake", args=[one.pk])  # noqa: E731
    return by_form(request, form, offer, said=_("收到了，谢谢您"), to=home, page=page)


@login_required
@require_POST
def withdraw_keepsake(request, pk):
    one = _seen(request, pk)
    require(request.user, "suggestions.withdraw_keepsake", one)
    at_desk = may(request.user, "suggestions.see_keepsake_giver", one)
    home = reverse(f"suggestions:{'desk_keepsake' if at_desk else 'keepsake'}", args=[one.pk])
    act = partial(actions.withdraw_keepsake, one)
    return by_button(request, act, said=_("已收回同意，不再展出"), to=home)
