"""Signing in by the code in the hall (扫码签到), and the screen and the poster that show it."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may
from caoyang_portal.deeds import by_button
from caoyang_portal.htmx import part
from caoyang_portal.qr import qr_svg
from consultation import check_in_codes as codes
from consultation.actions import attendance as actions
from consultation.models import Attendance, Meeting
from consultation.queries import attendance as queries
from consultation.queries.attendance_words import in_words

from .attendance import meeting_in_hand
from .meeting_rooms import GET_OR_POST, meeting_at, meeting_home, meeting_seen

HALL = "consultation/attendance/hall.html"


def _kept(pk) -> str:
    return f"scanned:{pk}"


@require_GET
@never_cache
def check_in_code(request, pk, code):
    """What the code leads to: that it was scanned is remembered in this browser, through signing in."""
    if codes.is_good(pk, code, timezone.now()):
        request.session[_kept(pk)] = timezone.now().timestamp()
    return redirect("consultation:check_in", pk)


def _scanned_at(request, pk) -> dt.datetime | None:
    kept = request.session.get(_kept(pk))
    return dt.datetime.fromtimestamp(kept, tz=dt.UTC) if kept else None


@never_cache
@login_required
@GET_OR_POST
def check_in(request, pk):
    """One's own page at a meeting: I am here, I am leaving."""
    meeting = meeting_seen(request, pk)
    here = reverse("consultation:check_in", args=[pk])
    scanned_at = _scanned_at(request, pk)
    if request.method == "POST":

        def come_in(by):
            return actions.check_in(meeting, scanned_at=scanned_at, by=by)

        return by_button(request, come_in, said=_("签到好了，请找位子坐"), to=here)
    row = Attendance.objects.filter(meeting=meeting, user=request.user).first()
    probe = row or Attendance(
        neighbourhood=meeting.neighbourhood, meeting=meeting, user=request.user, name="?"
    )
    fresh = scanned_at is not None and timezone.now() - scanned_at < actions.SCANNED_FOR
    context = {
        "meeting": meeting,
        "neighbourhood": meeting.neighbourhood,
        "committee_phone": meeting.neighbourhood.committee_phone,
        "row": row,
        "presence": row and row.presences.filter(left_at=None, voided=False).first(),
        "mandates": row.seats.filter(is_proxy=True, ended_at=None).count() if row else 0,
        "is_on": meeting.state == Meeting.State.UNDER_WAY,
        "belongs": may(request.user, "consultation.check_in", probe),
        "has_scanned": fresh,
        "back": meeting_at("meeting", meeting),
    }
    return render(request, "consultation/attendance/check_in.html", context)


@login_required
@require_POST
def join_online(request, pk):
    meeting = meeting_seen(request, pk)

    def join(by):
        return actions.join_online(meeting, by=by)

    return by_button(
        request, join, said=_("已记下您在线上参加"), to=meeting_at("check_in", meeting)
    )


@login_required
@require_POST
def leave_meeting(request, pk):
    meeting = meeting_seen(request, pk)

    def leave(by):
        return actions.leave_meeting(meeting, by=by)

    return by_button(request, leave, said=_("已记下您先离开"), to=meeting_at("check_in", meeting))


def _qr(meeting, code):
    way = reverse("consultation:check_in_code", args=[meeting.pk, code])
    return qr_svg(settings.SITE_URL + way)


@never_cache
@login_required
@require_GET
def hall_screen(request, pk):
    """For the projector: the code, how many are there, how many are missing; no names."""
    meeting = meeting_in_hand(request, pk, "show_check_in_code")
    now = timezone.now()
    context = {
        "meeting": meeting,
        "words": in_words(queries.hall(meeting).at(now), meeting),
        "at": now,
        "is_on": meeting.state == Meeting.State.UNDER_WAY,
        "goes_on": meeting.is_to_come,
        "show": meeting.shows.filter(state="open").first(),
        "qr": _qr(meeting, codes.code_now(meeting.pk, now)),
    }
    return render(request, part(request, HALL, "now"), context)


@login_required
@require_GET
def check_in_poster(request, pk):
    """For a hall without a screen: the same on paper, good while the meeting is on."""
    meeting = meeting_in_hand(request, pk, "show_check_in_code")
    context = {
        "meeting": meeting,
        "qr": _qr(meeting, codes.code_on_the_poster(meeting.pk)),
        "back": meeting_home(meeting),
    }
    return render(request, "consultation/attendance/poster.html", context)
