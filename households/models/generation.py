"""Agreements made for many households (批量生成)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

from .files import Household
from .projects import Project
from .templates import AgreementTemplate, StaffQuerySet


class GenerationJob(models.Model):
    """Agreements made for many households (批量生成): progress, cancel, resume."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("生成中")
        CANCELLED = "cancelled", _("已取消")
        DONE = "done", _("已完成")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT)
    template = models.ForeignKey(AgreementTemplate, models.PROTECT)
    building = models.ForeignKey(
        "community.Building", models.PROTECT, null=True, blank=True
    )  # None: all
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField(
        _("户数"), default=0
    )  # still without an agreement when asked
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = StaffQuerySet.as_manager()

    MOVES = {
        State.QUEUED: {State.RUNNING, State.CANCELLED, State.DONE},
        State.RUNNING: {State.CANCELLED, State.DONE},
        State.CANCELLED: set(),
        State.DONE: set(),
    }

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=["queued", "running"]),
                name="one_generation_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.project} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"project:{self.project_id}"

    @property
    def goes_on(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的任务不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class GenerationBatch(models.Model):
    """A few households of a job, worked on by one worker at a time (生成批次)."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(GenerationJob, models.CASCADE, related_name="batches")
    households = ArrayField(models.UUIDField())
    done = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  # a dead worker's batch is taken over after this
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="batch_still_owed")
        ]

    def __str__(self):
        return f"{self.job} #{self.pk}"


class GenerationFailure(models.Model):
    """A household the job could not serve, and why (生成失败)."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(GenerationJob, models.CASCADE, related_name="failures")
    household = models.ForeignKey(Household, models.PROTECT)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "household"], name="a_failure_is_listed_once")
        ]

    def __str__(self):
        return self.reason
