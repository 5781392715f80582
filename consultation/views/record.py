"""What was said and decided, photos and recordings of a meeting (现场记录)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import shown_on
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import record as actions
from consultation.forms import record as forms
from consultation.forms.polls import WhyForm
from consultation.models import (
    Attendance,
    Contribution,
    MeetingAudio,
    MeetingDecision,
    MeetingPhoto,
)

from .meeting_rooms import GET_OR_POST, allowed_at, meeting_at, meeting_form, meeting_home
from .notes import notes_page, record_in_hand

FILES = "consultation/record/files.html"
PER_PAGE = 50


def _thing(request, model, pk, *related: str):
    found = get_object_or_404(
        model.objects.visible_to(request.user).select_related("meeting", *related), pk=pk
    )
    require(request.user, "consultation.see_record", found)
    return found


@login_required
@require_GET
def meeting_record(request, pk):
    """Everything that was said, in its order, with what was put right; and every decision."""
    meeting = record_in_hand(request, pk)
    said = meeting.contributions.select_related("speaker", "unnamed", "item", "recorder")
    page = Paginator(said, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "meeting": meeting,
        "page": page,
        "decisions": meeting.decisions.select_related("item", "show", "poll"),
        "can": allowed_at(request.user, meeting, "see_unnamed_speakers"),
        "back": meeting_at("meeting_notes", meeting),
    }
    return render(request, "consultation/record/record.html", context)


def _quick(request, meeting, form, name, act):
    """A quick form beside the notes: noted, and the screen as it was."""
    if form.is_valid():
        with shown_on(form):
            act(form.cleaned_data)
            if request.htmx:
                return notes_page(request, meeting)
            return redirect(f"{meeting_at('meeting_notes', meeting)}#quick")
    return notes_page(request, meeting, **{name: form})


@login_required
@require_POST
def add_contribution(request, pk):
    meeting = record_in_hand(request, pk, "add_contribution")
    form = forms.ContributionForm(request.POST, meeting=meeting)

    def note(given):
        speaker = actions.Speaker(
            attendance=given["speaker"], is_unnamed=given["is_unnamed"], label=given.get("label")
        )
        actions.add_contribution(
            meeting, speaker=speaker, stance=given["stance"], text=given["text"],
            item=given["item"], by=request.user,
        )  # fmt: skip

    return _quick(request, meeting, form, "contribution", note)


@login_required
@require_POST
def note_decision(request, pk):
    meeting = record_in_hand(request, pk, "note_decision")
    form = forms.NotedForm(request.POST, meeting=meeting)

    def note(given):
        actions.note_decision(meeting, noted=actions.Noted(**given), by=request.user)

    return _quick(request, meeting, form, "decision", note)


@login_required
@GET_OR_POST
def correct_contribution(request, pk):
    """Put right what was noted; what stood before is shown below."""
    said = _thing(request, Contribution, pk, "speaker", "unnamed")
    to = meeting_at("meeting_record", said.meeting)
    first = {"stance": said.stance, "text": said.text, "version": said.version}
    form = forms.CorrectionForm(request.POST or None, initial=first)
    context = {
        "meeting": said.meeting, "said": said, "form": form, "back": to,
        "versions": said.versions.select_related("by").order_by("-number"),
    }  # fmt: skip
    return by_form(
        request, form, partial(actions.correct_contribution, said), said=_("已更正，原来的留着"), to=to,
        page=lambda: render(request, "consultation/record/correct.html", context),
    )  # fmt: skip


@login_required
@GET_OR_POST
def strike_contribution(request, pk):
    said = _thing(request, Contribution, pk)
    to = meeting_at("meeting_record", said.meeting)
    return _strike(request, said, said.text, partial(actions.strike_contribution, said), to)


@login_required
@GET_OR_POST
def strike_decision(request, pk):
    decision = _thing(request, MeetingDecision, pk)
    to = meeting_at("meeting_record", decision.meeting)
    return _strike(
        request, decision, decision.text, partial(actions.strike_decision, decision), to
    )


def _strike(request, thing, text, act, to):
    form = WhyForm(request.POST or None)
    page = partial(
        meeting_form, request, thing.meeting, form, _("划掉"), _("划掉"), danger=True, back=to,
        notes=[text, _("划掉的不进纪要，工作人员还看得到。")],
    )  # fmt: skip
    return by_form(request, form, act, said=_("已划掉"), to=to, page=page)


@login_required
@GET_OR_POST
def edit_decision(request, pk):
    decision = _thing(request, MeetingDecision, pk)
    names = ("text", "responsible", "due", "item", "show")
    first = {name: getattr(decision, name) for name in names}
    form = forms.NotedForm(request.POST or None, initial=first, meeting=decision.meeting)
    to = meeting_at("meeting_record", decision.meeting)

    def edit(by, **given):
        noted = actions.Noted(**given, poll=decision.poll)
        return actions.edit_decision(decision, noted=noted, by=by)

    page = partial(
        meeting_form, request, decision.meeting, form, _("修改决定"), _("保存"), back=to
    )
    return by_form(request, form, edit, said=_("已保存"), to=to, page=page)


@login_required
@require_POST
def see_unnamed_speakers(request, pk):
    """Who is behind the labels; for a recorder, as long as it is known."""
    meeting = record_in_hand(request, pk, "see_unnamed_speakers")
    labels = actions.see_unnamed_speakers(meeting, by=request.user)
    names = {
        str(row.pk): row.name
        for row in Attendance.objects.filter(
            meeting=meeting, pk__in=[s.who for s in labels if s.who]
        )
    }
    context = {
        "meeting": meeting,
        "labels": [(one.label, names.get(one.who, "")) for one in labels],
        "days": actions.FORGET_AFTER.days,
        "back": meeting_at("meeting_record", meeting),
    }
    return render(request, "consultation/record/labels.html", context)


@login_required
@require_GET
def meeting_files(request, pk):
    """Photos and recordings of a meeting."""
    return _files_page(request, record_in_hand(request, pk))


def _files_page(request, meeting, photo=None, audio=None):
    context = {
        "meeting": meeting,
        "photos": meeting.photos.select_related("file", "item"),
        "recordings": meeting.recordings.select_related("file", "added_by"),
        "photo": photo or forms.PhotoForm(meeting=meeting),
        "audio": audio or forms.AudioForm(),
        "back": meeting_home(meeting),
    }
    return render(request, FILES, context)


@login_required
@require_POST
def add_meeting_photo(request, pk):
    meeting = record_in_hand(request, pk, "add_meeting_photo")
    form = forms.PhotoForm(request.POST, request.FILES, meeting=meeting)

    def add(file, by, **given):
        kept = intake.take_in(file, neighbourhood_id=meeting.neighbourhood_id, by=by)
        return actions.add_meeting_photo(meeting, file=kept, **given, by=by)

    return by_form(
        request, form, add, said=_("照片已存"), to=meeting_at("meeting_files", meeting),
        page=lambda: _files_page(request, meeting, photo=form),
    )  # fmt: skip


@login_required
@require_GET
def meeting_photo(request, pk):
    return serve(request, _thing(request, MeetingPhoto, pk, "file").file)


@login_required
@require_POST
def remove_meeting_photo(request, pk):
    photo = _thing(request, MeetingPhoto, pk, "file")
    to = meeting_at("meeting_files", photo.meeting)
    return by_button(
        request, partial(actions.remove_meeting_photo, photo), said=_("照片已删"), to=to
    )


@login_required
@require_POST
def attach_audio(request, pk):
    meeting = record_in_hand(request, pk, "attach_audio")
    form = forms.AudioForm(request.POST, request.FILES)

    def add(file, consent, by):
        kept = intake.take_in_sound(file, neighbourhood_id=meeting.neighbourhood_id, by=by)
        return actions.attach_audio(meeting, file=kept, consent=consent, by=by)

    return by_form(
        request, form, add, said=_("录音已加密保存"), to=meeting_at("meeting_files", meeting),
        page=lambda: _files_page(request, meeting, audio=form),
    )  # fmt: skip


@login_required
@require_POST
def download_audio(request, pk):
    """The recording, to whoever keeps the record; each time is written down."""
    audio = _thing(request, MeetingAudio, pk)
    return serve(request, actions.download_audio(audio, by=request.user), download=True)


@login_required
@GET_OR_POST
def destroy_audio(request, pk):
    audio = _thing(request, MeetingAudio, pk)
    form, to = WhyForm(request.POST or None), meeting_at("meeting_files", audio.meeting)
    page = partial(
        meeting_form, request, audio.meeting, form, _("销毁录音"), _("销毁"), danger=True, back=to,
        notes=[_("销毁以后谁也听不到，不能恢复。")],
    )  # fmt: skip
    act = partial(actions.destroy_audio, audio)
    return by_form(request, form, act, said=_("录音已销毁"), to=to, page=page)
