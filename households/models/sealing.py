"""Sealed files still owed, and the rate published over those there are (盖章与公示)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

from .agreements import Agreement
from .projects import Project
from .templates import StaffQuerySet


class SealingQuerySet(StaffQuerySet):
    def owed(self):
        """Not sealed yet."""
        return self.exclude(state=Sealing.State.SEALED)

    def due(self):
        """To be tried now, by the database's clock."""
        given_up = [Sealing.State.SEALED, Sealing.State.FAILED]
        return self.exclude(state__in=given_up).filter(next_try_at__lte=Now())


class Sealing(models.Model):
    """The sealed file still owed to a signed agreement (盖章)."""

    class State(models.TextChoices):
        QUEUED = "queued", _("待盖章")
        WAITING_TIMESTAMP = "waiting_timestamp", _("待盖时间戳")
        FAILED = "failed", _("需人工处理")
        SEALED = "sealed", _("已盖章")

    MOVES = {
        State.QUEUED: {State.WAITING_TIMESTAMP, State.FAILED, State.SEALED},
        State.WAITING_TIMESTAMP: {State.QUEUED, State.FAILED, State.SEALED},
        State.FAILED: {State.QUEUED},
        State.SEALED: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="sealing")
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    last_problem = models.CharField(max_length=300, blank=True)
    alarmed_at = models.DateTimeField(null=True)  # people were told that it takes too long

    objects = SealingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=~Q(state="sealed"), name="sealing_still_owed"
            )
        ]

    def __str__(self):
        return f"{self.agreement} {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.agreement.household_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的协议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class PublishedBoard(models.Model):
    """The signing rate as published (公示榜): counts, and the Merkle root over the sealed agreements."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, related_name="boards")
    as_of = models.DateTimeField(_("截至"))
    signed = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    sealed = models.PositiveIntegerField()  # how many leaves the root covers
    root = models.CharField(max_length=64)
    rows = models.JSONField()  # [{"building": …, "signed": …, "total": …}]
    leaves = models.TextField()  # sorted sha256 hex of the sealed files, one a line

    class Meta:
        indexes = [models.Index(fields=["project", "-as_of"], name="board_by_project")]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed__lte=F("total")), name="no_more_signed_than_counted"
            )
        ]

    def __str__(self):
        return f"{self.project} {self.as_of:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"project:{self.project_id}"
