"""Shape of input when a poll is counted and followed up."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SharesForm(forms.Form):
    """The scrutineers' shares, each typed or pasted by its holder; kept nowhere."""

    def __init__(self, *args, scrutineers, **kwargs):
        super().__init__(*args, **kwargs)
        for number, name in enumerate(scrutineers):
            self.fields[f"share_{number}"] = forms.CharField(
                label=_("%(name)s 的分片") % {"name": name},
                max_length=100,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )

    def shares(self):
        return [share for share in self.cleaned_data.values() if share]


class FinishForm(forms.Form):
    missing_reason = forms.CharField(
        label=_("票比签到少的原因"),
        max_length=300,
        required=False,
        help_text=_("只有无记名的纸质票少了才要写，会公示"),
    )


class SettleForm(forms.Form):
    note = forms.CharField(
        label=_("怎么落实的"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
