"""Taking notes while the meeting goes on (现场记录): agenda, notes, people, quick entries on one screen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.errors import Refused
from caoyang_portal.htmx import part
from consultation.actions import notes as actions
from consultation.forms.notes import NoteForm
from consultation.forms.record import ContributionForm, NotedForm
from consultation.models import Meeting, MeetingNote
from consultation.queries import attendance as queries
from consultation.queries.attendance_words import in_words
from consultation.queries.notes import sheets

from .meeting_rooms import allowed_at, meeting_at, meeting_here, meeting_home

NOTES = "consultation/record/notes.html"
LAST = 30  # contributions beside the notes; all of them are on a page of their own


def record_in_hand(request, pk, act: str = "see_record") -> Meeting:
    """The meeting, for those who keep its record."""
    meeting = meeting_here(request, pk)
    require(request.user, f"consultation.{act}", meeting)
    return meeting


@login_required
@require_GET
@never_cache
def meeting_notes(request, pk):
    """One screen: the agenda, a sheet for each point, what was said and decided, who is there."""
    meeting = record_in_hand(request, pk)
    if request.htmx:
        return render(request, part(request, NOTES, "beside"), beside(request, meeting))
    return notes_page(request, meeting)


def notes_page(request, meeting, **forms):
    """The whole screen; or with a quick form, the form alone as it came back."""
    context = quick(meeting, **forms)
    wrong = any(form.errors for form in forms.values())
    if request.htmx:
        answer = render(
            request, part(request, NOTES, "quick"), context, status=422 if wrong else 200
        )
        answer["HX-Trigger"] = "noted"
        return answer
    context |= beside(request, meeting) | {
        "sheets": sheets(meeting),
        "may_write": meeting.state != Meeting.State.CANCELLED,
        "can": allowed_at(request.user, meeting, "open_show_of_hands", "see_unnamed_speakers"),
        "back": meeting_home(meeting),
    }
    return render(request, NOTES, context, status=422 if wrong else 200)


def quick(meeting, contribution=None, decision=None):
    """The forms for what comes up every other minute."""
    return {
        "meeting": meeting,
        "contribution": contribution or ContributionForm(meeting=meeting),
        "decision": decision or NotedForm(meeting=meeting),
        "takes_entries": meeting.state in (Meeting.State.UNDER_WAY, Meeting.State.HELD),
    }


def beside(request, meeting):
    """What changes while one writes."""
    now = timezone.now()
    hall = queries.hall(meeting)
    said = meeting.contributions.select_related("speaker", "unnamed", "item")
    return {
        "meeting": meeting,
        "words": in_words(hall.at(now), meeting),
        "there": sorted(p.attendance.name for p in hall.there(now)),
        "said": list(said.order_by("-order")[:LAST]),
        "said_in_all": meeting.contributions.count(),
        "decisions": meeting.decisions.select_related("item", "show"),
        "open_show": meeting.shows.filter(state="open").first(),
        "goes_on": meeting.is_to_come,
    }


@login_required
@require_POST
def save_note(request, pk):
    """Save one sheet; to the script it answers with what stands now, to a form with the page."""
    meeting = record_in_hand(request, pk, "save_note")
    form = NoteForm(request.POST, meeting=meeting)
    by_script = request.headers.get("Accept") == "application/json"
    try:
        saved = _saved(meeting, form, request.user)
    except Refused as refusal:
        if by_script:
            return JsonResponse({"refused": str(refusal)}, status=422)
        messages.error(request, str(refusal))
        return redirect(meeting_at("meeting_notes", meeting))
    if by_script:
        return _to_script(saved)
    return _to_page(request, meeting, saved)


def _saved(meeting, form, user):
    if not form.is_valid():
        raise Refused(_("没有存上，请刷新页面再试。"))
    return actions.save_note(meeting, **form.cleaned_data, by=user)


def _to_script(saved):
    answer = {
        "yours": saved.yours, "version": saved.note.version, "text": saved.note.text,
        "clashes": saved.conflict is not None,
    }  # fmt: skip
    return JsonResponse(answer, status=409 if saved.conflict else 200)


def _to_page(request, meeting, saved):
    to = meeting_at("meeting_notes", meeting)
    place = saved.note.item_id or "whole"
    if saved.conflict:
        messages.warning(request, _("同事也改了这几行。两边写的都留着，请看了再合在一起。"))
        return redirect(f"{to}#clash-{saved.conflict.number}")
    if saved.yours != saved.note.version:
        messages.success(request, _("已存，和同事写的合在一起了。"))
    else:
        messages.success(request, _("已存"))
    return redirect(f"{to}#sheet-{place}")


@login_required
@require_GET
@never_cache
def notes_now(request, pk):
    """The texts as they stand, for a script that shows what a colleague writes."""
    meeting = record_in_hand(request, pk)
    notes = MeetingNote.objects.filter(meeting=meeting)
    found = {str(n.item_id or ""): {"version": n.version, "text": n.text} for n in notes}
    return JsonResponse({"notes": found})


@login_required
@require_GET
def note_versions(request, pk):
    """Every text of one note that was ever sent, newest first."""
    note = get_object_or_404(
        MeetingNote.objects.visible_to(request.user).select_related("meeting", "item"), pk=pk
    )
    require(request.user, "consultation.see_record", note)
    context = {
        "note": note,
        "meeting": note.meeting,
        "versions": note.versions.select_related("by").order_by("-number")[:200],
        "back": meeting_at("meeting_notes", note.meeting),
    }
    return render(request, "consultation/record/versions.html", context)
