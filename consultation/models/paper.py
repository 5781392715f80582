"""Ballots on paper (纸质表决票): serial, scan, two blind keyings, a third person where they differ."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .polls import Poll
from .rolls import RollEntry


class PaperBallot(models.Model):
    """One printed ballot (纸质票). With a name its serial belongs to a voter; secret ones name nobody."""

    class State(models.TextChoices):
        PRINTED = "printed", _("已印")
        SCANNED = "scanned", _("待录入")
        DIFFERS = "differs", _("两次录入不一致")
        COUNTED = "counted", _("已计入")
        SET_ASIDE = "set_aside", _("不计入")

    MOVES = {
        State.PRINTED: {State.SCANNED, State.SET_ASIDE},
        State.SCANNED: {State.DIFFERS, State.COUNTED, State.SET_ASIDE},
        State.DIFFERS: {State.COUNTED, State.SET_ASIDE},
        State.COUNTED: set(),
        State.SET_ASIDE: set(),
    }
    OPEN = ("scanned", "differs")  # still to be keyed

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="papers")
    serial = models.CharField(_("票号"), max_length=24)
    entry = models.ForeignKey(RollEntry, models.PROTECT, null=True, related_name="papers")
    state = models.CharField(max_length=10, choices=State, default=State.PRINTED)
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    scan_sha256 = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("不计入的原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "serial"], name="a_serial_is_printed_once"),
            models.UniqueConstraint(
                fields=["poll", "scan_sha256"],
                condition=~Q(scan_sha256=""),
                name="a_scan_belongs_to_one_ballot",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["printed", "set_aside"])
                | (Q(scan__isnull=False) & ~Q(scan_sha256="")),
                name="a_scanned_ballot_has_its_scan",
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | ~Q(reason=""),
                name="a_ballot_set_aside_says_why",
            ),
        ]

    def __str__(self):
        return self.serial

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("这张票%(now)s，不能再改为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class Keying(models.Model):
    """What one person read on a scan (录入); never changed. The second does not see the first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    paper = models.ForeignKey(PaperBallot, models.PROTECT, related_name="keyings")
    turn = models.PositiveSmallIntegerField()  # 1, 2; 3 settles
    staff = models.ForeignKey(User, models.PROTECT, related_name="+")
    choices = models.JSONField()  # {"1": "yes"}

    class Meta:
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "turn"], name="a_ballot_is_keyed_turn_by_turn"
            ),
            models.UniqueConstraint(fields=["paper", "staff"], name="nobody_keys_a_ballot_twice"),
            models.CheckConstraint(
                condition=Q(turn__in=[1, 2, 3]), name="a_ballot_is_keyed_three_times_at_most"
            ),
        ]

    def __str__(self):
        return f"{self.paper_id} {self.turn}"


class StrayScan(models.Model):
    """A scanned page whose code could not be read or fits no ballot (待认扫描页)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="stray_scans")
    scan = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    problem = models.CharField(max_length=200)
    paper = models.ForeignKey(PaperBallot, models.PROTECT, null=True)  # once somebody knew it
    dropped_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "scan"], name="a_stray_scan_is_listed_once")
        ]

    def __str__(self):
        return self.problem

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"


class PaperJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.places("committee"))


class PaperJob(models.Model):
    """Work on paper that a worker does piece by piece (纸质票批次): ballots printed, or scans read."""

    class Task(models.TextChoices):
        PRINT = "print", _("印票")
        SCAN = "scan", _("读扫描件")

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        WORKING = "working", _("正在做")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能完成")

    MOVES = {
        State.QUEUED: {State.WORKING},
        State.WORKING: {State.WORKING, State.DONE, State.FAILED},  # again: its worker died
        State.DONE: set(),
        State.FAILED: set(),
    }
    OPEN = ("queued", "working")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="paper_jobs")
    task = models.CharField(max_length=10, choices=Task)
    building = models.ForeignKey(Building, models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    serials = models.JSONField(default=list)  # of the ballots to print
    # Printing: what is printed so far, bound together at the end. Scanning: the files to read.
    parts = models.JSONField(default=list)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    taken = models.PositiveIntegerField(default=0)
    stray = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)  # a dead worker's job is taken over after this

    objects = PaperJobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done", task="print") | Q(file__isnull=False),
                name="finished_ballots_have_their_file",
            )
        ]

    def __str__(self):
        return f"{self.get_task_display()} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"

    @property
    def goes_on(self) -> bool:
        return self.state in self.OPEN

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的批次不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state
