"""What is asked on the way to a signature (签约)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import normalise_phone
from caoyang_portal.errors import Refused
from households.models import Mandate
from households.queries.handwriting import read_strokes
from households.queries.signing import Cosigner


class StrokesField(forms.CharField):
    """Handwriting as the pad sends it."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            return read_strokes(super().clean(value))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class SignForm(forms.Form):
    """The last page: the code, the name, the consent (签名)."""

    code = forms.CharField(
        label=_("短信里的 6 位数字"),
        max_length=12,
        error_messages={"required": _("请输入短信里的 6 位数字。")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
    )
    strokes = StrokesField(required=False)
    typed_name = forms.CharField(
        label=_("输入您的姓名"), max_length=80, required=False, widget=forms.TextInput()
    )
    consent = forms.BooleanField(
        label=_("我同意上面这句话"), error_messages={"required": _("请先勾选“我同意”。")}
    )
    document_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    signatory = forms.UUIDField(widget=forms.HiddenInput)


class WitnessForm(forms.Form):
    """The second member of staff proves to be standing there (见证人)."""

    witness_phone = forms.CharField(
        label=_("见证人手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    witness_password = forms.CharField(
        label=_("见证人密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_witness_phone(self):
        phone = normalise_phone(self.cleaned_data["witness_phone"])
        if not phone:
            raise forms.ValidationError(_("请输入 11 位手机号。"))
        return phone


class AssistedForm(WitnessForm):
    """What both assisted routes ask: for whom, and by whose hand."""

    signatory = forms.ChoiceField(label=_("谁来签"), widget=forms.RadioSelect)
    mandate = forms.ModelChoiceField(
        Mandate.objects.none(),
        label=_("受托人代签"),
        required=False,
        empty_label=_("本人签"),
        help_text=_("有登记过的委托书，才能由受托人签。"),
    )
    document_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, lines: list[Cosigner], mandates, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = {str(line.signatory.pk): line for line in lines if line.signature is None}
        self.fields["signatory"].choices = [
            (pk, f"{line.member.name}（{line.member.get_role_display()}）")
            for pk, line in self.lines.items()
        ]
        self.fields["mandate"].queryset = mandates
        if not mandates:
            del self.fields["mandate"]

    def clean_signatory(self):
        return self.lines[self.cleaned_data["signatory"]].signatory


class TabletForm(AssistedForm):
    """Signing at the committee's tablet (现场平板签约)."""

    IDENTITY = [
        ("id_card", _("身份证")),
        ("household_register", _("户口簿")),
        ("known", _("其他证件，已核对")),
    ]
    identity_seen = forms.ChoiceField(
        label=_("核对了什么证件"), choices=IDENTITY, widget=forms.RadioSelect
    )
    consent = forms.BooleanField(
        label=_("住户听清并同意上面这句话"),
        error_messages={"required": _("请住户确认同意，再勾选。")},
    )
    strokes = StrokesField(required=False)
    witness_strokes = StrokesField(required=False)
    field_order = ["signatory", "mandate", "identity_seen", "consent"]


class PaperForm(AssistedForm):
    """Entering a signature given on paper (录入纸质签署)."""

    scan = forms.FileField(
        label=_("签字页扫描件"), help_text=_("照片（JPG、PNG）或 PDF，10 MB 以内。")
    )
    signed_on = forms.DateField(
        label=_("签字日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    shelf_mark = forms.CharField(
        label=_("原件存放处"), max_length=60, help_text=_("例如：A 柜 3 号楼 101。")
    )
    fingerprint = forms.CharField(
        label=_("纸上的指纹"),
        max_length=20,
        required=False,
        help_text=_("印在每页下方，例如 3F9A-21C7。填了就核对。"),
    )
    field_order = ["signatory", "mandate", "scan", "signed_on", "shelf_mark", "fingerprint"]
