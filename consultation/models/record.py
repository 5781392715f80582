"""What was said and decided at a meeting (现场记录): contributions, decisions, photos, recordings."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .attendance import Attendance, OfMeetings
from .hands import ShowOfHands
from .meetings import AgendaItem, Meeting
from .polls import Poll


class UnnamedSpeaker(models.Model):
    """Behind which label somebody speaks (不署名发言人): 居民甲, the same throughout a meeting.

    Who it is, is encrypted, read by the recorders of the meeting alone, and wiped by the clock a
    week after the meeting is closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="unnamed_speakers")
    number = models.PositiveSmallIntegerField()
    who = ConfidentialField(
        blank=True, default=""
    )  # the id of an attendance; nobody wrote it down

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="a_label_is_one_speaker")
        ]

    def __str__(self):
        return self.label

    STEMS = "甲乙丙丁戊己庚辛壬癸"

    @property
    def label(self) -> str:
        stems = self.STEMS
        mark = stems[self.number - 1] if self.number <= len(stems) else str(self.number)
        return _("居民%(mark)s") % {"mark": mark}

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class Contribution(models.Model):
    """What somebody said (发言), as noted; corrections keep what stood before."""

    class Stance(models.TextChoices):
        FOR = "for", _("赞成")
        AGAINST = "against", _("反对")
        NEUTRAL = "neutral", _("中立")
        QUESTION = "question", _("提问")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="contributions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="contributions")
    speaker = models.ForeignKey(
        Attendance, models.PROTECT, null=True, related_name="contributions"
    )
    unnamed = models.ForeignKey(
        UnnamedSpeaker, models.PROTECT, null=True, related_name="contributions"
    )
    stance = models.CharField(_("意见"), max_length=8, choices=Stance, default=Stance.NEUTRAL)
    text = models.TextField(_("说了什么"))
    order = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    recorder = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    struck_why = models.CharField(_("为什么划掉"), max_length=200, blank=True)  # it stays readable

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"], name="a_contribution_has_its_place"
            ),
            models.CheckConstraint(
                condition=Q(speaker__isnull=False, unnamed=None)
                | Q(speaker=None, unnamed__isnull=False),
                name="a_contribution_has_one_speaker",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_contribution_says_something"),
        ]

    def __str__(self):
        return f"{self.order}. {self.text[:40]}"

    @property
    def shown_speaker(self) -> str:
        """The name for the staff, or the label."""
        if self.unnamed is not None:
            return self.unnamed.label
        return self.speaker.name if self.speaker else ""

    @property
    def public_speaker(self) -> str:
        if self.unnamed is not None:
            return self.unnamed.label
        return self.speaker.masked_name if self.speaker else ""

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class ContributionVersion(models.Model):
    """A contribution as it stood (发言的一稿); never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    stance = models.CharField(max_length=8, choices=Contribution.Stance)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "number"], name="a_contribution_has_one_of_each_version"
            )
        ]

    def __str__(self):
        return f"{self.number}: {self.text[:40]}"


class MeetingDecision(models.Model):
    """What was decided, as noted live (会上决定): a candidate for the register of resolutions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("决定了什么"), max_length=1000)
    responsible = models.CharField(_("谁来办"), max_length=120, blank=True)  # as written
    due = models.CharField(_("什么时候办好"), max_length=80, blank=True)  # as written
    show = models.ForeignKey(ShowOfHands, models.PROTECT, null=True, related_name="decisions")
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, related_name="decisions")
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    struck_why = models.CharField(_("为什么划掉"), max_length=200, blank=True)

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="a_decision_has_its_number"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_decision_says_what"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text[:40]}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class MeetingPhoto(models.Model):
    """A photo of the meeting (现场照片), drawn anew: no place, no camera."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="photos")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="photos")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    caption = models.CharField(_("照片说明"), max_length=120, blank=True)
    is_public = models.BooleanField(_("可以放进公开的纪要"), default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self):
        return self.caption or str(self.pk)

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class MeetingAudio(models.Model):
    """A recording of the meeting (录音), encrypted; with how those present were asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="recordings")
    # Destroyed, the row stays and says when and why.
    file = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    consent = models.CharField(_("怎么征得同意的"), max_length=300)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)
    destroyed_why = models.CharField(_("为什么销毁"), max_length=200, blank=True)

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(consent=""), name="a_recording_was_agreed_to"),
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(file=None),
                name="a_destroyed_recording_has_no_file",
            ),
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.added_at:%Y-%m-%d}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"
