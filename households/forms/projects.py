"""Shape of input about projects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation
from households.models import AllowanceRule, Project


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class StartProjectForm(forms.Form):
    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))
    name = forms.CharField(label=_("项目名称"), max_length=120)
    code = forms.SlugField(
        label=_("代号"), max_length=40, help_text=_("用在公示网址里，英文小写和短横，定了不能改")
    )
    kind = forms.ChoiceField(label=_("类型"), choices=Project.Kind.choices)

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]


class PlanPartsForm(forms.Form):
    """The parts of the implementation plan (沪房规范〔2023〕1号 art. 9)."""

    implementer = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("实施主体"), required=False
    )
    scope = forms.CharField(
        label=_("更新范围"), widget=forms.Textarea, required=False, max_length=4000
    )
    resettlement = forms.CharField(
        label=_("安置方式"), widget=forms.Textarea, required=False, max_length=4000
    )
    effect_condition = forms.CharField(
        label=_("协议生效条件"), widget=forms.Textarea, required=False, max_length=4000
    )
    housing_kind = forms.CharField(
        label=_("安置房屋类型及权属"), widget=forms.Textarea, required=False, max_length=4000
    )
    works_duration = forms.CharField(
        label=_("预计工程周期"), widget=forms.Textarea, required=False, max_length=4000
    )
    withdrawal_rule = forms.CharField(
        label=_("签后能不能撤回"),
        widget=forms.Textarea,
        required=False,
        max_length=1000,
        help_text=_("居民签字前后都会看到这段话"),
    )

    def __init__(self, *args, implementers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["implementer"].queryset = implementers


class PublicisePlanForm(forms.Form):
    """How long the plan is before the public (沪规划资源规〔2024〕2号 arts. 3, 7)."""

    days = forms.IntegerField(label=_("公示几天"), min_value=10, max_value=90, initial=10)
    opinion_days = forms.IntegerField(
        label=_("期满后再听取意见几天"), min_value=7, max_value=90, initial=7
    )


class RecordStageForm(forms.Form):
    happened_on = forms.DateField(label=_("日期"), widget=DateInput)
    document_number = forms.CharField(label=_("文号"), max_length=80, required=False)
    document = forms.FileField(
        label=_("文件"), required=False, help_text=_("PDF 或照片，10 MB 以内")
    )
    asked = forms.IntegerField(
        label=_("应征询户数"), min_value=1, required=False, help_text=_("只有意愿征询要填")
    )
    agreed = forms.IntegerField(label=_("同意户数"), min_value=0, required=False)
    note = forms.CharField(label=_("说明"), widget=forms.Textarea, required=False, max_length=2000)


class AdvanceForm(forms.Form):
    to = forms.ChoiceField(label=_("下一阶段"))

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        order = [*Project.CHAIN, Project.Stage.LAPSED]
        after = sorted(Project.MOVES[project.stage], key=order.index)
        self.fields["to"].choices = [(stage.value, stage.label) for stage in after]

    def clean_to(self):
        return Project.Stage(self.cleaned_data["to"])


class FreezeRosterForm(forms.Form):
    baseline_date = forms.DateField(
        label=_("基准日"), widget=DateInput, help_text=_("方案认定当天；这天有效的凭证计入总户数")
    )
    sure = forms.BooleanField(label=_("我知道冻结以后不能再改"))


class SigningTermsForm(forms.Form):
    opens_at = forms.DateTimeField(label=_("签约开始"), widget=MomentInput)
    closes_at = forms.DateTimeField(label=_("签约截止"), widget=MomentInput)
    threshold_pct = forms.IntegerField(
        label=_("生效比例（%）"),
        min_value=95,
        max_value=100,
        help_text=_("《上海市城市更新条例》第三十二条：不低于 95%"),
    )
    agreement_mode = forms.ChoiceField(
        label=_("签署方式"), choices=Project.AgreementMode.choices, widget=forms.RadioSelect
    )
    paper_entry_days = forms.IntegerField(
        label=_("期满后可补录纸质协议（工作日）"),
        min_value=0,
        max_value=30,
        help_text=_("只补录签字日期在签约期内的；填 0 就是不补录"),
    )
    paper_entry_reason = forms.CharField(label=_("补录的理由"), max_length=200)


class AllowanceRuleForm(forms.Form):
    code = forms.SlugField(label=_("代号"), max_length=40)
    name = forms.CharField(label=_("名称"), max_length=80)
    basis = forms.ChoiceField(label=_("计算方式"), choices=AllowanceRule.Basis.choices)
    unit_price = forms.DecimalField(
        label=_("单价（元）"), max_digits=12, decimal_places=2, min_value=0
    )
    formula_text = forms.CharField(label=_("计算说明"), max_length=200)
