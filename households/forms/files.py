"""Shapes of what is entered in a household's file."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import normalise_phone
from households.actions.files import EDITABLE
from households.actions.members import EDITABLE as MEMBER_EDITABLE
from households.models import (
    CareTag,
    Contact,
    CorrectionRequest,
    Household,
    Mandate,
    Member,
    Visit,
)
from households.queries.roster_file.identity import is_id_number

NUMBER_WIDGET = forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"})


def _day(label, **kwargs):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class PhoneField(forms.CharField):
    """A mainland number in any style; cleaned to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        phone = normalise_phone(text)
        if not phone:
            raise forms.ValidationError(_("手机号是 11 位数字，请核对"))
        return phone


class YesNo(forms.NullBooleanField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.NullBooleanSelect(), required=False, **kwargs)
        self.widget.choices = [("unknown", _("不清楚")), ("true", _("有")), ("false", _("没有"))]


class HouseholdForm(forms.ModelForm):
    """The facts of a household; ``only`` one of them for the edit in place."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    has_balcony = YesNo(label=_("阳台"))
    has_gas_meter = YesNo(label=_("煤气表"))
    has_loft = YesNo(label=_("阁楼"))

    class Meta:
        model = Household
        fields = EDITABLE
        widgets = {
            "certificate_issued_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "remark": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, only: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        if only:
            for name in set(self.fields) - {only, "version"}:
                del self.fields[name]

    def clean(self):
        for name in ("living_area", "usable_area", "floor_area"):
            value = self.cleaned_data.get(name)
            if value is not None and value <= 0:
                self.add_error(name, _("面积要大于 0"))
        return self.cleaned_data

    def _post_clean(self):
        """The act writes; the instance is not touched here."""

    @property
    def values(self) -> dict:
        return {k: v for k, v in self.cleaned_data.items() if k != "version"}


class SpecialForm(forms.Form):
    special = forms.ChoiceField(
        label=_("特殊情形"), required=False, choices=Household.Special.choices
    )
    reason = forms.CharField(
        label=_("依据"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_special(self):
        return Household.Special(self.cleaned_data["special"])


class StrategyForm(forms.Form):
    strategy = forms.CharField(
        label=_("一户一策"),
        required=False,
        max_length=2000,
        help_text=_("住户有权看到这里写的话"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class MemberForm(forms.ModelForm):
    """A person of the household."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    phone = PhoneField(label=_("手机号"), required=False, max_length=30)
    id_number = forms.CharField(label=_("证件号码"), required=False, max_length=30)
    has_other_housing = YesNo(label=_("他处有房"))
    housing_difficulty = YesNo(label=_("居住困难"))

    class Meta:
        model = Member
        fields = MEMBER_EDITABLE
        widgets = {"lived_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, household: Household, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = household.version
        self.instance.household = household
        # Whole numbers are seen with a reason only; an empty field leaves what is on file.
        for name, kept in (("phone", "masked_phone"), ("id_number", "masked_id_number")):
            self.initial[name] = ""
            if getattr(self.instance, name):
                self.fields[name].help_text = _("现在是 %(kept)s，不改就留空") % {
                    "kept": getattr(self.instance, kept)
                }

    def clean_name(self):
        return self.cleaned_data["name"].strip()

    def clean_id_number(self):
        text = "".join(self.cleaned_data["id_number"].upper().split())
        if len(text) == 18 and text[:-1].isdigit() and not is_id_number(text):
            raise forms.ValidationError(_("身份证号有误，请对照证件再看一遍"))
        return text

    def _post_clean(self):
        """The act writes; the instance is not touched here."""

    @property
    def values(self) -> dict:
        values = {k: v for k, v in self.cleaned_data.items() if k != "version"}
        for name in ("phone", "id_number"):
            if not values[name] and not self.instance._state.adding:
                del values[name]
        return values


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("住户会看到这条记录"))


class EndingForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class VisitForm(forms.Form):
    """A visit noted at the door, on a phone, in twenty seconds."""

    way = forms.ChoiceField(
        label=_("怎么联系的"),
        choices=Visit.Way.choices,
        initial=Visit.Way.DOOR,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=Visit.Outcome.choices,
        initial=Visit.Outcome.MET,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("随手记"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_action = forms.CharField(label=_("下一步"), required=False, max_length=200)
    next_on = _day(_("下次联系"), required=False)


class ContactForm(forms.ModelForm):
    phone = forms.CharField(label=_("电话"), max_length=30)

    class Meta:
        model = Contact
        fields = ("name", "relation", "phone", "best_time", "is_emergency")


class CareTagForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=CareTag.Kind.choices)
    note = forms.CharField(label=_("说明"), required=False, max_length=200)
    until = _day(_("有效至"), required=False)


class CounterForm(forms.Form):
    """A resident stands at the counter: whose login, and what was seen."""

    member = forms.ModelChoiceField(None, label=_("是哪一位"), empty_label=None)
    phone = PhoneField(label=_("本人手机号"), max_length=30)
    seen = forms.MultipleChoiceField(
        label=_("核对了什么证件"),
        choices=[
            ("id_card", _("身份证原件")),
            ("booklet", _("户口簿原件")),
            ("certificate", _("房本或租用凭证原件")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, household: Household, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = household.members.filter(left_at=None, is_deceased=False)


class MandateForm(forms.Form):
    """A power of attorney as it stands on paper."""

    principal = forms.ModelChoiceField(None, label=_("委托人"), empty_label=None)
    agent_name = forms.CharField(label=_("受托人姓名"), max_length=80)
    agent_phone = PhoneField(label=_("受托人手机号"), required=False, max_length=30)
    matter = forms.ChoiceField(label=_("委托什么事"), choices=Mandate.Matter.choices)
    scope = forms.CharField(
        label=_("委托书上写的权限"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    valid_from = _day(_("从哪天起"))
    valid_to = _day(_("到哪天止"))
    document = forms.FileField(label=_("委托书（照片或 PDF）"))

    def __init__(self, *args, household: Household, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["principal"].queryset = household.members.filter(
            left_at=None, role__in=[Member.Role.HOLDER, Member.Role.CO_OWNER]
        )
        self.fields["valid_from"].initial = timezone.localdate

    def clean_matter(self):
        return Mandate.Matter(self.cleaned_data["matter"])


class LinkForm(forms.Form):
    """The code of the letter."""

    code = forms.CharField(
        label=_("告知书上的码"),
        max_length=40,
        help_text=_("在信的中间，像 8F3K-2Q7M-C，大小写都行"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class DisownForm(forms.Form):
    text = forms.CharField(
        label=_("哪里不对"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("哪里不对，应该是什么"),
        max_length=1000,
        help_text=_("例如：居住面积写错了，房本上是 23.5 平方米"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SettleForm(forms.Form):
    state = forms.ChoiceField(
        label=_("核实结果"),
        choices=[
            (CorrectionRequest.State.CORRECTED.value, _("确实不对，已经更正")),
            (CorrectionRequest.State.KEPT.value, _("核实过，原来是对的")),
        ],
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(
        label=_("给住户的答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_state(self):
        return CorrectionRequest.State(self.cleaned_data["state"])
