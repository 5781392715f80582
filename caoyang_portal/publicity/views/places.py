"""Where notices hang (张贴): committee and building leaders note it, with a photo."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.publicity import actions, forms
from caoyang_portal.publicity.models import PostingPlace, Publicity
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve

from .desk import GET_OR_POST, form_page, here, home


@login_required
@GET_OR_POST
def add_posting_place(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.add_posting_place", publicity)
    form = forms.PlaceForm(request.POST or None, publicity=publicity)
    return by_form(
        request, form, partial(actions.add_posting_place, publicity), said=_("张贴点已登记"),
        to=home(publicity),
        page=partial(form_page, request, publicity, form, _("登记张贴点"), _("登记")),
    )  # fmt: skip


def _place(request, pk) -> PostingPlace:
    """A place, for whoever works there or leads its building."""
    place = get_object_or_404(
        PostingPlace.objects.select_related("publicity__neighbourhood", "building", "photo"), pk=pk
    )
    known = Publicity.objects.visible_to(request.user).filter(pk=place.publicity_id).exists()
    if not known and not may(request.user, "publicity.put_up_notice", place):
        raise Http404
    return place


def _way_back(request, place) -> str:
    known = Publicity.objects.visible_to(request.user).filter(pk=place.publicity_id).exists()
    return (
        home(place.publicity)
        if known
        else reverse("publicity:publicity", args=[place.publicity_id])
    )


@login_required
@require_POST
def remove_posting_place(request, pk):
    place = _place(request, pk)
    require(request.user, "publicity.remove_posting_place", place)
    act = partial(actions.remove_posting_place, place)
    return by_button(request, act, said=_("张贴点已去掉"), to=home(place.publicity))


@login_required
@GET_OR_POST
def put_up_notice(request, pk):
    """On the phone, in front of the board."""
    place = _place(request, pk)
    require(request.user, "publicity.put_up_notice", place)
    today = place.put_up_on or timezone.localdate()
    form = forms.PutUpForm(
        request.POST or None, request.FILES or None, initial={"put_up_on": today}
    )

    def put_up(put_up_on, photo, by):
        kept = photo and intake.take_in(photo, neighbourhood_id=place.neighbourhood_id, by=by)
        return actions.put_up_notice(place, put_up_on=put_up_on, photo=kept or None, by=by)

    back = _way_back(request, place)
    return by_form(
        request, form, put_up, said=_("已登记贴出"), to=back,
        page=partial(
            form_page, request, place.publicity, form, _("登记张贴"), _("登记"),
            notes=[str(place)], back=back,
        ),
    )  # fmt: skip


@login_required
@GET_OR_POST
def take_off_notice(request, pk):
    place = _place(request, pk)
    require(request.user, "publicity.take_off_notice", place)
    form = forms.TakenOffForm(
        request.POST or None, initial={"taken_down_on": timezone.localdate()}
    )
    back = _way_back(request, place)
    return by_form(
        request, form, partial(actions.take_off_notice, place), said=_("已登记撤下"), to=back,
        page=partial(
            form_page, request, place.publicity, form, _("登记撤下"), _("登记"),
            notes=[str(place)], back=back,
        ),
    )  # fmt: skip


@require_GET
def place_photo(request, pk):
    """The photo that shows it hangs there: for everyone while the text is shown."""
    place = get_object_or_404(PostingPlace.objects.select_related("publicity", "photo"), pk=pk)
    known = Publicity.objects.visible_to(request.user).filter(pk=place.publicity_id).exists()
    if place.photo is None or not (place.publicity.is_shown or known):
        raise Http404
    return serve(request, place.photo)
