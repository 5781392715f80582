"""The shape of what is asked about messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Channel, Notice

LABELS = {
    Channel.SMS: _("收短信通知"),
    Channel.EMAIL: _("收邮件通知"),
    Channel.WECHAT: _("收微信通知"),
}


class ReadNoticesForm(forms.Form):
    """Which of one's own messages were read (已读)."""

    notices = forms.ModelMultipleChoiceField(queryset=Notice.objects.none())

    def __init__(self, *args, visible, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["notices"].queryset = visible


class PreferenceForm(forms.Form):
    """One box per channel (接收方式)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for channel, label in LABELS.items():
            self.fields[channel.value] = forms.BooleanField(label=label, required=False)


class RetrySendingForm(forms.Form):
    """No more than the press of a button (重发)."""


class OutboxForm(forms.Form):
    """Find one phone's messages by its last digits (手机尾号)."""

    tail = forms.RegexField(
        r"^\d{4}$",
        label=_("手机尾号"),
        required=False,
        help_text=_("填后四位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("请填手机号后四位数字。")},
    )
