"""Rooms and a week of their bookings, for the committee (场所)."""

import datetime as dt
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community import actions
from caoyang_portal.community.models import Booking, Neighbourhood, Venue
from caoyang_portal.deeds import by_button, by_form
from consultation.forms import venues as forms
from consultation.queries import venues as queries

from .meeting_rooms import GET_OR_POST, READERS, meeting_form, places_of

WEEK = dt.timedelta(days=7)
FIRST_HOUR = 14


def _desk() -> str:
    return reverse("consultation:venue_desk")


@login_required
@require_GET
def venue_desk(request):
    """The week on one page: a line for each room, a column for each day."""
    places = request.user.reach(*READERS)
    if not places:
        raise Http404
    monday = queries.monday_of(_day(request.GET.get("week", "")))
    context = {
        "rows": queries.week(places, monday),
        "days": [monday + dt.timedelta(days=n) for n in range(queries.DAYS)],
        "monday": monday,
        "earlier": monday - WEEK,
        "later": monday + WEEK,
        "today": timezone.localdate(),
        "may_add": request.user.holds("committee"),
        "mine": request.user.places("committee"),
    }
    return render(request, "consultation/meetings/desk/venues.html", context)


def _day(text):
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year <= 2100 else timezone.localdate()


def _venue(request, pk) -> Venue:
    places = request.user.reach(*READERS)
    return get_object_or_404(
        Venue.objects.select_related("neighbourhood"), pk=pk, neighbourhood_id__in=places
    )


@login_required
@GET_OR_POST
def add_venue(request):
    places = places_of(request)
    form = forms.AddVenueForm(request.POST or None, neighbourhoods=places)
    page = partial(meeting_form, request, None, form, _("登记场所"), _("登记"), back=_desk())
    return by_form(request, form, actions.add_venue, said=_("已登记"), to=_desk(), page=page)


@login_required
@GET_OR_POST
def edit_venue(request, pk):
    venue = _venue(request, pk)
    require(request.user, "community.edit_venue", venue)
    here = Neighbourhood.objects.filter(pk=venue.neighbourhood_id)
    first = {name: getattr(venue, name) for name in actions.VENUE_FIELDS}
    form = forms.VenueForm(request.POST or None, initial=first, neighbourhoods=here)
    page = partial(meeting_form, request, None, form, venue.name, _("保存"), back=_desk())
    act = partial(actions.edit_venue, venue)
    return by_form(request, form, act, said=_("已保存"), to=_desk(), page=page)


@login_required
@require_POST
def close_venue(request, pk):
    venue = _venue(request, pk)
    act = partial(actions.close_venue, venue)
    return by_button(request, act, said=_("已停用，不能再订"), to=_desk())


@login_required
@GET_OR_POST
def book_venue(request, pk):
    venue = _venue(request, pk)
    require(
        request.user,
        "community.book_venue",
        Booking(venue=venue, neighbourhood_id=venue.neighbourhood_id),
    )
    start = dt.datetime.combine(_day(request.GET.get("day", "")), dt.time(FIRST_HOUR))
    form = forms.BookingForm(request.POST or None, initial={"starts_at": start})
    back = _desk()
    page = partial(
        meeting_form, request, None, form, _("订%(venue)s") % {"venue": venue.name}, _("订下"),
        back=back,
    )  # fmt: skip
    act = partial(actions.book_venue, venue)
    return by_form(request, form, act, said=_("已订下"), to=_week_of, page=page)


def _week_of(booking) -> str:
    return f"{_desk()}?week={timezone.localdate(booking.starts_at).isoformat()}"


@login_required
@require_POST
def cancel_booking(request, pk):
    """Only of what is no meeting: a meeting gives its room back itself."""
    places = request.user.reach(*READERS)
    free = Booking.objects.filter(neighbourhood_id__in=places, meeting=None)
    booking = get_object_or_404(free, pk=pk)
    act = partial(actions.cancel_booking, booking)
    return by_button(request, act, said=_("已退订"), to=_week_of(booking))
