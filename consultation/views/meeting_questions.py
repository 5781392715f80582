"""Questions at a meeting: asking, the queue, the moderator's desk, and the screen in the hall (提问)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.htmx import part
from consultation.actions import meeting_questions as actions
from consultation.forms import meeting_people as forms
from consultation.models import Meeting, MeetingQuestion
from consultation.queries import meeting_questions as queries

from .meeting_rooms import (
    GET_OR_POST,
    meeting_at,
    meeting_form,
    meeting_here,
    meeting_home,
    meeting_seen,
)

QUEUE = "consultation/meetings/questions.html"
DESK = "consultation/meetings/desk/questions.html"
ON_AIR = "consultation/meetings/on_air.html"


@require_GET
def meeting_questions(request, pk):
    """What was let through, in turn, and one's own that were not yet."""
    meeting = meeting_seen(request, pk)
    user = request.user
    context = {
        "meeting": meeting,
        "questions": queries.shown_questions(meeting, user),
        "own": queries.own_questions(meeting, user) if user.is_authenticated else [],
        "takes_questions": meeting.takes_questions_now(),
        "may_ask": user.is_authenticated and may(user, "consultation.ask_question", meeting),
        "back": meeting_at("meeting", meeting),
    }
    return render(request, part(request, QUEUE, "queue"), context)


@login_required
@GET_OR_POST
def ask_question(request, pk):
    meeting = meeting_seen(request, pk)
    require(request.user, "consultation.ask_question", meeting)
    form = forms.AskForm(request.POST or None, meeting=meeting)
    to = meeting_at("meeting_questions", meeting)
    context = {"meeting": meeting, "form": form, "back": to}
    page = partial(render, request, "consultation/meetings/ask.html", context)
    act = partial(actions.ask_question, meeting)
    said = _("已收到。主持人看过以后排进队里，会告诉您。")
    return by_form(request, form, act, said=said, to=to, page=page)


@login_required
@require_POST
def second_question(request, pk):
    shown = MeetingQuestion.objects.public().select_related("meeting")
    question = get_object_or_404(
        shown, pk=pk, meeting_id__in=Meeting.objects.visible_to(request.user).values("pk")
    )
    to = meeting_at("meeting_questions", question.meeting)
    act = partial(actions.second_question, question)
    return by_button(request, act, said=_("记下了，您也想问"), to=to)


@require_GET
def on_air(request, pk):
    """The screen in the hall: the question being answered and what comes next, nobody's name."""
    meeting = meeting_seen(request, pk)
    queue = meeting.questions.filter(state=MeetingQuestion.State.APPROVED)
    context = {
        "meeting": meeting,
        "question": queries.on_air(meeting),
        "waiting": queue.count(),
        "goes_on": meeting.is_to_come,
    }
    return render(request, part(request, ON_AIR, "air"), context)


@login_required
@require_GET
def desk_questions(request, pk):
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.approve_question", meeting)
    context = {
        "meeting": meeting,
        "questions": queries.moderated(meeting),
        "under_way": meeting.state == Meeting.State.UNDER_WAY,
        "takes_questions": meeting.takes_questions_now(),
        "back": meeting_home(meeting),
    }
    return render(request, DESK, context)


@login_required
@GET_OR_POST
def enter_question(request, pk):
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.enter_question", meeting)
    form = forms.EnterQuestionForm(request.POST or None, meeting=meeting)
    back = meeting_at("desk_questions", meeting)
    page = partial(
        meeting_form, request, meeting, form, _("记下现场的提问"), _("排进队里"), back=back
    )
    act = partial(actions.enter_question, meeting)
    return by_form(request, form, act, said=_("已排进队里"), to=back, page=page)


def question_here(request, pk) -> MeetingQuestion:
    """A question of a meeting that the reader runs."""
    meetings = Meeting.objects.run_by(request.user)
    question = get_object_or_404(
        MeetingQuestion.objects.select_related("meeting__neighbourhood"),
        pk=pk,
        meeting_id__in=meetings.values("pk"),
    )
    require(request.user, "consultation.approve_question", question)
    return question


def _by_form(request, question, form, act, heading, button, said):
    back = meeting_at("desk_questions", question.meeting)
    page = partial(
        meeting_form, request, question.meeting, form, heading, button, notes=[question.text],
        back=back,
    )  # fmt: skip
    return by_form(request, form, act, said=said, to=back, page=page)


@login_required
@GET_OR_POST
def approve_question(request, pk):
    question = question_here(request, pk)
    first = {"shown_text": question.shown_text or question.text}
    form = forms.ApproveForm(request.POST or None, initial=first)
    act = partial(actions.approve_question, question)
    return _by_form(request, question, form, act, _("通过提问"), _("通过"), _("已通过"))


@login_required
@GET_OR_POST
def reject_question(request, pk):
    question = question_here(request, pk)
    form = forms.RejectForm(request.POST or None)
    act = partial(actions.reject_question, question)
    return _by_form(request, question, form, act, _("不采用"), _("不采用"), _("已告诉提问的人"))


@login_required
@GET_OR_POST
def merge_question(request, pk):
    question = question_here(request, pk)
    form = forms.MergeForm(request.POST or None, question=question)
    act = partial(actions.merge_question, question)
    return _by_form(request, question, form, act, _("合并提问"), _("合并"), _("已合并"))


@login_required
@GET_OR_POST
def answer_question(request, pk):
    question = question_here(request, pk)
    form = forms.ReplyForm(request.POST or None)
    act = partial(actions.answer_question, question)
    return _by_form(request, question, form, act, _("记录回答"), _("已回答"), _("已记下回答"))


def _button(request, pk, act, said):
    question = question_here(request, pk)
    to = meeting_at("desk_questions", question.meeting)
    return by_button(request, partial(act, question), said=said, to=to)


@login_required
@require_POST
def move_question(request, pk):
    up = request.POST.get("way") != "down"
    return _button(request, pk, partial(actions.move_question, up=up), _("顺序已调整"))


@login_required
@require_POST
def put_on_air(request, pk):
    return _button(request, pk, actions.put_on_air, _("上了大屏"))


@login_required
@require_POST
def take_off_air(request, pk):
    return _button(request, pk, actions.take_off_air, _("放回队列"))
