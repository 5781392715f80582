"""Shape of input about house rules and evaluations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood
from consultation.models import EvaluationForm, Secrecy
from households.forms.projects import DateInput, MomentInput
from households.models import Household


class StartRulesForm(forms.Form):
    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：先行楼住户守则"))
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("管哪一幢"), required=False, empty_label=_("整个居民区")
    )
    preface = forms.CharField(
        label=_("开头的话"), widget=forms.Textarea(attrs={"rows": 4}), max_length=3000,
        required=False,
    )  # fmt: skip

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood__in=neighbourhoods
        )
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]


class NextVersionForm(forms.Form):
    why = forms.CharField(label=_("为什么改"), max_length=300, help_text=_("会公开"))


class PrefaceForm(forms.Form):
    preface = forms.CharField(
        label=_("开头的话"), widget=forms.Textarea(attrs={"rows": 5}), max_length=3000,
        required=False,
    )  # fmt: skip
    publicity_days = forms.IntegerField(
        label=_("通过后公示几天"), min_value=1, max_value=60, help_text=_("公示期满的次日生效")
    )


class ArticleForm(forms.Form):
    heading = forms.CharField(label=_("标题"), max_length=80, help_text=_("例如：装修时间"))
    text = forms.CharField(
        label=_("条文"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000
    )


class RemoveArticleForm(forms.Form):
    reason = forms.CharField(label=_("删去的原因"), max_length=300)


class PublishVersionForm(forms.Form):
    days = forms.IntegerField(label=_("征求意见几天"), min_value=3, max_value=90, initial=15)


class DropVersionForm(forms.Form):
    reason = forms.CharField(label=_("放弃的原因"), max_length=300, help_text=_("会公开"))


class RulesCommentForm(forms.Form):
    text = forms.CharField(
        label=_("您的意见"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=_("哪里不合适，您希望怎么写。会公开，名字只露出姓"),
        error_messages={"required": _("请写下您的意见")},
    )


class AnswerCommentForm(forms.Form):
    taken = forms.ChoiceField(
        label=_("采纳吗"),
        choices=[("yes", _("采纳")), ("no", _("不采纳"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("答复和理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )

    def clean_taken(self):
        return self.cleaned_data["taken"] == "yes"


class PutToPollForm(forms.Form):
    code = forms.SlugField(
        label=_("编号"), max_length=60, help_text=_("用在网址里，英文小写、数字和短横，定了不能改")
    )
    secrecy = forms.ChoiceField(
        label=_("公开方式"), choices=Secrecy.choices, widget=forms.RadioSelect
    )
    opens_at = forms.DateTimeField(label=_("开始"), widget=MomentInput)
    closes_at = forms.DateTimeField(label=_("截止"), widget=MomentInput)

    def clean_code(self):
        return self.cleaned_data["code"].lower()

    def clean_secrecy(self):
        return Secrecy(self.cleaned_data["secrecy"])


class HomeForm(forms.Form):
    """Which of one's homes."""

    household = forms.ModelChoiceField(Household.objects.none(), label=_("哪一户"))

    def __init__(self, *args, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["household"].queryset = homes


class DraftEvaluationForm(forms.Form):
    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))
    form = forms.ModelChoiceField(EvaluationForm.objects.none(), label=_("评议表"))
    body_name = forms.CharField(label=_("业委会名称"), max_length=80)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    opens_on = forms.DateField(label=_("开始"), widget=DateInput)
    closes_on = forms.DateField(label=_("截止"), widget=DateInput)

    def __init__(self, *args, neighbourhoods, forms_here, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        self.fields["form"].queryset = forms_here
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]


class SheetForm(forms.Form):
    """A score for each criterion, none chosen beforehand, and remarks."""

    remarks = forms.CharField(
        label=_("想说的话"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        required=False, help_text=_("公布时不写是谁说的"),
    )  # fmt: skip

    def __init__(self, *args, evaluation, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = []
        last = evaluation.form.scale_to
        steps = [(n, str(n)) for n in range(1, last + 1)]
        for criterion in evaluation.form.criteria.all():
            self.codes.append(criterion.code)
            self.fields[f"score_{criterion.code}"] = forms.TypedChoiceField(
                label=f"{criterion.number}. {criterion.text}",
                choices=steps,
                coerce=int,
                widget=forms.RadioSelect,
                help_text=_("1 分最低，%(n)s 分最高") % {"n": last},
                error_messages={"required": _("这一项还没有打分")},
            )
        self.fields["household"] = forms.ModelChoiceField(
            homes, label=_("哪一户"), initial=homes[0] if len(homes) == 1 else None
        )
        self.order_fields([f"score_{code}" for code in self.codes] + ["remarks", "household"])

    def scores(self):
        return {code: self.cleaned_data[f"score_{code}"] for code in self.codes}
