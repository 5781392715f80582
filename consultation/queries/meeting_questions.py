"""The queue of questions as everybody and as the moderator sees it (提问队列)."""

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from caoyang_portal.community.models import User
from consultation.models import Meeting, MeetingQuestion, QuestionSecond

State = MeetingQuestion.State
TURN = Case(
    When(state=State.ON_AIR, then=Value(0)),
    When(state=State.WAITING, then=Value(1)),
    When(state=State.APPROVED, then=Value(2)),
    When(state=State.ANSWERED, then=Value(3)),
    default=Value(4),
    output_field=IntegerField(),
)


def _in_turn(questions: QuerySet[MeetingQuestion]) -> QuerySet[MeetingQuestion]:
    return (
        questions.annotate(
            turn=TURN,
            others=Count("seconds", distinct=True) + Count("merged", distinct=True),
        )
        .select_related("item")
        .order_by("turn", "place", "asked_at", "pk")
    )


def shown_questions(meeting: Meeting, user: User) -> list[MeetingQuestion]:
    """What was let through, the one on air first; whether the reader asked or seconded it."""
    found = list(_in_turn(meeting.questions.public()))
    seconded = set()
    if user.is_authenticated:
        rows = QuestionSecond.objects.filter(user=user, question__meeting=meeting)
        seconded = set(rows.values_list("question_id", flat=True))
    for question in found:
        question.is_mine = user.is_authenticated and question.asked_by_id == user.pk  # type: ignore[attr-defined]
        question.is_seconded = question.pk in seconded  # type: ignore[attr-defined]
    return found


def own_questions(meeting: Meeting, user: User) -> QuerySet[MeetingQuestion]:
    """One's own that are not shown: waiting, refused, or under another one."""
    mine = meeting.questions.filter(asked_by=user).exclude(state__in=MeetingQuestion.SHOWN)
    return mine.select_related("merged_into").order_by("asked_at")


def moderated(meeting: Meeting) -> QuerySet[MeetingQuestion]:
    """Everything, in the order in which it is dealt with."""
    return _in_turn(meeting.questions.all()).select_related("item", "merged_into")


def on_air(meeting: Meeting) -> MeetingQuestion | None:
    return meeting.questions.filter(state=State.ON_AIR).select_related("item").first()
