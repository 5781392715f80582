"""Shape of input about plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from households.models import Household, Member, PlanRemark


class DrawPlanForm(forms.Form):
    summary = forms.CharField(
        label=_("方案说明"),
        widget=forms.Textarea,
        max_length=4000,
        help_text=_("写给住户看：哪里变了、厨房和卫生间在哪"),
    )
    area_after = forms.DecimalField(
        label=_("改造后居住面积（㎡）"),
        max_digits=8,
        decimal_places=2,
        min_value=0.01,
        required=False,
    )
    kitchen_after = forms.ChoiceField(
        label=_("改造后厨房"), choices=Household.Use.choices, initial="own"
    )
    toilet_after = forms.ChoiceField(
        label=_("改造后卫生间"), choices=Household.Use.choices, initial="own"
    )
    changes = forms.CharField(
        label=_("较上一版的变化"), widget=forms.Textarea, max_length=2000, required=False
    )


class AddDrawingForm(forms.Form):
    title = forms.CharField(label=_("图名"), max_length=80, initial=_("平面图"))
    alt_text = forms.CharField(
        label=_("文字说明"),
        widget=forms.Textarea,
        max_length=1000,
        help_text=_("看不清图的人靠这段话"),
    )
    file = forms.FileField(label=_("图纸"), help_text=_("图片，10 MB 以内"))


class RaiseRemarkForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("您想"), choices=PlanRemark.Kind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("说说您的意见"), widget=forms.Textarea, max_length=2000)


class AnswerRemarkForm(forms.Form):
    state = forms.ChoiceField(
        label=_("处理结果"),
        choices=[
            (state.value, state.label)
            for state in (
                PlanRemark.State.ADOPTED,
                PlanRemark.State.CONSIDERED,
                PlanRemark.State.DECLINED,
            )
        ],
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(label=_("答复"), widget=forms.Textarea, max_length=2000)

    def clean_state(self):
        return PlanRemark.State(self.cleaned_data["state"])


class EnterConfirmationForm(forms.Form):
    member = forms.ModelChoiceField(Member.objects.none(), label=_("谁确认的"))
    evidence = forms.FileField(label=_("签字照片或扫描件"))

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
