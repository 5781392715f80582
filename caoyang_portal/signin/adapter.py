"""What django-allauth asks of us (登录适配)."""

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community import actions, limits
from caoyang_portal.community.codes import DEMO_CODE
from caoyang_portal.community.models import User, normalise_phone
from caoyang_portal.confidential import conceal, reveal
from caoyang_portal.ids import new_id
from caoyang_portal.network import client_ip
from caoyang_portal.notices.sending import send_code
from caoyang_portal.signin.codes import hidden

log = structlog.get_logger(__name__)

TOO_MANY = _("您试得太勤了。请过一会儿再试，或打电话给居委。")
WRONG_CODE = _("验证码不对，请看短信里最新的 6 位数字。")


class MobileField(forms.CharField):
    """A mainland mobile number, however it is written."""

    default_error_messages = {
        "required": _("请输入您的手机号。"),
        "invalid": _("请输入 11 位手机号。"),
    }

    def __init__(self, **kwargs):
        attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
        super().__init__(
            label=_("手机号"), max_length=30, widget=forms.TextInput(attrs=attrs), **kwargs
        )

    def to_python(self, value):
        typed = super().to_python(value)
        number = normalise_phone(typed)
        if typed and not number:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the committee; the phone on file is the only name they have."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用，请联系居委。"),
        "enter_current_password": _("请输入现在的密码。"),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("密码不对，请再输一次。"),
        "phone_password_mismatch": _("手机号或密码不对，请再输一次。"),
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
        "invalid_login": _("请输入 11 位手机号。"),
    }

    def is_open_for_signup(self, request):
        return False

    def phone_form_field(self, **kwargs):
        return MobileField(**kwargs)

    def get_user_by_phone(self, phone):
        return User.objects.by_phone(phone)  # active ones only: a disabled account gets no SMS

    def get_phone(self, user):
        return user.phone, True  # entered by the committee from the person's papers

    def set_phone(self, user, phone, verified):
        raise PermissionDenied("a phone is changed at the committee's counter")

    def set_phone_verified(self, user, phone):
        actions.confirm_phone(user)

    def generate_phone_verification_code(self, *, user, phone):
        if settings.DEMO:
            return hidden(DEMO_CODE)
        return hidden(super().generate_phone_verification_code(user=user, phone=phone))

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        self._new_attempt()
        if not limits.allow("sms:all", settings.SMS_HOURLY_BUDGET, 3600):
            log.error("sms_budget_spent", user_id=str(user.pk))
            return
        text = gettext("登录验证码 %(code)s，5 分钟内有效。居委不会向您索要验证码。") % {
            "code": code.clear
        }
        send_code(user, phone, code.clear, text)

    def send_unknown_account_sms(self, phone, **kwargs):
        """No SMS; the committee sees that someone without an account tried.

        The same steps as for a known number, so that the clock does not tell them apart; counted
        apart, so that made-up numbers do not use up the budget.
        """
        self._new_attempt()
        limits.allow("sms:nobody", settings.SMS_HOURLY_BUDGET, 3600)
        actions.note_unknown_caller(phone)

    def _new_attempt(self):
        # Names the pending code, so that guesses are counted per code and not per session copy.
        self.request.session["code_attempt"] = new_id().hex

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Nothing: the page one arrives at says what happened."""

    def get_client_ip(self, request):
        ip = client_ip(request)
        if not ip:
            raise PermissionDenied("no client address: set TRUSTED_PROXIES behind a socket")
        return ip

    def _get_login_attempts_cache_key(self, request, **credentials):
        # allauth counts failed passwords per e-mail; ours are per phone.
        return credentials.get("phone", "")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors of office holders: secrets encrypted at rest, the last one not removable."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态码不对，请看手机上最新的 6 位数字。"),
        "cannot_delete_authenticator": _("工作账号要保留一种动态验证。请先添加另一种。"),
    }

    def encrypt(self, text):
        return conceal(text)

    def decrypt(self, encrypted_text):
        return reveal(encrypted_text)

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": gettext("曹杨社区门户")}

    def _get_site_name(self):
        return gettext("曹杨社区门户")

    def get_totp_label(self, user):
        return user.masked_phone

    def generate_authenticator_name(self, user, type):
        return gettext("我的通行密钥")

    def can_delete_authenticator(self, authenticator):
        factors = authenticator.user.authenticator_set.exclude(type="recovery_codes")
        return not authenticator.user.needs_second_factor or factors.count() > 1
