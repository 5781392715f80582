"""Who is at a meeting (到会): people, when they are there, and for which heads of the roll they sit."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.community.models.venues import Span
from caoyang_portal.confidential import mask_name
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment
from households.models import Household, Member

from .ballots import Proxy
from .meetings import Invitation, Meeting
from .rolls import RollEntry


class OfMeetings(models.QuerySet):
    """Rows with a ``meeting``: for those who run it; others reach their own by acts of their own."""

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(meeting__in=Meeting.objects.run_by(user))


class Attendance(models.Model):
    """Somebody who came (到会人), once however often they go and come back."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("参会")
        GUEST = "guest", _("列席")  # speaks, does not decide
        OBSERVER = "observer", _("旁听")

    INVITED_AS = {
        Invitation.Role.OBSERVER: Role.OBSERVER,
        Invitation.Role.UNIT: Role.GUEST,
        Invitation.Role.DEPARTMENT: Role.GUEST,
        Invitation.Role.EXPERT: Role.GUEST,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True)
    name = models.CharField(_("姓名"), max_length=80)
    role = models.CharField(_("身份"), max_length=12, choices=Role, default=Role.PARTICIPANT)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # the desk
    entered_at = models.DateTimeField(default=timezone.now)

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False),
                name="a_person_attends_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=Q(member__isnull=False),
                name="a_member_attends_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="an_attendee_has_a_name"),
        ]

    def __str__(self):
        return self.name

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class Presence(models.Model):
    """One time somebody is there (在场时段); open until they leave or the meeting is closed."""

    class Channel(models.TextChoices):
        QR = "qr", _("扫码")
        DESK = "desk", _("签到台")
        ONLINE = "online", _("线上")
        SHEET = "sheet", _("签到表补登")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="presences")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="presences")
    channel = models.CharField(max_length=8, choices=Channel)
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # the desk
    voided = models.BooleanField(default=False)  # a wrong tap, taken back at once

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["arrived_at", "pk"]
        indexes = [models.Index(fields=["meeting", "arrived_at"], name="presence_by_meeting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="nobody_leaves_before_arriving",
            ),
            ExclusionConstraint(
                name="nobody_is_there_twice_at_once",
                expressions=[
                    ("attendance", RangeOperators.EQUAL),
                    (Span("arrived_at", "left_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(voided=False),
            ),
        ]

    def __str__(self):
        return f"{self.attendance_id} {self.arrived_at:%H:%M}"

    @property
    def is_online(self) -> bool:
        return self.channel == self.Channel.ONLINE

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class Seat(models.Model):
    """A head of the roll for whom an attendee sits (席位): their own, or by a written mandate.

    Whoever is there in person is counted by their own seat, and the mandate rests meanwhile.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="seats")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="seats")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="seats")
    is_proxy = models.BooleanField(_("受委托"), default=False)
    proxy = models.ForeignKey(Proxy, models.PROTECT, null=True, related_name="seats")
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    scope = models.CharField(_("委托范围"), max_length=200, blank=True)
    mandated_on = models.DateField(_("委托日期"), null=True)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance", "entry"],
                condition=Q(ended_at=None),
                name="an_attendee_sits_once_for_a_head",
            ),
            models.UniqueConstraint(
                fields=["meeting", "entry"],
                condition=Q(ended_at=None, is_proxy=True),
                name="a_head_is_sat_for_by_one_mandate",
            ),
            models.CheckConstraint(
                condition=Q(is_proxy=False, proxy=None, document=None)
                | Q(is_proxy=True, proxy__isnull=False, document=None)
                | (
                    Q(is_proxy=True, proxy=None, document__isnull=False)
                    & Q(mandated_on__isnull=False)
                    & ~Q(scope="")
                ),
                name="a_seat_for_another_has_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")),
                name="a_seat_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.attendance_id} → {self.entry_id}"

    def held_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.ended_at is None or moment < self.ended_at)

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"
