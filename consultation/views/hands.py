"""Shows of hands at the desk (举手表决): put, count, call; or hand on to a poll."""

import datetime as dt
from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import hands as actions
from consultation.forms import hands as forms
from consultation.forms.polls import WhyForm
from consultation.models import Attendance, Meeting, RollEntry, ShowOfHands
from consultation.queries import attendance as queries
from consultation.queries import hands as tallies
from consultation.queries.attendance_words import in_words
from consultation.queries.hands_words import result_words

from .attendance import meeting_in_hand
from .meeting_rooms import GET_OR_POST, allowed_at, meeting_at, meeting_form, meeting_home

SHOW = "consultation/attendance/show.html"


def show_here(request, pk) -> ShowOfHands:
    show = get_object_or_404(
        ShowOfHands.objects.visible_to(request.user).select_related(
            "meeting__roll", "meeting__neighbourhood", "neighbourhood", "item", "poll"
        ),
        pk=pk,
    )
    require(request.user, "consultation.see_attendance", show)
    return show


@login_required
@require_GET
def desk_hands(request, pk):
    """Every show of hands of a meeting, and whether one may be begun."""
    meeting = meeting_in_hand(request, pk)
    count = queries.hall(meeting).at(timezone.now())
    context = {
        "meeting": meeting,
        "shows": [(show, result_words(show)) for show in meeting.shows.select_related("poll")],
        "words": in_words(count, meeting),
        "can": allowed_at(request.user, meeting, "open_show_of_hands"),
        "is_on": meeting.state == Meeting.State.UNDER_WAY,
        "back": meeting_home(meeting),
    }
    return render(request, "consultation/attendance/hands.html", context)


@login_required
@GET_OR_POST
def open_show_of_hands(request, pk):
    meeting = meeting_in_hand(request, pk, "open_show_of_hands")
    first = {"item": request.GET.get("item")}
    form = forms.ShowForm(request.POST or None, initial=first, meeting=meeting)
    words = in_words(queries.hall(meeting).at(timezone.now()), meeting)
    page = partial(
        meeting_form, request, meeting, form, _("举手表决"), _("开始举手"),
        notes=[words.headline], back=meeting_at("desk_hands", meeting),
    )  # fmt: skip
    act = partial(actions.open_show_of_hands, meeting)
    return by_form(
        request, form, act, said=_("可以举手了"), page=page,
        to=lambda show: meeting_at("show_of_hands", show),
    )  # fmt: skip


@login_required
@require_GET
def show_of_hands(request, pk):
    return _show_page(request, show_here(request, pk))


def _show_page(request, show, teller=None, ticks=None, dissent=None):
    """One show of hands: the count going on, or what came of it."""
    meeting, now = show.meeting, timezone.now()
    hall = queries.hall(meeting)
    is_open = show.state == ShowOfHands.State.OPEN
    counts = list(show.counts.all())
    context = {
        "meeting": meeting,
        "show": show,
        "result": result_words(show),
        "words": in_words(hall.at(now), meeting),
        "is_open": is_open,
        "teller": teller or forms.TellerForm(),
        "attempt": tallies.attempt(counts),
        "reported": _reported(counts),
        "differ": _differ(counts),
        "agreed": tallies.agreed(counts),
        "voters": _voters(show, hall, now, ticks) if is_open and show.counting == "ticks" else [],
        "ticked": show.ticks.count(),
        "dissent": dissent or forms.DissentForm(initial={"dissent": show.dissent}),
        "can": allowed_at(
            request.user, show, "close_show_of_hands", "withdraw_show_of_hands",
            "enter_teller_count", "tick_hands", "note_dissent", "link_show_to_poll",
        ),
        "back": meeting_at("desk_hands", meeting),
    }  # fmt: skip
    status = 422 if any(form and form.errors for form in (teller, ticks, dissent)) else 200
    return render(request, SHOW, context, status=status)


def _reported(counts):
    """Who has counted this time; not what."""
    last = tallies.attempt(counts)
    return [count.teller for count in counts if count.attempt == last]


def _differ(counts):
    """What two tellers counted differently the time before; then both may be seen."""
    last = max((count.attempt for count in counts), default=0)
    pair = [count for count in counts if count.attempt == last]
    return pair if len(pair) == 2 and pair[0].counted != pair[1].counted else []


def _voters(show, hall, now, form):
    """Each with the choice noted so far, in the order of the roll or of names."""
    who = tallies.who_votes(hall, now)
    noted = {tick.entry_id or tick.attendance_id: tick.choice for tick in show.ticks.all()}
    people = {row.pk: row for row in Attendance.objects.filter(meeting=show.meeting_id)}
    entries = {
        entry.pk: entry
        for entry in RollEntry.objects.filter(
            pk__in=[entry for _row, entry in who.values() if entry]
        )
    }
    rows = [
        (entries[entry].number if entry else "", people[row].name, entries.get(entry), voter)
        for voter, (row, entry) in who.items()
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    return [
        {"number": number, "name": name, "entry": entry, "field": f"v-{voter}", "choice": noted.get(voter, "")}
        for number, name, entry, voter in rows
    ]  # fmt: skip


@login_required
@require_POST
def enter_teller_count(request, pk):
    show = show_here(request, pk)
    form = forms.TellerForm(request.POST)
    return by_form(
        request, form, partial(actions.enter_teller_count, show), said=_("已记下"),
        to=meeting_at("show_of_hands", show), page=lambda: _show_page(request, show, teller=form),
    )  # fmt: skip


@login_required
@require_POST
def tick_hands(request, pk):
    show = show_here(request, pk)
    voters = tallies.who_votes(queries.hall(show.meeting), timezone.now())
    form = forms.TicksForm(request.POST, voters=voters)
    return by_form(
        request, form, partial(actions.tick_hands, show), said=_("已登记"),
        to=meeting_at("show_of_hands", show), page=lambda: _show_page(request, show, ticks=form),
    )  # fmt: skip


@login_required
@require_POST
def close_show_of_hands(request, pk):
    show = show_here(request, pk)
    return by_button(
        request, partial(actions.close_show_of_hands, show), said=_("举手表决结束了"),
        to=meeting_at("show_of_hands", show),
    )  # fmt: skip


@login_required
@GET_OR_POST
def withdraw_show_of_hands(request, pk):
    show = show_here(request, pk)
    require(request.user, "consultation.withdraw_show_of_hands", show)
    form, to = WhyForm(request.POST or None), meeting_at("show_of_hands", show)

    def withdraw(reason, by):
        return actions.withdraw_show_of_hands(show, why=reason, by=by)

    page = partial(
        meeting_form, request, show.meeting, form, _("撤回举手表决"), _("撤回"),
        notes=[show.question], danger=True, back=to,
    )  # fmt: skip
    return by_form(request, form, withdraw, said=_("已撤回"), to=to, page=page)


@login_required
@require_POST
def note_dissent(request, pk):
    show = show_here(request, pk)
    form = forms.DissentForm(request.POST)
    return by_form(
        request, form, partial(actions.note_dissent, show), said=_("不同意见已记下"),
        to=meeting_at("show_of_hands", show), page=lambda: _show_page(request, show, dissent=form),
    )  # fmt: skip


@login_required
@GET_OR_POST
def link_show_to_poll(request, pk):
    """What is too large for a show of hands: an existing poll."""
    show = show_here(request, pk)
    require(request.user, "consultation.link_show_to_poll", show)
    form, to = (
        forms.LinkShowForm(request.POST or None, show=show),
        meeting_at("show_of_hands", show),
    )
    page = partial(
        meeting_form, request, show.meeting, form, _("接到书面表决"), _("接上"),
        notes=[show.question], back=to,
    )  # fmt: skip
    act = partial(actions.link_show_to_poll, show)
    return by_form(request, form, act, said=_("已接到表决"), to=to, page=page)


@login_required
@GET_OR_POST
def draft_poll_from_show(request, pk):
    """A new poll with the same question."""
    show = show_here(request, pk)
    require(request.user, "consultation.draft_poll_from_show", show)
    opens = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    opens += dt.timedelta(days=16)
    first = {
        "code": f"hands-{show.meeting_id.hex[-4:]}-{show.number}",
        "opens_at": opens,
        "closes_at": opens + dt.timedelta(days=14, hours=9),
    }
    form = forms.PollFromShowForm(request.POST or None, initial=first, show=show)
    page = partial(
        meeting_form, request, show.meeting, form, _("起草书面表决"), _("建立草稿"),
        notes=[show.question], back=meeting_at("show_of_hands", show),
    )  # fmt: skip
    act = partial(actions.draft_poll_from_show, show)
    return by_form(
        request, form, act, said=_("表决草稿已建立"), page=page,
        to=lambda poll: meeting_at("desk_poll", poll),
    )  # fmt: skip
