"""Who is invited, drawn and signed up, for those who prepare a meeting (邀请、报名)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.confidential import mask_name
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.exports import XLSX, workbook
from consultation.actions import invitations, registrations
from consultation.forms import meeting_people as forms
from consultation.models import Invitation, Meeting, Registration
from consultation.queries import registrations as queries
from consultation.queries.invitees import group as group_of
from consultation.queries.invitees import to_be_written_to

from .meeting_rooms import (
    GET_OR_POST,
    allowed_at,
    meeting_at,
    meeting_form,
    meeting_here,
    meeting_home,
)

PER_PAGE = 50
INVITING = ("invite", "draw_invitees", "withdraw_invitation", "enter_answer")
SIGNING_UP = (
    "register_by_phone", "take_off", "note_rung_up", "see_registration_phone",
    "export_registrations",
)  # fmt: skip


@login_required
@require_GET
def desk_invitees(request, pk):
    """Everybody invited, what they answered, and who has to get the notice on paper."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.see_registrations", meeting)
    rows = meeting.invitations.select_related("household__building", "draw")
    on_paper = request.GET.get("paper") == "1"
    if on_paper:
        rows = to_be_written_to(meeting)
    context = {
        "meeting": meeting,
        "page": Paginator(rows.order_by("role", "name", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "on_paper": on_paper,
        "unreached": to_be_written_to(meeting).count(),
        "counts": _answers(meeting),
        "draws": meeting.draws.all(),
        "can": allowed_at(request.user, meeting, *INVITING),
        "back": meeting_home(meeting),
    }
    return render(request, "consultation/meetings/desk/invitees.html", context)


def _answers(meeting):
    found = dict.fromkeys(Invitation.Answer, 0)
    for answer in meeting.invitations.values_list("answer", flat=True):
        found[Invitation.Answer(answer)] += 1
    return [(answer.label, n) for answer, n in found.items()]


def _invited(n):
    return ngettext("已邀请 %(n)s 位", "已邀请 %(n)s 位", n) % {"n": n}


@login_required
@GET_OR_POST
def invite(request, pk):
    """A whole group at once; the other form of the page takes names and bodies."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.invite", meeting)
    by_name = request.GET.get("who") == "names"
    kind = forms.NamesForm if by_name else forms.GroupForm
    form = kind(request.POST or None, meeting=meeting)

    def act(role, by, group="", building=None, doors=(), **given):
        chosen = (
            None if by_name
            else group_of(group, meeting.neighbourhood, building=building, doors=doors)
        )  # fmt: skip
        return invitations.invite(meeting, role=role, group=chosen, **given, by=by)

    heading = _("邀请：写姓名或单位") if by_name else _("邀请一组人")
    back = meeting_at("desk_invitees", meeting)
    page = partial(meeting_form, request, meeting, form, heading, _("邀请"), back=back)
    return by_form(request, form, act, said=_invited, to=back, page=page)


@login_required
@GET_OR_POST
def draw_invitees(request, pk):
    """Lots among a group; list, seed and fingerprint stand on the meeting's page."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.draw_invitees", meeting)
    form = forms.DrawForm(request.POST or None, meeting=meeting)

    def act(group, building, doors, by, **given):
        chosen = group_of(group, meeting.neighbourhood, building=building, doors=doors)
        return invitations.draw_invitees(meeting, group=chosen, **given, by=by)

    notes = [
        _("先定名单，再出种子。名单指纹和种子会公开，谁都可以用它重抽一遍来核对。"),
        _("重新抽一次，上一次也留着，大家都看得到。"),
    ]
    back = meeting_at("desk_invitees", meeting)
    page = partial(
        meeting_form, request, meeting, form, _("抽签邀请"), _("抽签"), notes=notes, back=back
    )
    said = lambda draw: _invited(len(draw.drawn))  # noqa: E731
    return by_form(request, form, act, said=said, to=back, page=page)


def _invitation(request, pk) -> Invitation:
    meetings = Meeting.objects.run_by(request.user)
    return get_object_or_404(
        Invitation.objects.select_related("meeting"), pk=pk, meeting_id__in=meetings.values("pk")
    )


@login_required
@require_POST
def withdraw_invitation(request, pk):
    row = _invitation(request, pk)
    act = partial(invitations.withdraw_invitation, row)
    to = meeting_at("desk_invitees", row.meeting)
    return by_button(request, act, said=_("已撤回"), to=to)


@login_required
@require_POST
def enter_answer(request, pk):
    row = _invitation(request, pk)
    act = partial(invitations.enter_answer, row, answer=request.POST.get("answer", ""))
    to = meeting_at("desk_invitees", row.meeting)
    return by_button(request, act, said=_("已记下"), to=to)


@login_required
@require_GET
def desk_registrations(request, pk):
    """Who signed up, in the order they did; the waiting list below."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.see_registrations", meeting)
    rows = meeting.registrations.select_related("household__building").order_by(
        "state", "is_observer", "registered_at", "pk"
    )
    takes_part, watches = queries.seats(meeting)
    context = {
        "meeting": meeting,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "seats": takes_part,
        "observers": watches,
        "can": allowed_at(request.user, meeting, *SIGNING_UP),
        "back": meeting_home(meeting),
    }
    return render(request, "consultation/meetings/desk/registrations.html", context)


@login_required
@GET_OR_POST
def register_by_phone(request, pk):
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.register_by_phone", meeting)
    form = forms.RegisterByPhoneForm(request.POST or None, meeting=meeting)
    back = meeting_at("desk_registrations", meeting)
    page = partial(meeting_form, request, meeting, form, _("代为报名"), _("报上"), back=back)

    def said(done):
        waits = done.state == Registration.State.WAITING
        return _("已满，排在候补里") if waits else _("已报上")

    act = partial(registrations.register_by_phone, meeting)
    return by_form(request, form, act, said=said, to=back, page=page)


def _registration(request, pk) -> Registration:
    meetings = Meeting.objects.run_by(request.user)
    return get_object_or_404(
        Registration.objects.select_related("meeting"), pk=pk, meeting_id__in=meetings.values("pk")
    )


def _button(request, pk, act, said):
    row = _registration(request, pk)
    to = meeting_at("desk_registrations", row.meeting)
    return by_button(request, partial(act, row), said=said, to=to)


@login_required
@require_POST
def take_off(request, pk):
    return _button(request, pk, registrations.take_off, _("已取消"))


@login_required
@require_POST
def note_rung_up(request, pk):
    return _button(request, pk, registrations.note_rung_up, _("已记下"))


@login_required
@require_POST
def see_registration_phone(request, pk):
    """The whole number, once; that it was read is recorded."""
    row = _registration(request, pk)
    number = registrations.see_registration_phone(row, by=request.user)
    messages.info(request, f"{row.name} {number}")
    return redirect("consultation:desk_registrations", row.meeting_id)


@login_required
@require_POST
def export_registrations(request, pk):
    """The list as Excel: masked, or with a reason whole."""
    meeting = meeting_here(request, pk)
    form = forms.ExportForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    registrations.export_registrations(meeting, reason=reason, by=request.user)
    shown = (lambda name: name) if reason.strip() else mask_name
    rows = [
        (shown(name), role, home, state, needs)
        for name, role, home, state, needs in _expected(meeting)
    ]
    headings = [_("姓名"), _("身份"), _("哪一户"), _("状态"), _("需要帮忙")]
    mark = f"{request.user.name} {timezone.localtime():%Y-%m-%d %H:%M} {reason}"
    content = workbook(rows, headings, watermark=mark, title=_("报名"))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="meeting-{meeting.starts_at:%Y%m%d}.xlsx"'
    )
    return response


def _expected(meeting):
    """Everybody who may come: invited, then signed up, each with home and answer."""
    for row in meeting.invitations.select_related("household__building"):
        home = row.household.address if row.household else ""
        yield row.name, row.get_role_display(), home, row.get_answer_display(), ""
    live = meeting.registrations.exclude(state=Registration.State.CANCELLED)
    for row in live.select_related("household__building").order_by("state", "name", "pk"):
        home = row.household.address if row.household else ""
        role = _("旁听") if row.is_observer else _("居民")
        yield row.name, role, home, row.get_state_display(), row.needs


@login_required
@require_GET
def attendance_sheet(request, pk):
    """A sheet to sign at the door (签到表): whoever is expected, with room for a signature."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.see_registrations", meeting)
    waiting = Registration.State.WAITING.label
    rows = [row for row in _expected(meeting) if row[3] != waiting]
    context = {
        "meeting": meeting,
        "rows": rows,
        "blank": range(8),
        "back": meeting_at("desk_registrations", meeting),
        "may_export": may(request.user, "consultation.export_registrations", meeting),
    }
    return render(request, "consultation/meetings/desk/sheet.html", context)
