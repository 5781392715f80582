"""The desk of minutes (纪要): write, look over, send, settle corrections."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from consultation.actions import minutes as actions
from consultation.actions import minutes_corrections as corrections
from consultation.documents.minutes import print_version
from consultation.forms import minutes as forms
from consultation.minutes_text import cleaned, masked
from consultation.models import Meeting, Minutes, MinutesCorrection, MinutesPaper
from consultation.queries import minutes as queries

from .desk import GET_OR_POST, PER_PAGE, READERS, allowed, form_page, staff_only

EDIT = "consultation/minutes/edit.html"
ACTS = (
    "edit_minutes", "send_minutes", "enter_correction", "start_signing", "reopen_minutes",
    "add_addendum", "see_full_minutes",
)  # fmt: skip
WRITES = ("committee",)  # names, rooms and telephones stand in a draft


def at(name, minutes, *more) -> str:
    return reverse(f"consultation:{name}", args=[minutes.meeting_id, *more])


def minutes_here(request, pk, *offices) -> Minutes:
    """By the meeting, for those who work in its place."""
    minutes = Minutes.objects.filter(
        neighbourhood_id__in=request.user.reach(*(offices or READERS))
    )
    return get_object_or_404(
        minutes.select_related("meeting__host", "neighbourhood__sub_district"), meeting=pk
    )


def correction_here(request, pk) -> MinutesCorrection:
    found = MinutesCorrection.objects.select_related("minutes__meeting__host", "raised_by")
    correction = get_object_or_404(found, pk=pk)
    correction.minutes = minutes_here(request, correction.minutes.meeting_id, *WRITES)
    return correction


@login_required
@require_GET
def desk_minutes_list(request):
    """Every minutes of one's places, and the meetings that have none yet."""
    staff_only(request)
    places = request.user.reach(*READERS)
    found = Minutes.objects.filter(neighbourhood_id__in=places).select_related("meeting")
    state = request.GET.get("state", "")
    if state in Minutes.State.values:
        found = found.filter(state=state)
    bare = Meeting.objects.filter(
        neighbourhood_id__in=request.user.places(*WRITES), state=Meeting.State.HELD
    ).filter(record_of_it=None)
    page = Paginator(found.order_by("-meeting__starts_at", "pk"), PER_PAGE)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "states": Minutes.State.choices,
        "state": state,
        "bare": bare.order_by("-starts_at")[:20],
    }
    return render(request, "consultation/minutes/desk_list.html", context)


@login_required
@require_POST
def draft_minutes(request, pk):
    meetings = Meeting.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    meeting = get_object_or_404(meetings, pk=pk)
    there = Minutes.objects.filter(meeting=meeting).first()
    require(
        request.user, "consultation.draft_minutes",
        there or Minutes(neighbourhood=meeting.neighbourhood, meeting=meeting),
    )  # fmt: skip
    if there:
        return redirect(at("desk_minutes", there))
    return by_button(
        request,
        partial(actions.draft_minutes, meeting),
        said=_("草稿已建立，现场记下的已经带进来"),
        to=reverse("consultation:edit_minutes", args=[pk])
        if meeting.state == Meeting.State.HELD
        else reverse("consultation:desk_minutes_list"),
    )


@login_required
@require_GET
def desk_minutes(request, pk):
    """Where the minutes stand, what keeps them from their next step, and every way on."""
    meetings = Meeting.objects.filter(neighbourhood_id__in=request.user.reach(*READERS), pk=pk)
    if meetings.filter(record_of_it=None).exists():  # led here by the meeting's page
        messages.info(request, _("这次会议还没有纪要。"))
        return redirect("consultation:desk_minutes_list")
    return desk_page(request, minutes_here(request, pk))


def desk_page(request, minutes, **more):
    version = queries.current(minutes)
    can = allowed(request.user, minutes, *ACTS)
    signed = {one.signatory_id: one for one in version.signatures.select_related("scan")}
    papers = list(minutes.papers.select_related("addendum"))
    own = [paper for paper in papers if paper.addendum is None]
    context = {
        "minutes": minutes,
        "version": version,
        # A draft is for those who write it: the street sees what it is about, not what was said.
        "body": version.body if can["see_full_minutes"] else None,
        "versions": minutes.versions.all(),
        "missing": queries.blockers(minutes, timezone.localdate()),
        "can": can,
        "steps": _steps(minutes),
        "corrections": _corrections(request, minutes, can),
        "signatories": [(one, signed.get(one.pk)) for one in minutes.signatories.all()],
        "papers": papers,
        "progress": queries.progress(own) if own else None,
        "addenda": [
            (one, queries.progress([p for p in papers if p.addendum_id == one.pk]))
            for one in minutes.addenda.all()
        ],
        "back": reverse("consultation:desk_minutes_list"),
    }
    return render(request, "consultation/minutes/desk.html", context | more)


def _corrections(request, minutes, can):
    """With what may be done about each; the street sees how many there are."""
    if not can["see_full_minutes"]:
        return []
    rows = minutes.corrections.select_related("became", "raised_by")
    user = request.user
    return [(one, can["enter_correction"] and one.raised_by_id != user.pk) for one in rows]


CHAIN = list(Minutes.State)


def _steps(minutes):
    here = CHAIN.index(minutes.state)
    words = {-1: "done", 0: "now", 1: "next"}
    return [(state.label, words[(n > here) - (n < here)]) for n, state in enumerate(CHAIN)]


@login_required
@GET_OR_POST
def edit_minutes(request, pk):
    """The whole draft on one page; with a button that saves and adds a point."""
    minutes = minutes_here(request, pk)
    require(request.user, "consultation.edit_minutes", minutes)
    version = queries.current(minutes)
    form = forms.BodyForm(
        request.POST or None, body=version.body, add="add" in request.GET,
    )  # fmt: skip
    form.initial["edition"] = version.edition
    theirs = _theirs(request, form, version.body, version.edition)

    def edit(by, edition, **_given):
        return actions.edit_minutes(minutes, changes=form.changes(), edition=edition, by=by)

    to = at("edit_minutes", minutes) + "?add=1#new" if "add" in request.POST else None
    return by_form(
        request, form, edit, said=_("已保存"), to=to or at("desk_minutes", minutes),
        page=lambda: render(request, EDIT, {
            "minutes": minutes, "form": form, "theirs": theirs, "photos": version.body["photos"],
            "photo_form": forms.PhotoForm(auto_id="photo_%s"), "back": at("desk_minutes", minutes),
            "heading": _("写纪要"), "button": _("保存"), "is_draft": True,
        }),
    )  # fmt: skip


def _theirs(request, form, body, number):
    """Where a colleague has saved meanwhile: their text of what differs. Sent again, mine stands."""
    if request.method != "POST" or not form.is_valid():
        return []
    if form.cleaned_data["edition"] == number:
        return []
    form.data = form.data.copy()
    form.data["edition"] = number
    mine = cleaned(form.changes())
    texts = {section["key"]: section for section in mine["sections"]}
    return [section for section in body["sections"] if section != texts.get(section["key"])]


@login_required
@require_POST
def add_minutes_photo(request, pk):
    minutes = minutes_here(request, pk)
    require(request.user, "consultation.add_minutes_photo", minutes)
    form = forms.PhotoForm(request.POST, request.FILES, auto_id="photo_%s")

    def add(photo, by, **given):
        kept = intake.take_in(photo, neighbourhood_id=minutes.neighbourhood_id, by=by)
        return actions.add_minutes_photo(minutes, photo=kept, by=by, **given)

    page = partial(
        form_page, request, None, form, _("加照片"), _("加照片"), back=at("edit_minutes", minutes)
    )
    to = at("edit_minutes", minutes) + "#photos"
    return by_form(request, form, add, said=_("照片已加上"), to=to, page=page)


@login_required
@require_POST
def remove_minutes_photo(request, pk):
    minutes = minutes_here(request, pk)
    act = partial(actions.remove_minutes_photo, minutes, photo=request.POST.get("photo", ""))
    return by_button(
        request, act, said=_("照片已去掉"), to=at("edit_minutes", minutes) + "#photos"
    )


@login_required
@require_GET
def preview_minutes(request, pk):
    """Both versions as they will be, side by side, and which names were hidden."""
    minutes = minutes_here(request, pk, *WRITES)
    version = queries.current(minutes)
    public = version.public_body
    if not version.text_sha256:
        public = masked(version.body, queries.names_to_hide(minutes, version.body))
    context = {
        "minutes": minutes,
        "version": version,
        "body": version.body,
        "public": public,
        "namesakes": queries.namesakes(minutes, version.body),
        "back": at("desk_minutes", minutes),
    }
    return render(request, "consultation/minutes/preview.html", context)


@login_required
@GET_OR_POST
def send_minutes(request, pk):
    """Who signs, how long corrections run; then it goes to everybody who was there."""
    minutes = minutes_here(request, pk)
    require(request.user, "consultation.send_minutes", minutes)
    there = queries.users_there(minutes.meeting)
    recorders = queries.recorders_of(minutes)
    form = forms.SendForm(
        request.POST or None,
        recorders=recorders,
        there=there.exclude(pk=minutes.meeting.host_id).order_by("name"),
        initial={"recorder": minutes.meeting.recorders.first() or minutes.drafted_by},
    )
    notes = [
        _("会发给到会的 %(n)s 个账号。发出以后文字不能直接改，只能按更正改出新的一版。")
        % {"n": there.count()},
        _("主持人：%(host)s，要签字。") % {"host": minutes.meeting.host.name},
    ]
    page = partial(
        form_page, request, None, form, _("送给到会的人"), _("送出"), notes=notes,
        back=at("desk_minutes", minutes),
    )  # fmt: skip
    act = partial(actions.send_minutes, minutes)
    return by_form(request, form, act, said=_sent, to=at("desk_minutes", minutes), page=page)


def _sent(minutes):
    day = minutes.corrections_until
    return _("已送出，更正期到 %(day)s") % {"day": f"{day:%Y-%m-%d}"}


@login_required
@GET_OR_POST
def enter_correction(request, pk):
    """What somebody said at the desk or on the phone."""
    minutes = minutes_here(request, pk)
    require(request.user, "consultation.enter_correction", minutes)
    body = queries.current(minutes).body
    form = forms.DeskCorrectionForm(request.POST or None, body=body)
    page = partial(
        form_page, request, None, form, _("代录更正"), _("记下"), back=at("desk_minutes", minutes)
    )
    act = partial(corrections.enter_correction, minutes)
    return by_form(request, form, act, said=_("已记下"), to=at("desk_minutes", minutes), page=page)


@login_required
@GET_OR_POST
def accept_correction(request, pk):
    """The text with what should be put right on top; saved, it is the next version."""
    correction = correction_here(request, pk)
    require(request.user, "consultation.accept_correction", correction)
    minutes = correction.minutes
    version = queries.current(minutes)
    form = forms.BodyForm(request.POST or None, body=version.body)
    form.initial["edition"] = version.number
    theirs = _theirs(request, form, version.body, version.number)

    def accept(by, edition, **_given):
        return corrections.accept_correction(
            correction, changes=form.changes(), version=edition, by=by
        )

    return by_form(
        request, form, accept, to=at("desk_minutes", minutes),
        said=lambda made: _("已改出第 %(n)s 版，并告诉到会的人") % {"n": made.number},
        page=lambda: render(request, EDIT, {
            "minutes": minutes, "form": form, "correction": correction, "theirs": theirs,
            "back": at("desk_minutes", minutes), "heading": _("按更正修改"),
            "button": _("保存为新的一版"),
        }),
    )  # fmt: skip


@login_required
@GET_OR_POST
def answer_correction(request, pk):
    correction = correction_here(request, pk)
    require(request.user, "consultation.answer_correction", correction)
    form = forms.AnswerForm(request.POST or None)
    notes = [f"{correction.name} · {correction.where}", correction.text]
    to = at("desk_minutes", correction.minutes)
    page = partial(form_page, request, None, form, _("答复更正"), _("答复"), notes=notes, back=to)
    act = partial(corrections.answer_correction, correction)
    return by_form(request, form, act, said=_("已答复"), to=to, page=page)


@login_required
@require_GET
def draft_minutes_pdf(request, pk):
    """The internal version to print: as a draft, or to be signed on paper."""
    minutes = minutes_here(request, pk, *WRITES)
    version = queries.current(minutes)
    pdf = print_version(version, MinutesPaper.Audience.INTERNAL, minutes)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="{minutes.number}-v{version.number}.pdf"'
    )
    response["Cache-Control"] = "private, no-store"
    return response
