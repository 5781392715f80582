"""Minutes (纪要): written, sent to who was there, corrected, signed, sealed; then only added to."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .attendance import Presence
from .meetings import Invitation, Meeting, Registration
from .polls import STAFF

OFFICES = (*STAFF, "street_official", "auditor")


def was_there(user) -> Q:
    """Of a meeting: who came; where attendance was not taken, who signed up or had said yes; and
    always who hosted it and kept its record."""
    taken = Presence.objects.filter(meeting=OuterRef("pk"), voided=False)
    said_yes = Invitation.objects.filter(user=user, answer=Invitation.Answer.YES)
    coming = Registration.objects.filter(user=user, state=Registration.State.COMING)
    return (
        Q(host=user)
        | Q(pk__in=Meeting.recorders.through.objects.filter(user=user).values("meeting_id"))
        | Q(Exists(taken.filter(attendance__user=user)))
        | Q(
            ~Exists(taken),
            Q(pk__in=said_yes.values("meeting_id")) | Q(pk__in=coming.values("meeting_id")),
        )
    )


class MinutesQuerySet(models.QuerySet):
    def public(self):
        return self.filter(state=Minutes.State.SEALED, meeting__is_public=True)

    def visible_to(self, user):
        """Sealed public ones to everybody; once sent, to who was there; drafts to the staff."""
        sealed = Q(state=Minutes.State.SEALED, meeting__is_public=True)
        if not user.is_authenticated:
            return self.filter(sealed)
        sent = ~Q(state=Minutes.State.DRAFT) & Q(
            meeting__in=Meeting.objects.filter(was_there(user))
        )
        return self.filter(sealed | sent | Q(neighbourhood_id__in=user.reach(*OFFICES)))

    def due(self, today: date):
        """Sent, and the days for corrections are over."""
        return self.filter(state=Minutes.State.SENT, corrections_until__lt=today)


class Minutes(models.Model):
    """The minutes of a meeting (纪要), in versions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SENT = "sent", _("等更正")
        SIGNING = "signing", _("签字中")
        SIGNED = "signed", _("已签齐，正在盖章")
        SEALED = "sealed", _("已盖章存档")

    MOVES = {
        State.DRAFT: {State.SENT},
        State.SENT: {State.SIGNING},
        State.SIGNING: {State.SENT, State.SIGNED},  # back: who signs has found a mistake
        State.SIGNED: {State.SEALED},
        State.SEALED: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="record_of_it")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    correction_days = models.PositiveSmallIntegerField(_("更正期（工作日）"), default=5)
    recheck_days = models.PositiveSmallIntegerField(_("改动后至少再留几天"), default=2)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    corrections_until = models.DateField(_("更正截止"), null=True, blank=True)  # that day included
    reminded_on = models.DateField(null=True, blank=True)  # staff were told that some wait
    signed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True)  # of the public version, once sealed

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="minutes_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(sent_at__isnull=False, corrections_until__isnull=False),
                name="sent_minutes_say_until_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "signing"]) | Q(signed_at__isnull=False),
                name="signed_minutes_say_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | Q(sealed_at__isnull=False),
                name="sealed_minutes_say_when",
            ),
            models.CheckConstraint(
                condition=Q(correction_days__gte=1), name="minutes_leave_a_day_for_corrections"
            ),
        ]

    def __str__(self):
        return f"{self.meeting.title}（纪要）"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"

    @property
    def number(self) -> str:
        """As printed: the day of the meeting, and four letters that tell it from the day's others."""
        day = timezone.localdate(self.meeting.starts_at)
        return f"JY{day:%Y%m%d}-{self.meeting_id.hex[-4:].upper()}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的纪要不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    def takes_corrections(self, today: date) -> bool:
        return (
            self.state == self.State.SENT
            and self.corrections_until is not None
            and today <= self.corrections_until
        )


class MinutesVersion(models.Model):
    """One version of the text (纪要版本): while a draft it is edited, from its hash on it stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    edition = models.PositiveIntegerField(default=1)  # of a draft: two who edit see each other
    body = models.JSONField()  # minutes_text.py says what is in it
    public_body = models.JSONField(default=dict)  # the same with names masked, once it stays
    text_sha256 = models.CharField(max_length=64, blank=True)
    public_sha256 = models.CharField(max_length=64, blank=True)
    changes = models.CharField(_("改了什么"), max_length=300, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "number"], name="a_version_of_minutes_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(text_sha256="", public_sha256="")
                | Q(text_sha256__regex="^[0-9a-f]{64}$", public_sha256__regex="^[0-9a-f]{64}$"),
                name="minutes_that_stay_have_both_hashes",
            ),
        ]

    def __str__(self):
        return f"{self.minutes_id} v{self.number}"

    @property
    def fingerprint(self) -> str:
        """The first eight digits, as printed and sent by SMS."""
        return f"{self.text_sha256[:4]}-{self.text_sha256[4:8]}".upper()


class MinutesCorrection(models.Model):
    """What somebody who was there wants put right (更正); it is answered, and never deleted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等答复")
        ACCEPTED = "accepted", _("已改")
        ANSWERED = "answered", _("没有改，已说明")
        REMARK = "remark", _("过期，作备注留存")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="corrections")
    version = models.ForeignKey(
        MinutesVersion, models.PROTECT, related_name="+"
    )  # as they read it
    section = models.CharField(max_length=20, blank=True)  # its key in the body; "" for the whole
    where = models.CharField(_("哪一段"), max_length=200)  # its title, as it was called then
    text = models.TextField(_("应该怎么写"))
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("提出人"), max_length=80)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )  # at the desk
    raised_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    became = models.ForeignKey(MinutesVersion, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["raised_at", "pk"]
        indexes = [models.Index(fields=["minutes", "state"], name="correction_of_minutes")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_correction_says_what"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "remark"])
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="a_settled_correction_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""),
                name="a_correction_not_made_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", became__isnull=False)
                | (~Q(state="accepted") & Q(became=None)),
                name="an_accepted_correction_has_its_version",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.where}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.minutes.meeting_id}"


class MinutesSignatory(models.Model):
    """Who signs the minutes (签字人): the host, the recorder, chosen representatives."""

    class Role(models.TextChoices):
        HOST = "host", _("主持人")
        RECORDER = "recorder", _("记录人")
        REPRESENTATIVE = "representative", _("代表")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatories")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(_("身份"), max_length=16, choices=Role)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=80)
    excused = models.CharField(_("不签的原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "order"], name="a_signatory_of_minutes_has_a_place"
            ),
            models.UniqueConstraint(
                fields=["minutes", "user"],
                condition=Q(user__isnull=False),
                name="a_person_signs_minutes_once",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.name}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.minutes.meeting_id}"


class MinutesSignature(models.Model):
    """One signature under one version (签字): by the code on one's phone, or on paper with its scan."""

    class Way(models.TextChoices):
        CODE = "code", _("短信验证码")
        PAPER = "paper", _("纸上签字")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    signatory = models.ForeignKey(MinutesSignatory, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(MinutesVersion, models.PROTECT, related_name="signatures")
    way = models.CharField(_("方式"), max_length=6, choices=Way)
    text_sha256 = models.CharField(max_length=64)  # of what was signed
    signed_at = models.DateTimeField(default=timezone.now)
    signed_on = models.DateField(null=True)  # as written on the paper
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(default=dict)  # of the code: masked phone, when, its id

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["signatory", "version"], name="a_version_is_signed_once_by_each"
            ),
            models.CheckConstraint(
                condition=Q(way="code", scan=None, entered_by=None)
                | Q(way="paper", scan__isnull=False, entered_by__isnull=False),
                name="a_signature_on_paper_has_its_scan",
            ),
        ]

    def __str__(self):
        return f"{self.signatory_id} {self.get_way_display()}"
