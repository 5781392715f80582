"""Shape of what is handed over: the words under which it goes on."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
