"""Shape of input: mandates to vote, and votes at the tablet."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import normalise_phone
from households.forms.projects import DateInput
from households.forms.signing import WitnessForm

from .answers import AnswersForm


class ProxyForm(AnswersForm):
    """A written mandate; in a named poll also how the owner instructed."""

    agent_name = forms.CharField(label=_("受托人姓名"), max_length=80)
    agent_phone = forms.CharField(
        label=_("受托人手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    valid_from = forms.DateField(label=_("委托自"), widget=DateInput)
    valid_to = forms.DateField(label=_("委托至"), widget=DateInput)
    document = forms.FileField(
        label=_("委托书"), help_text=_("照片（JPG、PNG）或 PDF，10 MB 以内。")
    )

    def __init__(self, *args, poll, **kwargs):
        super().__init__(*args, poll=poll, **kwargs)
        if poll.is_secret:  # the portal must not know
            for number in self.numbers:
                del self.fields[f"q{number}"]
            self.numbers = []
        self.fields["valid_from"].initial = timezone.localdate()
        self.fields["valid_to"].initial = timezone.localdate(poll.closes_at)

    def clean_agent_phone(self):
        phone = normalise_phone(self.cleaned_data["agent_phone"])
        if not phone:
            raise forms.ValidationError(_("请输入 11 位手机号。"))
        return phone


class TabletVoteForm(AnswersForm, WitnessForm):
    """A vote before two of the committee."""

    form_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    identity_seen = forms.BooleanField(label=_("已当面核对表决人的证件"))
