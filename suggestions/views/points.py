"""Collection points (征集点): list and plan for everyone, the desk for the committee."""

import hashlib
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from households.models import Household
from suggestions.actions import points as actions
from suggestions.documents import papers
from suggestions.forms import points as forms
from suggestions.models import CollectionPoint
from suggestions.models.points import HEIGHT
from suggestions.queries import points as queries

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

POSTER_FOR = 60 * 60
ACTS = ("edit_point", "set_point_hours", "close_point", "reopen_point")


def place_shown(request, places):
    """Of ``places`` the one asked for, else the reader's own, else the first."""
    asked = next((one for one in places if one.code == request.GET.get("place")), None)
    if asked or not request.user.is_authenticated:
        return asked or next(iter(places), None)
    homes = set(Household.objects.of(request.user).values_list("neighbourhood_id", flat=True))
    homes |= request.user.places("committee")
    return next((one for one in places if one.pk in homes), next(iter(places), None))


@require_GET
def point_list(request):
    """Every point on a plan and in a list; both are drawn from one and the same."""
    today = timezone.localdate()
    in_use = CollectionPoint.objects.in_use()
    places = list(
        Neighbourhood.objects.filter(pk__in=in_use.values("neighbourhood_id")).order_by("name")
    )
    place = place_shown(request, places)
    points = list(queries.with_hours(in_use.filter(neighbourhood=place), today))
    context = {
        "places": places,
        "place": place,
        "points": points,
        "groups": queries.grouped(points),
        "lines": queries.lines(points),
        "plan_height": HEIGHT,
        "desk": request.user.is_authenticated and request.user.holds(*READERS),
    }
    return render(request, "suggestions/points/list.html", context)


def _seen(request, pk) -> CollectionPoint:
    seen = CollectionPoint.objects.visible_to(request.user)
    seen = seen.select_related("neighbourhood", "building", "belongs_to")
    return get_object_or_404(queries.with_hours(seen, timezone.localdate()), pk=pk)


@require_GET
def point(request, pk):
    """Where it is, when it is open, whom one meets there, what can be done."""
    one = _seen(request, pk)
    context = {
        "point": one,
        "coming": one.hours.filter(since__gt=timezone.localdate()).order_by("since"),
        "back": reverse("suggestions:point_list") + f"?place={one.neighbourhood.code}",
    }
    return render(request, "suggestions/points/point.html", context)


def _here(request):
    """Points of the places one works in, those closed too."""
    return CollectionPoint.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))


@login_required
@require_GET
def point_desk(request):
    staff_only(request)
    points = queries.with_hours(_here(request), timezone.localdate())
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    context = {
        "points": points.select_related("neighbourhood").order_by("neighbourhood", "number"),
        "places": places,
    }
    return render(request, "suggestions/points/desk.html", context)


def _at_desk(request, pk, act="") -> CollectionPoint:
    here = _here(request).select_related("neighbourhood", "building", "belongs_to")
    one = get_object_or_404(queries.with_hours(here, timezone.localdate()), pk=pk)
    if act:
        require(request.user, f"suggestions.{act}", one)
    return one


@login_required
@require_GET
def desk_point(request, pk):
    one = _at_desk(request, pk)
    context = {
        "point": one,
        "hours": one.hours.select_related("set_by"),
        "can": allowed(request.user, one, *ACTS),
        "today": timezone.localdate(),
        "back": reverse("suggestions:point_desk"),
    }
    return render(request, "suggestions/points/desk_point.html", context)


def _home(one) -> str:
    return reverse("suggestions:desk_point", args=[one.pk])


def _deed(request, one, act, form, heading, said, **more):
    page = partial(
        form_page, request, form, heading, heading, notes=[one.name], back=_home(one), **more
    )
    return by_form(request, form, partial(act, one), said=said, to=_home(one), page=page)


@login_required
@GET_OR_POST
def add_point(request, pk):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    place = get_object_or_404(places, pk=pk)
    form = forms.AddForm(request.POST or None, place=place)
    back = reverse("suggestions:point_desk")
    page = partial(
        form_page, request, form, _("设征集点"), _("设点"), notes=[place.name], back=back
    )
    act = partial(actions.add_point, place)
    return by_form(request, form, act, said=_("已设点"), to=_home, page=page)


@login_required
@GET_OR_POST
def edit_point(request, pk):
    one = _at_desk(request, pk, "edit_point")
    first = {name: getattr(one, name) for name in ("name", *actions.PLACED)}
    form = forms.PointForm(request.POST or None, initial=first, place=one.neighbourhood, point=one)
    return _deed(request, one, actions.edit_point, form, _("改征集点"), _("已改"))


@login_required
@GET_OR_POST
def set_point_hours(request, pk):
    one = _at_desk(request, pk, "set_point_hours")
    first = {"since": timezone.localdate(), "words": one.hours_now}
    form = forms.HoursForm(request.POST or None, initial=first)
    return _deed(request, one, actions.set_point_hours, form, _("定开放时间"), _("已定"))


@login_required
@GET_OR_POST
def close_point(request, pk):
    one = _at_desk(request, pk, "close_point")
    form = forms.CloseForm(request.POST or None)
    return _deed(
        request, one, actions.close_point, form, _("停用征集点"), _("已停用"), danger=True
    )


@login_required
@require_POST
def reopen_point(request, pk):
    one = _at_desk(request, pk, "reopen_point")
    act = partial(actions.reopen_point, one)
    return by_button(request, act, said=_("又启用了"), to=_home(one))


@login_required
@require_GET
def point_poster(request, pk):
    """The poster for the door, printed once for all who ask (征集点海报 PDF)."""
    one = _at_desk(request, pk)
    facts = papers.poster_facts(one)
    key = hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()
    pdf = caches["local"].get_or_set(
        f"point.poster:{one.pk}:{key}", lambda: papers.poster(one), POSTER_FOR
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="point-{one.number}.pdf"'
    return response
