"""Meetings for everyone (会议): what is held when and about what, signing up, calendar, notice."""

import datetime as dt
import hashlib
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads.models import Attachment
from caoyang_portal.uploads.views import serve
from consultation.actions import invitations, registrations
from consultation.documents import meeting_papers as papers
from consultation.forms import meeting_people as forms
from consultation.meeting_forms import FORMS
from consultation.models import (
    Draw,
    Invitation,
    Meeting,
    MeetingSeries,
    Minutes,
    Registration,
    Resolution,
)
from consultation.queries import meetings as queries
from consultation.queries.meeting_questions import shown_questions
from consultation.queries.registrations import seats, turn

from .meeting_rooms import GET_OR_POST, PER_PAGE, meeting_at, meeting_seen

NOTICE_FOR = 600  # seconds a printed notice is kept
FEED_GOES_BACK = dt.timedelta(days=60)
QUESTIONS_ON_THE_PAGE = 5


@require_GET
def meeting_list(request):
    """What is to come, then what was; by form, series or month."""
    found, now = queries.for_everybody(request.user), timezone.now()
    wanted, series = request.GET.get("form", ""), None
    if wanted in FORMS:
        found = found.filter(form=wanted)
    if request.GET.get("series"):
        series = _series(request.GET["series"])
        found = found.filter(series=series)
    month = _month(request.GET.get("month", ""))
    to_come = found.to_come(now).order_by("starts_at", "pk")
    past = found.exclude(pk__in=to_come.values("pk")).order_by("-starts_at", "pk")
    if month:
        first, after = month, _next_month(month)
        past = found.filter(starts_at__gte=first, starts_at__lt=after).order_by("starts_at", "pk")
        to_come = found.none()
    context = {
        "to_come": to_come[:PER_PAGE],
        "page": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "forms": FORMS.values(),
        "series": series,
        "month": month,
        "this_month": timezone.localtime(now),
        "earlier": month and _next_month(month, -1),
        "later": month and _next_month(month),
        "query": _without_page(request),
        "places": _feeds(request, found),
        "runs_some": request.user.is_authenticated
        and Meeting.objects.run_by(request.user).exists(),
    }
    return render(request, "consultation/meetings/meeting_list.html", context)


def _series(text):
    try:
        return get_object_or_404(MeetingSeries, pk=UUID(text))
    except ValueError as no_uuid:
        raise Http404 from no_uuid


def _month(text):
    """The first instant of ``2026-11``; None for anything else."""
    try:
        first = dt.datetime.strptime(text, "%Y-%m")  # noqa: DTZ007 made aware below
        return timezone.make_aware(first) if 2000 <= first.year <= 2100 else None
    except ValueError:
        return None


def _next_month(month, step=1):
    years, number = divmod(month.year * 12 + month.month - 1 + step, 12)
    return month.replace(year=years, month=number + 1)


def _without_page(request):
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def _feeds(request, found):
    """Neighbourhoods whose calendar can be subscribed to."""
    return Neighbourhood.objects.filter(pk__in=found.order_by().values("neighbourhood_id"))[:10]


@require_GET
def meeting(request, pk):
    """One meeting: what for, when, where, signing up, agenda with papers, questions, what came of it."""
    seen = meeting_seen(request, pk)
    user, now = request.user, timezone.now()
    takes_part, watches = seats(seen)
    invitation, registration = _own(user, seen)
    questions = shown_questions(seen, user)
    context = {
        "meeting": seen,
        "neighbourhood": seen.neighbourhood,
        "committee_phone": seen.neighbourhood.committee_phone,
        "form_of": FORMS[seen.form],
        "agenda": queries.timed_agenda(seen),
        "seats": takes_part,
        "observers": watches,
        "invitation": invitation,
        "registration": registration,
        "turn": _turn(registration),
        "may_register": seen.takes_registrations(now)
        and (not user.is_authenticated or may(user, "consultation.register", seen)),
        "questions": questions[:QUESTIONS_ON_THE_PAGE],
        "more_questions": len(questions) - QUESTIONS_ON_THE_PAGE,
        "takes_questions": seen.takes_questions_now(),
        "draws": seen.draws.all(),
        "has_minutes": Minutes.objects.visible_to(user).filter(meeting=seen).exists(),
        "resolutions": Resolution.objects.visible_to(user).filter(meeting=seen).order_by("number"),
        "runs_it": user.is_authenticated and Meeting.objects.run_by(user).filter(pk=pk).exists(),
        "back": reverse("consultation:meeting_list"),
    }
    return render(request, "consultation/meetings/meeting.html", context)


def _own(user, seen):
    if not user.is_authenticated:
        return None, None
    return (
        seen.invitations.filter(user=user).first(),
        seen.registrations.filter(user=user).select_related("meeting").first(),
    )


def _turn(registration):
    waits = registration is not None and registration.state == Registration.State.WAITING
    return turn(registration) if waits else 0


@require_GET
@login_required
def my_meetings(request):
    """Where one is invited or has signed up: what is to come first."""
    found, now = queries.mine(request.user), timezone.now()
    to_come = found.to_come(now).order_by("starts_at", "pk")
    past = found.exclude(pk__in=to_come.values("pk")).order_by("-starts_at", "pk")
    shown = list(to_come[:PER_PAGE])
    invited = Invitation.objects.filter(user=request.user, meeting__in=shown)
    signed_up = Registration.objects.filter(user=request.user, meeting__in=shown)
    context = {
        "rows": _joined(shown, invited, signed_up),
        "page": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "back": reverse("consultation:meeting_list"),
    }
    return render(request, "consultation/meetings/my_meetings.html", context)


def _joined(shown, invited, signed_up):
    invitations_of = {row.meeting_id: row for row in invited}
    registrations_of = {row.meeting_id: row for row in signed_up}
    return [(one, invitations_of.get(one.pk), registrations_of.get(one.pk)) for one in shown]


@login_required
@GET_OR_POST
def register(request, pk):
    seen = meeting_seen(request, pk)
    require(request.user, "consultation.register", seen)
    form = forms.RegisterForm(
        request.POST or None, initial={"is_online": "no", "is_observer": "no"}, meeting=seen
    )
    takes_part, watches = seats(seen)

    def page():
        context = {
            "meeting": seen,
            "form": form,
            "seats": takes_part,
            "observers": watches,
            "back": meeting_at("meeting", seen),
        }
        return render(request, "consultation/meetings/register.html", context)

    def said(done):
        if done.state == Registration.State.WAITING:
            return _("名额满了，您排在候补里，有空位马上告诉您。")
        return _("报名成功，会前会提醒您。")

    act, to = partial(registrations.register, seen), meeting_at("meeting", seen)
    return by_form(request, form, act, said=said, to=to, page=page)


@login_required
@require_POST
def cancel_registration(request, pk):
    seen = meeting_seen(request, pk)
    own = get_object_or_404(seen.registrations, user=request.user)
    act = partial(registrations.cancel_registration, own)
    return by_button(request, act, said=_("报名已取消"), to=meeting_at("meeting", seen))


@login_required
@require_POST
def answer_invitation(request, pk):
    seen = meeting_seen(request, pk)
    own = get_object_or_404(seen.invitations, user=request.user)
    act = partial(invitations.answer_invitation, own, answer=request.POST.get("answer", ""))
    return by_button(request, act, said=_("已告诉居委"), to=meeting_at("meeting", seen))


def _calendar(meetings, name, file):
    response = HttpResponse(papers.calendar(meetings, name), content_type=papers.CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{file}.ics"'
    return response


@require_GET
def meeting_calendar(request, pk):
    """One meeting for a phone's calendar."""
    seen = meeting_seen(request, pk)
    return _calendar([seen], seen.title, f"meeting-{seen.starts_at:%Y%m%d}")


@require_GET
def calendar_feed(request, code):
    """All public meetings of a neighbourhood, to subscribe to; the last two months stay in it."""
    place = get_object_or_404(Neighbourhood, code=code)
    since = timezone.now() - FEED_GOES_BACK
    found = queries.public_meetings().filter(neighbourhood=place, starts_at__gte=since)
    return _calendar(found.order_by("starts_at", "pk"), f"{place.name} 会议", code)


@require_GET
def meeting_notice(request, pk):
    """The notice as it hangs in the stairwell (会议通知 PDF), printed once for all who ask."""
    seen = meeting_seen(request, pk)
    facts = papers.notice_facts(seen)
    stands = [
        facts["agenda"],
        facts["draws"],
        seen.changes,
        seen.state,
        seen.title,
        facts["purpose"],
    ]
    key = f"meeting.notice:{seen.pk}:{hashlib.sha256(repr(stands).encode()).hexdigest()}"
    pdf = caches["local"].get_or_set(key, lambda: papers.meeting_notice(seen), NOTICE_FOR)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="meeting-{seen.starts_at:%Y%m%d}.pdf"'
    return response


@require_GET
def meeting_paper(request, pk, paper):
    """One of the papers to read before."""
    seen = meeting_seen(request, pk)
    found = Attachment.objects.filter(
        pk__in=seen.agenda.filter(papers__isnull=False).values("papers")
    )
    return serve(request, get_object_or_404(found, pk=paper))


@require_GET
def draw_file(request, pk, number):
    """Everything ``verify_draw.py`` needs to draw again."""
    seen = meeting_seen(request, pk)
    draw = get_object_or_404(Draw, meeting=seen, number=number)
    told = {
        "meeting": str(seen.pk), "group": draw.group, "spread": draw.spread, "wanted": draw.wanted,
        "seed": draw.seed, "frame": draw.frame, "frame_hash": draw.frame_hash, "drawn": draw.drawn,
    }  # fmt: skip
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="draw-{number}.json"'
    return response
