"""A meeting from its draft to its end, for those who prepare it (会议筹备)."""

import datetime as dt
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import meetings as actions
from consultation.actions import series as series_actions
from consultation.forms import meetings as forms
from consultation.meeting_forms import FORMS
from consultation.models import Meeting, MeetingSeries
from consultation.queries import meetings as queries
from consultation.queries.registrations import seats

from .meeting_rooms import (
    GET_OR_POST,
    PER_PAGE,
    READERS,
    allowed_at,
    meeting_form,
    meeting_here,
    meeting_home,
    places_of,
    staff_of_meetings,
    ways_on,
)

LIST = "consultation/meetings/desk/meetings.html"
DETAIL = "consultation/meetings/desk/meeting.html"
ACTS = (
    "edit_meeting", "change_meeting", "announce_meeting", "cancel_meeting", "open_meeting",
    "close_meeting", "reopen_meeting", "set_meeting_links", "invite", "see_registrations",
    "add_agenda_item", "enter_question",
)  # fmt: skip
CHAIN = [Meeting.State.DRAFT, Meeting.State.ANNOUNCED, Meeting.State.UNDER_WAY, Meeting.State.HELD]
FIRST_HOUR = 14


@login_required
@require_GET
def meeting_desk(request):
    """Every meeting of one's places, those to come first, with who comes and what waits."""
    staff_of_meetings(request)
    found = Meeting.objects.run_by(request.user).select_related("neighbourhood", "series", "venue")
    wanted = {name: request.GET.get(name, "") for name in ("state", "form")}
    if wanted["state"] in Meeting.State.values:
        found = found.filter(state=wanted["state"])
    if wanted["form"] in FORMS:
        found = found.filter(form=wanted["form"])
    now = timezone.now()
    page = Paginator(found.order_by("-starts_at", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    counted = queries.figures(page)
    context = {
        "page": page,
        "rows": [(meeting, counted[meeting.pk], _forgotten(meeting, now)) for meeting in page],
        "wanted": wanted,
        "query": "&".join(f"{name}={value}" for name, value in wanted.items() if value),
        "states": Meeting.State.choices,
        "forms": [(form.form, form.name) for form in FORMS.values()],
        "may_draft": request.user.holds("committee"),
        "series": MeetingSeries.objects.filter(
            neighbourhood_id__in=request.user.reach(*READERS), ended_at=None
        ),
    }
    return render(request, LIST, context)


def _forgotten(meeting, now) -> bool:
    """Its time is over, and nobody opened or closed it."""
    return meeting.is_to_come and meeting.ends_at < now


@login_required
@require_GET
def choose_meeting_form(request):
    """What each form is for, when it is held, who convenes, how many days before, by which rule."""
    places_of(request)
    context = {"forms": FORMS.values(), "back": reverse("consultation:meeting_desk")}
    return render(request, "consultation/meetings/desk/choose_form.html", context)


def _form_named(name):
    if name not in FORMS:
        raise Http404
    return FORMS[name]


def _first_values(request, form, places):
    start = timezone.localtime() + dt.timedelta(days=form.notice_days + 1)
    return {
        "title": form.name,
        "convenor": form.convenor_on_paper,
        "host": request.user.pk,
        "starts_at": start.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0),
        "lasts": 90,
        "mode": Meeting.Mode.IN_PERSON,
        "notice_days": form.notice_days,
        "is_public": True,
        "takes_questions": True,
        "quorum": Meeting.Quorum.NONE,
        "quorum_part": 1,
        "quorum_whole": 2,
        "quorum_exceeded": True,
    }


def _notes(form):
    return [
        f"{form.purpose}。",
        _("%(when)s召开，由%(who)s召集。") % {"when": form.when, "who": form.convenor},
        _("依据：%(basis)s") % {"basis": form.legal_basis},
    ]


@login_required
@GET_OR_POST
def draft_meeting(request, form):
    places, chosen = places_of(request), _form_named(form)
    filled = forms.DraftMeetingForm(
        request.POST or None, initial=_first_values(request, chosen, places),
        form_of_meeting=chosen, neighbourhoods=places,
    )  # fmt: skip

    def draft(neighbourhood, by, **values):
        return actions.draft_meeting(neighbourhood, form=chosen.form, **values, by=by)

    page = partial(
        meeting_form, request, None, filled, chosen.name, _("建立草稿"), notes=_notes(chosen),
        back=reverse("consultation:choose_meeting_form"),
    )  # fmt: skip
    said = _("草稿已建立，请排议程")
    return by_form(request, filled, draft, said=said, to=meeting_home, page=page)


@login_required
@GET_OR_POST
def plan_series(request, form):
    """Every Saturday, ten round tables: one form, many drafts."""
    places, chosen = places_of(request), _form_named(form)
    filled = forms.SeriesForm(
        request.POST or None, initial=_first_values(request, chosen, places),
        form_of_meeting=chosen, neighbourhoods=places,
    )  # fmt: skip

    def plan(neighbourhood, by, **values):
        return series_actions.plan_series(neighbourhood, form=chosen.form, **values, by=by)

    page = partial(
        meeting_form, request, None, filled, _("安排系列：%(form)s") % {"form": chosen.name},
        _("全部建成草稿"), notes=_notes(chosen), back=reverse("consultation:choose_meeting_form"),
    )  # fmt: skip
    to = reverse("consultation:meeting_desk")
    return by_form(request, filled, plan, said=_what_was_planned, to=to, page=page)


def _what_was_planned(plan):
    said = ngettext("已建 %(n)s 次会议的草稿。", "已建 %(n)s 次会议的草稿。", len(plan.meetings))
    said %= {"n": len(plan.meetings)}
    if plan.left_out:
        said += _("跳过节假日：%(days)s。") % {"days": "、".join(map(date_format, plan.left_out))}
    if plan.without_venue:
        days = "、".join(map(date_format, plan.without_venue))
        said += _("这几天场所已被占用，还没有订上：%(days)s。") % {"days": days}
    return said


@login_required
@require_POST
def end_series(request, pk):
    series = get_object_or_404(
        MeetingSeries, pk=pk, neighbourhood_id__in=request.user.reach(*READERS)
    )
    act = partial(series_actions.end_series, series)
    return by_button(request, act, said=_("系列已结束"), to=reverse("consultation:meeting_desk"))


@login_required
@require_GET
def desk_meeting(request, pk):
    """Where a meeting stands, what keeps it from being announced, and every way on."""
    meeting = meeting_here(request, pk)
    now, agenda = timezone.now(), queries.timed_agenda(meeting)
    takes_part, watches = seats(meeting)
    context = {
        "meeting": meeting,
        "form_of": FORMS[meeting.form],
        "steps": _steps(meeting),
        "missing": queries.blockers(meeting, now),
        "forgotten": _forgotten(meeting, now),
        "agenda": agenda,
        "over": queries.minutes_over(meeting, agenda),
        "earliest": queries.earliest_day(timezone.localdate(now), meeting.notice_days),
        "recorders": meeting.recorders.all(),
        "seats": takes_part,
        "observers": watches,
        "invited": meeting.invitations.count(),
        "draws": meeting.draws.count(),
        "waiting": queries.figures([meeting])[meeting.pk].get("questions", 0),
        "can": allowed_at(request.user, meeting, *ACTS),
        "may_reopen": _held_today(meeting),
        "after": ways_on(request.user, meeting) if meeting.state != Meeting.State.DRAFT else [],
        "back": reverse("consultation:meeting_desk"),
    }
    return render(request, DETAIL, context)


def _held_today(meeting) -> bool:
    return (
        meeting.state == Meeting.State.HELD
        and timezone.localdate(meeting.closed_at) == timezone.localdate()
    )


def _steps(meeting):
    """The way of a meeting, for the line on top of its page."""
    if meeting.state == Meeting.State.CANCELLED:
        return []
    here = CHAIN.index(meeting.state)
    words = {-1: "done", 0: "now", 1: "next"}
    return [(state.label, words[(n > here) - (n < here)]) for n, state in enumerate(CHAIN)]


@login_required
@GET_OR_POST
def edit_meeting(request, pk):
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.edit_meeting", meeting)
    places = places_of(request).filter(pk=meeting.neighbourhood_id)
    first = forms.first_values(meeting) | {"recorders": meeting.recorders.all()}
    form = forms.MeetingForm(
        request.POST or None, initial=first, form_of_meeting=FORMS[meeting.form],
        neighbourhoods=places,
    )  # fmt: skip

    def edit(recorders, by, **changes):
        return actions.edit_meeting(meeting, changes=changes, recorders=recorders, by=by)

    page = partial(meeting_form, request, meeting, form, _("修改会议"), _("保存"))
    return by_form(request, form, edit, said=_("已保存"), to=meeting_home(meeting), page=page)


@login_required
@GET_OR_POST
def change_meeting(request, pk):
    """After everybody was told: time, place, places; everybody is told again."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.change_meeting", meeting)
    places = places_of(request).filter(pk=meeting.neighbourhood_id)
    form = forms.ChangeForm(
        request.POST or None, initial=forms.first_values(meeting), neighbourhoods=places
    )

    def change(reason, by, **changes):
        return actions.change_meeting(meeting, changes=changes, reason=reason, by=by)

    notes = [_("改了时间、地点或链接，会马上告诉所有收到通知的人。")]
    page = partial(
        meeting_form, request, meeting, form, _("变更会议"), _("变更并告诉大家"), notes=notes
    )
    said = _("已变更，正在告诉大家")
    return by_form(request, form, change, said=said, to=meeting_home(meeting), page=page)


@login_required
@GET_OR_POST
def cancel_meeting(request, pk):
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.cancel_meeting", meeting)
    form = forms.CancelForm(request.POST or None)
    notes = [_("收到通知的人都会知道，场所同时退订。取消以后不能恢复。")]
    page = partial(
        meeting_form,
        request,
        meeting,
        form,
        _("取消会议"),
        _("取消会议"),
        notes=notes,
        danger=True,
    )
    act = partial(actions.cancel_meeting, meeting)
    return by_form(request, form, act, said=_("会议已取消"), to=meeting_home(meeting), page=page)


@login_required
@GET_OR_POST
def set_meeting_links(request, pk):
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.set_meeting_links", meeting)
    first = {"live_url": meeting.live_url, "replay_url": meeting.replay_url}
    form = forms.LinksForm(request.POST or None, initial=first)
    page = partial(meeting_form, request, meeting, form, _("直播和回放"), _("保存"))
    act = partial(actions.set_meeting_links, meeting)
    return by_form(request, form, act, said=_("已保存"), to=meeting_home(meeting), page=page)


def _button(request, pk, act, said):
    meeting = meeting_here(request, pk)
    return by_button(request, partial(act, meeting), said=said, to=meeting_home(meeting))


@login_required
@require_POST
def announce_meeting(request, pk):
    return _button(request, pk, actions.announce_meeting, _("通知已发出"))


@login_required
@require_POST
def open_meeting(request, pk):
    return _button(request, pk, actions.open_meeting, _("会议开始了"))


@login_required
@require_POST
def close_meeting(request, pk):
    return _button(request, pk, actions.close_meeting, _("已散会"))


@login_required
@require_POST
def reopen_meeting(request, pk):
    return _button(request, pk, actions.reopen_meeting, _("会议继续"))
