"""Shape of what is handed over: the words under which it goes on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from suggestions.models import Category, Claim


class TopicForm(forms.Form):
    title = forms.CharField(
        label=_("题目"), max_length=60, help_text=_("写成大家的事，去掉姓名、门牌、电话")
    )
    text = forms.CharField(
        label=_("内容"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, required=False
    )


class ObjectionForm(TopicForm):
    answer = forms.CharField(
        label=_("给提异议的人的答复"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("例如：这不是名册的问题，转为议题请大家商量"),
    )


class VisitForm(TopicForm):
    proposer_name = forms.CharField(
        label=_("谁说的"), max_length=80, help_text=_("没有账号的，进展要当面或打电话告诉")
    )
    is_unnamed = forms.BooleanField(label=_("不公开姓名"), required=False)


class SuggestionForm(TopicForm):
    answer = forms.CharField(
        label=_("对提出人说的话"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("例如：这件事要大家商量，转为议题，进展在议题里看"),
    )


class NeedForm(forms.Form):
    """A claim is private: it may say whose it is."""

    title = forms.CharField(label=_("一句话：要办什么事"), max_length=60)
    text = forms.CharField(
        label=_("内容"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000, required=False
    )


class VisitClaimForm(NeedForm):
    claimant_name = forms.CharField(label=_("谁说的"), max_length=80)
    confirmed = forms.ChoiceField(
        label=_("怎么和本人确认的"), choices=Claim.Confirmed.choices, widget=forms.RadioSelect
    )


class ObjectionClaimForm(NeedForm):
    answer = forms.CharField(
        label=_("给提异议的人的答复"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text=_("例如：这是您家的事，转为诉求去办"),
    )  # fmt: skip


class ToTheClaimantField(forms.CharField):
    def __init__(self):
        super().__init__(
            label=_("对本人说的话"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
            help_text=_("例如：这件事对大家都好，转过去接着办，编号会告诉您"),
        )  # fmt: skip


class ClaimTopicForm(TopicForm):
    answer = ToTheClaimantField()


class ClaimSuggestionForm(forms.Form):
    category = forms.ChoiceField(
        label=_("分类"), choices=Category.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("题目"), max_length=60, help_text=_("写成大家的事，去掉姓名、门牌、电话")
    )
    reasons = forms.CharField(
        label=_("为什么"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000
    )
    answer = ToTheClaimantField()
