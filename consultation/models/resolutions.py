"""Resolutions (决议): what was decided, who carries it out until when, with what proof, and how it was found."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .board import FollowUp
from .meetings import Meeting
from .polls import STAFF, Poll
from .record import MeetingDecision
from .topics import Topic


class ResolutionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public ones to everybody; the others to who carries them out and to who works there."""
        if not user.is_authenticated:
            return self.filter(is_public=True)
        offices = (*STAFF, "street_official", "auditor")
        return self.filter(
            Q(is_public=True)
            | Q(responsible_user=user)
            | Q(neighbourhood_id__in=user.reach(*offices))
        )

    def running(self):
        return self.filter(state__in=Resolution.RUNNING)

    def overdue(self, today: date):
        return self.running().filter(due_on__lt=today)


class Resolution(models.Model):
    """A resolution (决议): what, who, until when."""

    class State(models.TextChoices):
        OPEN = "open", _("正在办")
        CLAIMED = "claimed", _("报已办好，等评议")
        EVALUATED = "evaluated", _("大家认可")
        REOPENED = "reopened", _("重新办")
        DROPPED = "dropped", _("不再办")

    MOVES = {
        State.OPEN: {State.CLAIMED, State.DROPPED},
        State.CLAIMED: {State.EVALUATED, State.REOPENED},
        State.EVALUATED: {State.REOPENED},
        State.REOPENED: {State.CLAIMED, State.DROPPED},
        State.DROPPED: {State.REOPENED},
    }
    RUNNING = ("open", "reopened")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.CharField(_("编号"), max_length=20)  # 2026-0003, in the neighbourhood
    text = models.CharField(_("议定的事"), max_length=1000)
    dissent = models.TextField(_("不同意见"), blank=True)
    responsible_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    responsible_body = models.ForeignKey(Organisation, models.PROTECT, null=True)
    responsible_name = models.CharField(_("谁来办"), max_length=120, blank=True)
    due_on = models.DateField(_("办好的日期"))
    first_due_on = models.DateField(_("原定的日期"))
    rung = models.PositiveSmallIntegerField(default=0)  # how far its lateness was told
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="resolutions")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="resolutions")
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, related_name="resolutions")
    # What it was taken from, once.
    decision = models.OneToOneField(
        MeetingDecision, models.PROTECT, null=True, related_name="resolution"
    )
    follow_up = models.OneToOneField(
        FollowUp, models.PROTECT, null=True, related_name="resolution"
    )
    is_public = models.BooleanField(_("公开"), default=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    claimed_at = models.DateTimeField(null=True)
    review = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="reviewed")
    satisfied = models.PositiveIntegerField(_("满意"), null=True)
    dissatisfied = models.PositiveIntegerField(_("不满意"), null=True)
    drop_reason = models.CharField(_("为什么不再办"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "due_on"], name="resolution_by_place")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"], name="a_resolution_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(responsible_user__isnull=False)
                | Q(responsible_body__isnull=False)
                | ~Q(responsible_name=""),
                name="a_resolution_has_somebody_who_carries_it_out",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "evaluated"]) | Q(claimed_at__isnull=False),
                name="a_claimed_resolution_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="evaluated")
                | Q(review__isnull=False, satisfied__gt=F("dissatisfied")),
                name="an_accepted_resolution_was_reviewed",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(drop_reason=""),
                name="a_dropped_resolution_says_why",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def ledger_chain(self) -> str:
        return f"resolution:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的决议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    def is_late(self, today: date) -> bool:
        return self.is_running and self.due_on < today

    @property
    def responsible(self) -> str:
        """Who carries it out, for those who work there."""
        person = self.responsible_user.name if self.responsible_user else self.responsible_name
        body = self.responsible_body.name if self.responsible_body else ""
        return " ".join(filter(None, (body, person)))

    @property
    def shown_responsible(self) -> str:
        """The same, as everybody may read: bodies by name, people masked."""
        if self.responsible_body:
            return self.responsible_body.name
        return mask_name(
            self.responsible_user.name if self.responsible_user else self.responsible_name
        )


class ResolutionNote(models.Model):
    """One line of what became of a resolution (决议进展); never changed."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("进展")
        POSTPONED = "postponed", _("改期")
        CLAIMED = "claimed", _("报已办好")
        EVALUATED = "evaluated", _("评议认可")
        REOPENED = "reopened", _("重新办")
        DROPPED = "dropped", _("不再办")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("说明"))
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_resolution_note_says_something"),
            models.CheckConstraint(
                condition=~Q(kind="postponed")
                | Q(due_before__isnull=False, due_after__gt=F("due_before")),
                name="a_postponement_is_to_a_later_day",
            ),
        ]

    def __str__(self):
        return f"{self.resolution_id}: {self.get_kind_display()}"


class ResolutionEvidence(models.Model):
    """Proof of how it was and how it is (落实凭证): photos before and after, papers."""

    class When(models.TextChoices):
        BEFORE = "before", _("办之前")
        AFTER = "after", _("办好后")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    when = models.CharField(_("什么时候的"), max_length=6, choices=When)
    caption = models.CharField(_("说明"), max_length=120)
    is_public = models.BooleanField(_("可以公开"), default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-when", "added_at", "pk"]  # before, then after

    def __str__(self):
        return self.caption


class ResolutionScore(models.Model):
    """How somebody who was at the review found it (评议打分); once a meeting, by themselves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="scores")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_satisfied = models.BooleanField(_("满意"))
    remark = models.CharField(_("想说的话"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "meeting", "user"],
                name="a_person_scores_a_resolution_once_a_review",
            )
        ]

    def __str__(self):
        return f"{self.resolution_id}: {self.is_satisfied}"
