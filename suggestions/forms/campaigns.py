"""Shape of input about campaigns; the form of a call is made of its questions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from households.forms.projects import DateInput
from suggestions.models import Campaign, CampaignEntry, CampaignQuestion, CampaignVisit

from .fields import area_field

BY_STAFF = [choice for choice in CampaignEntry.Channel.choices if choice[0] != "online"]


class DraftForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类型"), choices=Campaign.Kind.choices, widget=forms.RadioSelect
    )
    theme = forms.CharField(
        label=_("主题"), max_length=60, help_text=_("例如：小区里哪里最需要一张长椅")
    )
    explanation = area_field(_("说明"), 5, help_text=_("为什么征集，会拿来做什么"))
    channels = forms.CharField(
        label=_("怎么提"), max_length=200,
        help_text=_("例如：手机上填、到征集点填、投进建议邮筒、打居委电话"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("哪天开始"), widget=DateInput)
    ends_on = forms.DateField(label=_("哪天截止"), widget=DateInput)
    answer_by = forms.DateField(label=_("最晚哪天公开答复"), widget=DateInput)


class QuestionForm(forms.Form):
    text = forms.CharField(label=_("题目"), max_length=120)
    kind = forms.ChoiceField(
        label=_("怎么答"), choices=CampaignQuestion.Kind.choices, widget=forms.RadioSelect
    )
    options = area_field(_("选项，一行一个"), 4, required=False, help_text=_("“选一个”才要写"))
    is_needed = forms.BooleanField(label=_("一定要答"), required=False, initial=True)


class CancelForm(forms.Form):
    reason = area_field(_("为什么取消"), 3, max_length=200)


class AnswerForm(forms.Form):
    answer = area_field(
        _("公开答复"), 8, max_length=5000,
        help_text=_("收到多少、大家说了什么、哪些采纳、哪些不采纳和为什么。不要写姓名"),
    )  # fmt: skip


class EntryForm(forms.Form):
    """A field for each question of the call."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = list(campaign.questions.all())
        for question in self.questions:
            self.fields[f"answer-{question.pk}"] = _field(question)

    def answers(self) -> dict:
        return {one.pk: self.cleaned_data[f"answer-{one.pk}"] for one in self.questions}


def _field(question):
    given = {"label": question.text, "required": question.is_needed}
    if question.kind == CampaignQuestion.Kind.CHOICE:
        choices = [(option, option) for option in question.option_list]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)
    if question.kind == CampaignQuestion.Kind.LONG:
        return area_field(question.text, 4, required=question.is_needed)
    return forms.CharField(max_length=200, **given)


class StaffEntryForm(EntryForm):
    name = forms.CharField(
        label=_("谁说的"), max_length=40, required=False, help_text=_("不愿意留姓名就空着")
    )
    channel = forms.ChoiceField(label=_("渠道"), choices=BY_STAFF, widget=forms.RadioSelect)


class VisitForm(forms.Form):
    outcome = forms.ChoiceField(label=_("结果"), choices=CampaignVisit.Outcome.choices)
