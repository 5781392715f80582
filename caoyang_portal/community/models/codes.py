"""One-time codes, and how often something was asked (验证码、计数)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.confidential import ConfidentialField, mask_phone
from caoyang_portal.ids import new_id

from .people import User


class OneTimeCode(models.Model):
    """A single-use code sent by SMS (验证码), bound to a purpose, a thing and a session."""

    class Purpose(models.TextChoices):
        SIGN = "sign", _("签约")
        VOTE = "vote", _("表决")
        CONFIRM = "confirm", _("确认方案")
        PHONE_CHANGE = "phone_change", _("更换手机号")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE)
    purpose = models.CharField(max_length=20, choices=Purpose)
    bound_to = models.CharField(max_length=160)  # e.g. agreement id and the sha256 of its text
    session_key = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)
    clear = ""  # the digits: only on the object that issue_code() returns, never stored

    class Meta:
        indexes = [models.Index(fields=["user", "-sent_at"], name="code_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="a_code_lives_after_it_is_sent"
            )
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.sent_at:%Y-%m-%d %H:%M}"


class UnknownCaller(models.Model):
    """Someone asked for a sign-in code with a number that has no account (未登记的号码)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = ConfidentialField(_("手机号"))
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return f"{self.masked_phone} {self.at:%Y-%m-%d %H:%M}"

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class CountedWindow(models.Model):
    """How often something was done since a moment (计数窗口); the rate limits' memory."""

    key = models.CharField(
        max_length=64, primary_key=True
    )  # a hash: keys hold phones and addresses
    began_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["began_at"], name="window_by_age")]

    def __str__(self):
        return f"{self.key[:8]}: {self.count}"
