"""Addenda to sealed minutes, and the sealed PDFs that workers make (补记、纪要文书)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .minutes import Minutes, MinutesCorrection


class MinutesAddendum(models.Model):
    """What is added to sealed minutes (补记): a text of its own that names the sealed file's hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("补记内容"))
    public_text = models.TextField()
    reason = models.CharField(_("为什么补记"), max_length=300)
    public_reason = models.CharField(max_length=300)
    correction = models.ForeignKey(MinutesCorrection, models.PROTECT, null=True, related_name="+")
    sealed_sha256 = models.CharField(max_length=64)  # the internal version this belongs to
    public_sha256 = models.CharField(max_length=64)  # and the public one
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "number"], name="an_addendum_has_its_number"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(reason=""), name="an_addendum_says_what_and_why"
            ),
        ]

    def __str__(self):
        return f"{self.minutes_id} +{self.number}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.minutes.meeting_id}"


class MinutesPaper(models.Model):
    """A sealed PDF that a worker makes (纪要文书): internal or public, of the minutes or an addendum."""

    class Audience(models.TextChoices):
        INTERNAL = "internal", _("内部版")
        PUBLIC = "public", _("公开版")

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        WORKING = "working", _("正在做")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能完成")

    MOVES = {
        State.QUEUED: {State.WORKING},
        State.WORKING: {State.WORKING, State.QUEUED, State.DONE, State.FAILED},
        State.DONE: set(),
        State.FAILED: {State.QUEUED},
    }
    STEPS = 3  # printed, certified, sealed

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="papers")
    addendum = models.ForeignKey(MinutesAddendum, models.PROTECT, null=True, related_name="papers")
    audience = models.CharField(max_length=10, choices=Audience)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    steps = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  # working: whose it is; queued: not before
    problem = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "audience"],
                condition=Q(addendum=None),
                name="minutes_are_sealed_once_for_each_audience",
            ),
            models.UniqueConstraint(
                fields=["addendum", "audience"],
                condition=Q(addendum__isnull=False),
                name="an_addendum_is_sealed_once_for_each_audience",
            ),
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False, sealed_at__isnull=False, steps=3)
                | (~Q(state="done") & Q(file=None, sha256="", sealed_at=None)),
                name="a_finished_paper_of_minutes_has_its_file",
            ),
        ]

    def __str__(self):
        return f"{self.minutes_id} {self.get_audience_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.minutes.meeting_id}"

    @property
    def goes_on(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.WORKING)

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的文书不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state
