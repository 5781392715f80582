"""The desk at the door (签到台): who comes and goes, for whom they sit, what is missing to the quorum."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused
from caoyang_portal.htmx import part
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import attendance as actions
from consultation.forms import attendance as forms
from consultation.models import Attendance, Meeting, Presence, Seat
from consultation.queries import attendance as queries
from consultation.queries import door
from consultation.queries.attendance_words import in_words

from .meeting_rooms import GET_OR_POST, meeting_at, meeting_form, meeting_here, meeting_home

DESK = "consultation/attendance/desk.html"
PER_PAGE = 50
MOST_EXPECTED = 30


def meeting_in_hand(request, pk, act: str = "see_attendance") -> Meeting:
    """The meeting, for those who may see who is there; others who watch have no right."""
    meeting = meeting_here(request, pk)
    require(request.user, f"consultation.{act}", meeting)
    return meeting


def _thing(request, model, pk, *related: str):
    """One row of a meeting one runs."""
    return get_object_or_404(
        model.objects.visible_to(request.user).select_related("meeting", *related), pk=pk
    )


@login_required
@require_GET
def desk_attendance(request, pk):
    """Who is there and who is expected; one tap in, one tap out; the numbers live."""
    meeting = meeting_in_hand(request, pk)
    now, q = timezone.now(), request.GET.get("q", "").strip()
    hall = queries.hall(meeting)
    context = {"meeting": meeting, "words": in_words(hall.at(now), meeting), "at": now}
    context["goes_on"] = meeting.is_to_come
    if request.htmx:
        return render(request, part(request, DESK, "quorum"), context)
    came = queries.comers(hall, now)
    if q:
        homes = door.homes_found(meeting, q)
        came = [
            one for one in came if q in one.attendance.name or one.attendance.household_id in homes
        ]
    page = Paginator(came, PER_PAGE).get_page(request.GET.get("page"))
    coming = door.find(meeting, q) if q else door.expected(meeting)
    context |= {
        "q": q,
        "page": page,
        "coming": coming[:MOST_EXPECTED],
        "more": max(0, len(coming) - MOST_EXPECTED),
        "walk_in": forms.AdmitForm(initial={"name": q}),
        "undo": _just_tapped(request, meeting, now),
        "back": meeting_home(meeting),
    }
    return render(request, DESK, context)


def _just_tapped(request, meeting, now):
    """What may still be taken back, and for how many seconds."""
    try:
        tapped = UUID(request.GET.get("undo", ""))
    except ValueError:
        return None
    presences = meeting.presences.filter(voided=False).select_related("attendance")
    presence = presences.filter(pk=tapped).first()
    if presence is None:
        return None
    left = actions.UNDO_FOR - (now - (presence.left_at or presence.arrived_at))
    return (presence, int(left.total_seconds())) if left.total_seconds() >= 1 else None


def _tapped(request, meeting, act, said):
    """One tap at the desk: done, and it may be taken back at once; or why not."""
    to = meeting_at("desk_attendance", meeting)
    try:
        presence = act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(to)
    messages.success(request, said % {"name": presence.attendance.name})
    return redirect(f"{to}?undo={presence.pk}")


@login_required
@require_POST
def admit(request, pk):
    meeting = meeting_in_hand(request, pk, "admit")
    form = forms.AdmitForm(request.POST)
    person = None
    if form.is_valid():
        given = form.cleaned_data
        person = (
            door.named(meeting, given["who"])
            if given["who"]
            else door.Person(given["name"].strip(), given["role"])
        )
    if person is None:
        messages.error(request, _("没有找到这一位，请再查一次。"))
        return redirect(meeting_at("desk_attendance", meeting))
    act = partial(actions.admit, meeting, person, by=request.user)
    return _tapped(request, meeting, act, _("%(name)s 到了"))


@login_required
@require_POST
def see_out(request, pk):
    presence = _thing(request, Presence, pk, "attendance")
    act = partial(actions.see_out, presence, by=request.user)
    return _tapped(request, presence.meeting, act, _("%(name)s 离开了"))


@login_required
@require_POST
def undo_tap(request, pk):
    presence = _thing(request, Presence, pk)
    to = meeting_at("desk_attendance", presence.meeting)
    return by_button(request, partial(actions.undo_tap, presence), said=_("已撤销"), to=to)


@login_required
@GET_OR_POST
def enter_from_sheet(request, pk):
    """One line of the paper sheet; ``?who=`` names somebody of the list."""
    meeting = meeting_in_hand(request, pk, "enter_from_sheet")
    person = door.named(meeting, request.GET.get("who", ""))
    first = {"arrived_at": meeting.opened_at or meeting.starts_at}
    if person:
        first |= {"name": person.name, "role": person.role}
    form = forms.SheetForm(request.POST or None, initial=first)

    def enter(name, role, arrived_at, left_at, by):
        who = person or door.Person(name.strip(), role)
        return actions.enter_from_sheet(
            meeting, who, arrived_at=arrived_at, left_at=left_at, by=by
        )

    to = meeting_at("desk_attendance", meeting)
    page = partial(
        meeting_form, request, meeting, form, _("照签到表补登"), _("补登"), back=to,
        notes=[_("纸上签了到、这里没有的人，在这里补。人数变化会重新算，已经结束的举手表决不变。")],
    )  # fmt: skip
    return by_form(request, form, enter, said=_("已补登"), to=to, page=page)


@login_required
@require_GET
def attendee(request, pk):
    """One who came: when, as what, for whom; and what can be put right."""
    row = _thing(request, Attendance, pk, "household__building", "meeting__roll")
    meeting = row.meeting
    require(request.user, "consultation.see_attendance", row)
    context = {
        "meeting": meeting,
        "row": row,
        "presences": row.presences.filter(voided=False),
        "seats": row.seats.select_related("entry").order_by("since"),
        "role": forms.AttendeeRoleForm(initial={"role": row.role}),
        "entry": forms.EntryForm(roll=meeting.roll) if meeting.roll else None,
        "back": meeting_at("desk_attendance", meeting),
    }
    return render(request, "consultation/attendance/attendee.html", context)


@login_required
@require_POST
def set_attendee_role(request, pk):
    row = _thing(request, Attendance, pk)
    require(request.user, "consultation.set_attendee_role", row)
    form = forms.AttendeeRoleForm(request.POST)
    return _on_the_attendee(
        request, row, form, partial(actions.set_attendee_role, row), _("身份已改")
    )


@login_required
@require_POST
def seat_attendee(request, pk):
    row = _thing(request, Attendance, pk, "meeting__roll")
    require(request.user, "consultation.seat_attendee", row)
    if row.meeting.roll is None:
        raise Http404
    form = forms.EntryForm(request.POST, roll=row.meeting.roll)
    return _on_the_attendee(
        request, row, form, partial(actions.seat_attendee, row), _("已对上名册")
    )


def _on_the_attendee(request, row, form, act, said):
    """A small form on somebody's page: what is wrong with it is said there."""
    to = meeting_at("attendee", row)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect(to)
    return by_button(request, partial(act, **form.cleaned_data), said=said, to=to)


@login_required
@GET_OR_POST
def record_meeting_mandate(request, pk):
    row = _thing(request, Attendance, pk, "meeting__roll")
    require(request.user, "consultation.record_meeting_mandate", row)
    to = meeting_at("attendee", row)
    if row.meeting.roll is None:
        messages.error(request, _("这次会议不按名册算人数，不用登记委托。"))
        return redirect(to)
    form = forms.MeetingMandateForm(
        request.POST or None, request.FILES or None, roll=row.meeting.roll
    )

    def enter(entry, scope, mandated_on, document, by):
        kept = intake.take_in(document, neighbourhood_id=row.neighbourhood_id, by=by, conceal=True)
        mandate = actions.Mandate(kept, scope, mandated_on)
        return actions.record_meeting_mandate(row, entry=entry, mandate=mandate, by=by)

    page = partial(
        meeting_form, request, row.meeting, form, _("登记会议委托"), _("登记委托"), back=to,
        notes=[row.name, _("业主本人来了，就按本人算，委托先放着，不会算成两个人。")],
    )  # fmt: skip
    return by_form(request, form, enter, said=_("委托已登记"), to=to, page=page)


@login_required
@require_POST
def end_seat(request, pk):
    seat = _thing(request, Seat, pk, "attendance")
    to = meeting_at("attendee", seat.attendance)
    return by_button(request, partial(actions.end_seat, seat), said=_("已结束"), to=to)


@login_required
@require_GET
def see_meeting_mandate(request, pk):
    """The written mandate itself."""
    seat = _thing(request, Seat, pk, "document", "proxy__document")
    require(request.user, "consultation.see_meeting_mandate", seat)
    document = seat.document or (seat.proxy.document if seat.proxy else None)
    if document is None:
        raise Http404
    return serve(request, document)


@login_required
@require_GET
def quorum_history(request, pk):
    """The numbers at every instant they changed, recounted from the times of presence."""
    meeting = meeting_in_hand(request, pk)
    hall = queries.hall(meeting)
    lines = [
        (moment, in_words(moment.count, meeting)) for moment in reversed(queries.history(hall))
    ]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "meeting": meeting,
        "page": page,
        "back": reverse("consultation:desk_attendance", args=[pk]),
    }
    return render(request, "consultation/attendance/history.html", context)
