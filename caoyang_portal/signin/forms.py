"""The sign-in forms in plain words: allauth's, with our labels and keyboards (登录表单)."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.signin.codes import hidden

CODE = {
    "inputmode": "numeric",
    "autocomplete": "one-time-code",
    "maxlength": "12",  # six digits, and the blanks people put between them
    "spellcheck": "false",
}


def _plain(field: forms.Field, label: str, required: str, **attrs: str) -> None:
    """Give a field of allauth's our words; its placeholder would vanish while typing."""
    field.label = label
    field.error_messages["required"] = required
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    """The phone number on file (手机号)."""

    shared = forms.BooleanField(
        label=_("这是公用电脑"), help_text=_("离开 15 分钟就自动退出。"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["phone", "shared"])


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    """The code from the SMS (验证码)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("短信里的 6 位数字"), _("请输入短信里的 6 位数字。"), **CODE)

    def clean_code(self):
        typed = "".join(self.cleaned_data["code"].split())
        salt, _dot, _hash = (self.expected_code or "").partition(".")
        self.cleaned_data["code"] = hidden(typed, salt)
        return super().clean_code()


class LoginForm(account.LoginForm):
    """Phone and password of an office holder (工作人员登录)."""

    shared = forms.BooleanField(
        label=_("这是公用电脑"), help_text=_("离开 15 分钟就自动退出。"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("密码"), _("请输入密码。"))
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.order_fields(["login", "password", "shared"])


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more (再次确认)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("密码"), _("请输入密码。"))


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password (修改密码)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("现在的密码"), _("请输入现在的密码。"))
        _plain(self.fields["password1"], _("新密码"), _("请输入新密码。"))
        _plain(self.fields["password2"], _("新密码再输一次"), _("请把新密码再输一次。"))
        self.fields["password1"].help_text = _("至少 12 个字。一句自己记得住的话就很好。")


class FirstPasswordForm(account.SetPasswordForm):
    """A password where there is none (设密码)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["password1"], _("新密码"), _("请输入新密码。"))
        _plain(self.fields["password2"], _("新密码再输一次"), _("请把新密码再输一次。"))
        self.fields["password1"].help_text = _("至少 12 个字。一句自己记得住的话就很好。")


class SecondFactorForm(second.AuthenticateForm):
    """The number the phone shows, or a recovery code (动态码)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("手机上的 6 位动态码"), _("请输入动态码。"), **CODE)


class SecondFactorAgainForm(second.ReauthenticateForm):
    """The same, before something delicate (再次确认)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("手机上的 6 位动态码"), _("请输入动态码。"), **CODE)


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The first number, to see that the phone was set up rightly (启用动态码)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("手机上的 6 位动态码"), _("请输入动态码。"), **CODE)
