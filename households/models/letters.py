"""Letters to households (告知书): printed together, each with a code that names it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import FILE_READERS, FilePartQuerySet, Household


class LetterJobQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.places(*FILE_READERS))


class LetterJob(models.Model):
    """Letters printed together (告知书批次): one PDF, a page for each household."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        PRINTING = "printing", _("排版中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能完成")

    MOVES = {
        State.QUEUED: {State.PRINTING},
        State.PRINTING: {State.PRINTING, State.DONE, State.FAILED},  # again: its worker died
        State.DONE: set(),
        State.FAILED: {State.PRINTING},
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)  # a dead worker's job is taken over after this
    parts = models.JSONField(default=list)  # attachments printed so far, bound together at the end
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = LetterJobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__isnull=False),
                name="a_finished_letter_job_has_its_file",
            )
        ]

    def __str__(self):
        return f"{self.total} 份 {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"letters:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的告知书不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class LetterCode(models.Model):
    """The code on a household's printed letter (告知书码). It names the letter; it signs nobody in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT)
    job = models.ForeignKey(LetterJob, models.PROTECT, null=True, related_name="letters")
    code = ConfidentialField()
    code_index = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    objects = FilePartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(used_at=None, voided_at=None),
                name="one_live_letter_per_household",
            )
        ]

    def __str__(self):
        return f"{self.household} {self.issued_at:%Y-%m-%d}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"
