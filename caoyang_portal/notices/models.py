"""The tables of what is told to whom (通知)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.confidential import ConfidentialField, mask_phone
from caoyang_portal.ids import new_id

CODE_LIFE = timedelta(minutes=10)  # then its text is blanked, sent or not
REASONS = {
    "": _("多次发送没有成功"),
    "no-answer": _("运营商没有回音"),
    "isv.BUSINESS_LIMIT_CONTROL": _("该号码今天收到的短信太多"),
    "not-connected": _("这个渠道还没有开通"),
    "recipient-refused": _("对方邮箱不收"),
    "out-of-time": _("验证码已过期"),
}


class Channel(models.TextChoices):
    """A way out of the portal (渠道). The in-app message is always there and is no channel."""

    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    WECHAT = "wechat", _("微信")


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person's own messages; nobody else's."""
        return self.filter(reader_id=user.pk) if user.is_authenticated else self.none()

    def unread(self):
        return self.filter(read_at=None)


class Notice(models.Model):
    """One message for one person on the portal (通知)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    neighbourhood_id = models.UUIDField(null=True)  # null: from the portal, not from a place
    text = models.TextField(_("内容"))
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("已读"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["reader", "-created_at"], name="notice_by_reader"),
            models.Index(fields=["reader"], condition=Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "reader"], name="a_reader_is_told_once"),
            models.CheckConstraint(
                condition=Q(link__regex=r"^(/([^/\\].*)?)?$"),
                name="a_notice_links_into_the_portal",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def ledger_chain(self) -> str:
        return f"reader:{self.reader_id}"


class SendingQuerySet(models.QuerySet):
    def open(self):
        """Still to be sent, or sent with no answer."""
        return self.filter(state__in=[Sending.State.QUEUED, Sending.State.UNKNOWN])

    def due(self):
        """To be tried now; codes before everything else."""
        return self.open().filter(next_try_at__lte=Now()).order_by("-urgent", "next_try_at", "pk")

    def unsent(self):
        """Given up or refused; waiting for a person."""
        return self.filter(state__in=[Sending.State.REFUSED, Sending.State.DEAD])

    def visible_to(self, user):
        """The messages of the places where ``user`` is on the committee or administrator."""
        offices = ("committee", "administrator")
        if not user.is_authenticated or not user.holds(*offices):
            return self.none()
        places = Q(neighbourhood_id__in=user.reach(*offices))
        if user.holds("administrator"):
            places |= Q(neighbourhood_id=None)  # codes belong to no place
        return self.filter(places)


class Sending(models.Model):
    """The same message on its way out (发送). Once per key, however often it is tried."""

    class State(models.TextChoices):
        QUEUED = "queued", _("待发送")
        UNKNOWN = "unknown", "待确认"  # handed over; no answer yet
        SENT = "sent", _("已发送")
        REFUSED = "refused", _("被拒")
        DEAD = "dead", _("未送达")

    class Kind(models.TextChoices):
        NOTICE = "notice", _("通知")
        CODE = "code", _("验证码")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(
        max_length=160, unique=True
    )  # goes to the gateway, which may count by it
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NOTICE)
    urgent = models.BooleanField(default=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    neighbourhood_id = models.UUIDField(null=True)
    to = ConfidentialField(_("收件人"))
    to_tail = models.CharField(
        _("尾号"), max_length=4, blank=True
    )  # of a phone; for finding it again
    text = ConfidentialField(_("内容"), blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    provider_id = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(_("发出"), null=True)
    last_error = models.CharField(_("原因"), max_length=120, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("urgent").desc(),
                "next_try_at",
                "id",
                condition=Q(state__in=["queued", "unknown"]),
                name="sending_owed",
            ),
            models.Index(fields=["neighbourhood_id", "-created_at"], name="sending_by_place"),
            models.Index(
                fields=["created_at"],
                condition=Q(kind="code") & ~Q(text=""),
                name="sending_code_to_blank",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="a_sent_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="code") | ~Q(text=""), name="only_a_code_may_be_blanked"
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.masked_to}"

    @property
    def reason(self) -> str:
        """Why it did not arrive, in words for the committee."""
        return str(REASONS.get(self.last_error, REASONS[""]))

    @property
    def masked_to(self) -> str:
        """Whom it is for, as far as staff may see it."""
        if self.channel == Channel.SMS:
            return mask_phone(self.to)
        head, at, domain = self.to.partition("@")
        return f"{head[:2]}****{at}{domain}"

    @property
    def ledger_chain(self) -> str:
        return f"upkeep:{self.neighbourhood_id or 'portal'}"


class Preference(models.Model):
    """Whether a person wants a channel (偏好). No row means yes; a code is sent all the same."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    on = models.BooleanField(_("接收"), default=True)

    neighbourhood_id = None  # a person's own, wherever he lives

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="one_preference_per_channel")
        ]

    def __str__(self):
        return f"{self.get_channel_display()}: {self.on}"

    @property
    def ledger_chain(self) -> str:
        return f"reader:{self.user_id}"
