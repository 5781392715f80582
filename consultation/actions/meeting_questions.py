"""The queue of questions at a meeting (提问): asked, let through, put on air, answered."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import AgendaItem, Meeting, MeetingQuestion, QuestionSecond

from .meeting_locks import locked_meeting, meeting_in_words, meeting_must_be

State = MeetingQuestion.State
RUNNING = (Meeting.State.ANNOUNCED, Meeting.State.UNDER_WAY, Meeting.State.HELD)
MOST_OF_ONE = 10  # of one person at one meeting


def _refuse_unasked(meeting: Meeting) -> None:
    if not meeting.takes_questions_now():
        raise Refused(_("这次会议现在不收提问。"))


@transaction.atomic
def ask_question(
    meeting: Meeting,
    *,
    text: str,
    item: AgendaItem | None = None,
    is_unnamed: bool = False,
    by: User,
) -> MeetingQuestion:
    """Put a question (提问); nobody sees it until it is let through."""
    meeting = locked_meeting(meeting)
    question = MeetingQuestion(
        meeting=meeting, neighbourhood_id=meeting.neighbourhood_id, item=item, asked_by=by,
        name=by.name, is_unnamed=is_unnamed, text=text.strip(),
    )  # fmt: skip
    require(by, "consultation.ask_question", question)
    _refuse_unasked(meeting)
    if meeting.questions.filter(asked_by=by).count() >= MOST_OF_ONE:
        raise Refused(_("一次会议最多提 %(n)s 个问题。") % {"n": MOST_OF_ONE})
    question.save(force_insert=True)
    record("consultation.ask_question", meeting, by=by, question=question.pk)
    return question


@transaction.atomic
def enter_question(
    meeting: Meeting, *, text: str, name: str = "", item: AgendaItem | None = None, by: User
) -> MeetingQuestion:
    """A question from the hall, written down by the staff (代录提问); it is let through with that."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.enter_question", meeting)
    _refuse_unasked(meeting)
    question = MeetingQuestion.objects.create(
        meeting=meeting, neighbourhood_id=meeting.neighbourhood_id, item=item, name=name.strip(),
        is_unnamed=not name.strip(), text=text.strip(), shown_text=text.strip(),
        state=State.APPROVED, place=_last(meeting) + 1, entered_by=by,
    )  # fmt: skip
    record("consultation.enter_question", meeting, by=by, question=question.pk)
    return question


def _last(meeting: Meeting) -> int:
    return meeting.questions.aggregate(last=Max("place"))["last"] or 0


@transaction.atomic
def second_question(question: MeetingQuestion, *, by: User) -> MeetingQuestion:
    """Somebody else would ask the same (我也想问); once each, and not the one who asked."""
    meeting, question = _locked(question)
    require(by, "consultation.second_question", question)
    _refuse_unasked(meeting)
    if question.state not in (State.APPROVED, State.ON_AIR):
        raise Refused(_("这个问题不在排队。"))
    if question.asked_by_id == by.pk:
        raise Refused(_("这是您自己提的问题。"))
    QuestionSecond.objects.get_or_create(
        question=question, user=by, defaults={"neighbourhood_id": question.neighbourhood_id}
    )
    record("consultation.second_question", meeting, by=by, question=question.pk)
    return question


def _locked(question: MeetingQuestion) -> tuple[Meeting, MeetingQuestion]:
    meeting = locked_meeting(question.meeting)
    return meeting, MeetingQuestion.objects.select_for_update().get(pk=question.pk)


@transaction.atomic
def approve_question(
    question: MeetingQuestion, *, shown_text: str = "", by: User
) -> MeetingQuestion:
    """Let it through (通过), in words that name nobody; from a merge or a refusal it comes back so."""
    meeting, question = _locked(question)
    require(by, "consultation.approve_question", question)
    meeting_must_be(meeting, *RUNNING)
    question.move_to(State.APPROVED)
    question.shown_text = shown_text.strip() or question.shown_text or question.text
    question.place, question.merged_into, question.reason = _last(meeting) + 1, None, ""
    question.save(update_fields=["state", "shown_text", "place", "merged_into", "reason"])
    record("consultation.approve_question", question, by=by, question=question.pk)
    return question


@transaction.atomic
def reject_question(question: MeetingQuestion, *, reason: str, by: User) -> MeetingQuestion:
    """Not let through (不采用), with the reason told to who asked."""
    _meeting, question = _locked(question)
    require(by, "consultation.reject_question", question)
    if not reason.strip():
        raise Refused(_("请写明原因，会告诉提问的人。"))
    question.move_to(State.REJECTED)
    question.reason = reason.strip()
    question.save(update_fields=["state", "reason"])
    record("consultation.reject_question", question, by=by, question=question.pk)
    return question


@transaction.atomic
def merge_question(
    question: MeetingQuestion, *, into: MeetingQuestion, by: User
) -> MeetingQuestion:
    """The same was asked already (合并): who asked counts among those who ask the other one too."""
    meeting, question = _locked(question)
    require(by, "consultation.merge_question", question)
    into = meeting.questions.select_for_update().get(pk=into.pk)
    if into.pk == question.pk or into.state not in MeetingQuestion.SHOWN:
        raise Refused(_("请选一个已通过的问题来合并。"))
    if question.merged.exists():
        raise Refused(_("别的问题已并入这一个，请反过来合并。"))
    question.move_to(State.MERGED)
    question.merged_into = into
    question.save(update_fields=["state", "merged_into"])
    record("consultation.merge_question", question, by=by, into=into.pk)
    return question


@transaction.atomic
def move_question(question: MeetingQuestion, *, up: bool, by: User) -> MeetingQuestion:
    """One place earlier or later in the queue (调整顺序)."""
    meeting, question = _locked(question)
    require(by, "consultation.move_question", question)
    queue = list(meeting.questions.select_for_update().filter(state=State.APPROVED))
    at = next((n for n, one in enumerate(queue) if one.pk == question.pk), None)
    if at is None:
        raise Refused(_("这个问题不在排队。"))
    to = at - 1 if up else at + 1
    if not 0 <= to < len(queue):
        raise Refused(_("已经在头上了。") if up else _("已经在最后了。"))
    queue[at], queue[to] = queue[to], queue[at]
    for place, one in enumerate(queue, 1):
        one.place = place
    MeetingQuestion.objects.bulk_update(queue, ["place"])
    record("consultation.move_question", meeting, by=by, question=question.pk)
    return question


def put_on_air(question: MeetingQuestion, *, by: User) -> MeetingQuestion:
    """It is being answered (开始回答): it stands on the screen; one at a time."""
    with meeting_in_words(), transaction.atomic():
        meeting, question = _locked(question)
        require(by, "consultation.put_on_air", question)
        meeting_must_be(meeting, Meeting.State.UNDER_WAY)
        question.move_to(State.ON_AIR)
        question.save(update_fields=["state"])
        record("consultation.put_on_air", meeting, by=by, question=question.pk)
        return question


@transaction.atomic
def take_off_air(question: MeetingQuestion, *, by: User) -> MeetingQuestion:
    """Back into the queue (放回队列)."""
    meeting, question = _locked(question)
    require(by, "consultation.take_off_air", question)
    if question.state != State.ON_AIR:
        raise Refused(_("这个问题不在回答。"))
    question.move_to(State.APPROVED)
    question.save(update_fields=["state"])
    record("consultation.take_off_air", meeting, by=by, question=question.pk)
    return question


@transaction.atomic
def answer_question(question: MeetingQuestion, *, answer: str, by: User) -> MeetingQuestion:
    """Answered (已回答), with the answer in short for those who were not there."""
    meeting, question = _locked(question)
    require(by, "consultation.answer_question", question)
    meeting_must_be(meeting, *RUNNING)
    if not answer.strip():
        raise Refused(_("请写一句回答。"))
    question.move_to(State.ANSWERED)
    question.answer, question.answered_at = answer.strip(), timezone.now()
    question.save(update_fields=["state", "answer", "answered_at"])
    record("consultation.answer_question", question, by=by, question=question.pk)
    return question
