"""Questions at a meeting (提问): asked by residents, let through by a moderator, answered in the hall."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

from .meetings import AgendaItem, Meeting


class MeetingQuestionQuerySet(models.QuerySet):
    def public(self):
        """What the moderator let through; merged ones stand under the other question."""
        return self.filter(state__in=MeetingQuestion.SHOWN)


class MeetingQuestion(models.Model):
    """One question for one meeting (提问)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待审核")
        APPROVED = "approved", _("排队中")
        ON_AIR = "on_air", _("正在回答")
        ANSWERED = "answered", _("已回答")
        REJECTED = "rejected", _("没有采用")
        MERGED = "merged", _("已并入")

    MOVES = {
        State.WAITING: {State.APPROVED, State.REJECTED, State.MERGED},
        State.APPROVED: {State.ON_AIR, State.ANSWERED, State.REJECTED, State.MERGED},
        State.ON_AIR: {State.APPROVED, State.ANSWERED},
        State.ANSWERED: {State.ON_AIR},
        State.REJECTED: {State.APPROVED},
        State.MERGED: {State.APPROVED},
    }
    SHOWN = ("approved", "on_air", "answered")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="questions")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=80, blank=True)
    is_unnamed = models.BooleanField(_("不公开姓名"), default=False)
    text = models.TextField(_("问题"))  # as asked; never changed
    shown_text = models.TextField(_("公开的文字"), blank=True)  # as let through
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    place = models.PositiveIntegerField(default=0)  # in the queue
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    answer = models.TextField(_("回答"), blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    objects = MeetingQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["place", "asked_at", "pk"]
        indexes = [models.Index(fields=["meeting", "state", "place"], name="question_in_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state="on_air"),
                name="one_question_is_on_air_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""),
                name="a_rejected_question_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""),
                name="an_answered_question_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_question_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_question_merges_into_itself"
            ),
        ]

    def __str__(self):
        return self.shown_text or self.text

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"

    @property
    def shown_name(self) -> str:
        """Who asks, as everybody may read it."""
        return str(_("一位居民")) if self.is_unnamed or not self.name else mask_name(self.name)

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的提问不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class QuestionSecond(models.Model):
    """Somebody else asks the same (我也想问)."""

    question = models.ForeignKey(MeetingQuestion, models.CASCADE, related_name="seconds")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "user"], name="a_question_is_seconded_once"
            )
        ]

    def __str__(self):
        return f"{self.user_id}: {self.question_id}"
