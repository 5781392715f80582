"""Shape of input about written opinions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Organisation
from consultation.models import (
    Congress,
    Matter,
    OpinionReply,
    Representative,
    Satisfaction,
    WrittenOpinion,
)
from households.forms.projects import DateInput

from .congress import words

YES_NO = [("yes", _("同意")), ("no", _("不同意"))]


class OpinionForm(forms.Form):
    congress = forms.ModelChoiceField(Congress.objects.none(), label=_("哪次会议"))
    title = forms.CharField(
        label=_("题目"), max_length=120, help_text=_("例如：在桂花路口装反光镜")
    )
    text = words(
        _("内容"), rows=8, help_text=_("什么情况，建议怎么办。一件意见写一件事"), max_length=5000
    )
    category = forms.ChoiceField(label=_("分类"), choices=Matter.choices)
    is_public = forms.BooleanField(
        label=_("意见和答复可以公开，姓名隐去中间的字"), required=False, initial=True
    )

    def __init__(self, *args, congresses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["congress"].queryset = congresses
        if len(congresses) == 1:
            self.fields["congress"].initial = congresses[0]


class PaperOpinionForm(OpinionForm):
    """The same for who hands in paper."""

    representative = forms.ModelChoiceField(
        Representative.objects.none(), label=_("哪位代表"), help_text=_("没有账号的代表")
    )
    field_order = ["representative"]

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["representative"].queryset = seats


class RateForm(forms.Form):
    """Two scores, none preselected."""

    attitude = forms.ChoiceField(
        label=_("对办理态度"), choices=Satisfaction.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("对办理结果"), choices=Satisfaction.choices, widget=forms.RadioSelect
    )
    remark = words(
        _("想说的话"), required=False, max_length=1000, help_text=_("不满意的，请写一写哪里不满意")
    )


class ReceiveForm(forms.Form):
    category = forms.ChoiceField(label=_("分类"), choices=Matter.choices)
    grade = forms.ChoiceField(
        label=_("分级"), choices=WrittenOpinion.Grade.choices, widget=forms.RadioSelect
    )


class AssignForm(forms.Form):
    lead = forms.ModelChoiceField(Organisation.objects.none(), label=_("主办"))
    helping = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("协办"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = departments
        self.fields["helping"].queryset = departments


class SettleForm(forms.Form):
    """Consent or not, with reasons."""

    agreed = forms.TypedChoiceField(
        label=_("是否同意"),
        choices=YES_NO,
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    answer = words(_("理由"), max_length=1000)


class ReturnForm(forms.Form):
    reason = words(_("为什么不是本部门办"), max_length=1000)


class ExtensionForm(forms.Form):
    months = forms.IntegerField(label=_("延长几个月"), min_value=1, max_value=12)
    reason = words(_("为什么要延长"), max_length=1000)


class ResultForm(forms.Form):
    result = words(_("怎么办的、办得怎样"), rows=8)


class ReplyForm(forms.Form):
    reply_class = forms.ChoiceField(
        label=_("答复类别"), choices=OpinionReply.Class.choices, widget=forms.RadioSelect
    )
    text = words(_("给代表的答复"), rows=8, help_text=_("用大白话写。不能解决的，说明原因"))
    promise = forms.CharField(
        label=_("承诺办到什么"), max_length=300, required=False, help_text=_("B 类和 C 类要写")
    )
    promise_due = forms.DateField(
        label=_("承诺办成的日期"), widget=DateInput, required=False, help_text=_("B 类和 C 类要写")
    )


class StudyForm(forms.Form):
    AGAIN = [("yes", _("再办一次")), ("no", _("不再办，说明理由"))]
    again = forms.TypedChoiceField(
        label=_("怎样处理"),
        choices=AGAIN,
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    note = words(_("研究意见"), max_length=1000, help_text=_("代表看得到"))


class KeepForm(forms.Form):
    note = words(_("怎么办成的"), max_length=1000)
    proof = forms.FileField(label=_("凭证"), help_text=_("照片或 PDF，10 MB 以内"))


class FindOpinionForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[("", ""), *WrittenOpinion.State.choices])
    late = forms.CharField(required=False, max_length=1)
    category = forms.ChoiceField(required=False, choices=[("", ""), *Matter.choices])
    grade = forms.ChoiceField(required=False, choices=[("", ""), *WrittenOpinion.Grade.choices])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class ExportForm(forms.Form):
    """Without a reason the names are masked."""

    reason = forms.CharField(max_length=200, required=False)
    file = forms.ChoiceField(choices=[("xlsx", "xlsx"), ("csv", "csv")], required=False)
