"""The committee's desk of resolutions (决议): the queue by day, what is not in it yet, the table to take away."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, Organisation
from caoyang_portal.deeds import by_form
from caoyang_portal.exports import XLSX, csv_text, workbook
from consultation.actions import resolutions as actions
from consultation.forms import resolutions as forms
from consultation.models import FollowUp, Meeting, MeetingDecision, Resolution, Topic
from consultation.queries import resolutions as queries

from .desk import GET_OR_POST, READERS, form_page, staff_only
from .resolutions import narrowed
from .topics import query_without_page

PER_PAGE = 50


@login_required
@require_GET
def resolution_desk(request):
    staff_only(request)
    today = timezone.localdate()
    here = Resolution.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    wanted = forms.FindForm(request.GET).wanted()
    shown = narrowed(here, wanted, today)
    if not wanted["state"]:
        shown = shown.exclude(state__in=["evaluated", "dropped"])
    places = request.user.places("committee")
    context = {
        "page": Paginator(
            shown.select_related("responsible_user", "responsible_body").order_by("due_on", "pk"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "late": here.overdue(today).count(),
        "decisions": queries.waiting_decisions(places),
        "tasks": queries.waiting_follow_ups(places),
        "places": Neighbourhood.objects.filter(pk__in=places),
        "wanted": wanted,
        "states": Resolution.State.choices,
        "today": today,
        "query": query_without_page(request),
    }
    return render(request, "consultation/resolutions/desk.html", context)


def bodies(place):
    own = Organisation.objects.filter(sub_district=place.sub_district_id)
    return own.filter(neighbourhood=None) | own.filter(neighbourhood=place)


def _to(one) -> str:
    return reverse("consultation:resolution", args=[one.pk])


def _said(one) -> str:
    return _("已列入决议，编号 %(number)s") % {"number": one.number}


@login_required
@GET_OR_POST
def enter_resolution(request, pk):
    """A new one of a place, by hand."""
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    place = get_object_or_404(places, pk=pk)
    form = forms.EnterForm(
        request.POST or None,
        bodies=bodies(place),
        topics=Topic.objects.filter(neighbourhood=place).order_by("-number"),
        meetings=Meeting.objects.filter(neighbourhood=place, state="held"),
    )
    return _entering(request, form, partial(actions.enter_resolution, place), _("登记决议"), [])


@login_required
@GET_OR_POST
def take_decision(request, pk):
    """From what a meeting decided."""
    decision = get_object_or_404(
        MeetingDecision.objects.select_related("meeting", "neighbourhood"),
        pk=pk,
        neighbourhood_id__in=request.user.places("committee"),
    )
    first = {
        "text": decision.text,
        "responsible_name": decision.responsible,
        "is_public": decision.meeting.is_public,
    }
    form = forms.BodyForm(
        request.POST or None, initial=first, bodies=bodies(decision.neighbourhood)
    )
    notes = [str(decision.meeting), " ".join([decision.text, decision.responsible, decision.due])]
    return _entering(request, form, partial(actions.take_decision, decision), _("列入决议"), notes)


@login_required
@GET_OR_POST
def take_follow_up(request, pk):
    """From what a poll's result obliges to."""
    task = get_object_or_404(
        FollowUp.objects.select_related("poll", "neighbourhood"),
        pk=pk,
        neighbourhood_id__in=request.user.places("committee"),
    )
    form = forms.BodyForm(
        request.POST or None, initial={"text": task.text}, bodies=bodies(task.neighbourhood)
    )
    notes = [str(task.poll), task.text]
    return _entering(request, form, partial(actions.take_follow_up, task), _("列入决议"), notes)


def _entering(request, form, act, heading, notes):
    back = reverse("consultation:resolution_desk")
    page = partial(form_page, request, None, form, heading, _("列入决议"), notes=notes, back=back)
    return by_form(request, form, act, said=_said, to=_to, page=page)


@login_required
@require_POST
def export_resolutions(request, pk):
    """The register as a table, people masked; who took it is recorded."""
    place = get_object_or_404(Neighbourhood, pk=pk)
    if place.pk not in request.user.reach(*READERS):
        raise Http404
    require(request.user, "consultation.export_resolutions", place)
    form = forms.TableForm(request.POST)
    actions.export_resolutions(place, by=request.user)
    rows = queries.table(
        Resolution.objects.filter(neighbourhood=place)
        .select_related("responsible_user", "responsible_body")
        .order_by("number")
    )
    name = f"{_('决议')} {place.name} {timezone.localdate():%Y-%m-%d}"
    if form.is_valid() and form.cleaned_data["table"] == "xlsx":
        mark = f"{request.user.name} {timezone.localtime():%Y-%m-%d %H:%M}"
        content = workbook(rows, queries.headings(), watermark=mark, title=_("决议"))
        return _file(content, XLSX, f"{name}.xlsx")
    return _file(csv_text(rows, queries.headings()), "text/csv; charset=utf-8", f"{name}.csv")


def _file(content, media_type, name):
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
