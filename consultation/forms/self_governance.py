"""Shape of input about self-governance projects."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.models import (
    BudgetLine,
    ProjectMember,
    ProjectPhoto,
    Resolution,
    SelfGovernanceProject,
    Topic,
)
from households.forms.materials import FilesField
from households.forms.projects import DateInput

from .topics import area_field


class EnterForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类型"), choices=SelfGovernanceProject.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("名称"), max_length=80)
    aim = area_field(_("要做什么"), 4)
    ends_on = forms.DateField(label=_("打算哪天做完"), widget=DateInput)
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("哪个议题"), required=False)
    resolution = forms.ModelChoiceField(
        Resolution.objects.none(), label=_("哪件决议"), required=False
    )

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.filter(neighbourhood=place)
        self.fields["resolution"].queryset = Resolution.objects.filter(neighbourhood=place)


class ResultForm(forms.Form):
    result = area_field(_("做成了什么"), 5)


class StopForm(forms.Form):
    reason = area_field(_("为什么停"), 3, max_length=300)


class MemberForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=80, help_text=_("公开时打码"))
    role = forms.ChoiceField(label=_("身份"), choices=ProjectMember.Role.choices)


class TaskForm(forms.Form):
    text = forms.CharField(label=_("任务"), max_length=200)
    owner = forms.ModelChoiceField(ProjectMember.objects.none(), label=_("谁来做"))
    due_on = forms.DateField(label=_("最晚哪天"), widget=DateInput)

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = project.team.filter(left_at=None)


class DoneForm(forms.Form):
    note = forms.CharField(label=_("怎么做的"), max_length=200)


def _in_cents(yuan: Decimal) -> int:
    return int(yuan * 100)


class BudgetForm(forms.Form):
    text = forms.CharField(
        label=_("用途"), max_length=120, help_text=_("和已有的用途同名，就是调整那一项")
    )
    source = forms.CharField(label=_("谁出钱"), max_length=120)
    planned = forms.DecimalField(
        label=_("预算（元）"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )

    def values(self) -> dict:
        kept = {name: self.cleaned_data[name] for name in ("text", "source")}
        return kept | {"planned_cents": _in_cents(self.cleaned_data["planned"])}


class ExpenseForm(forms.Form):
    line = forms.ModelChoiceField(BudgetLine.objects.none(), label=_("哪项预算"))
    text = forms.CharField(label=_("买了什么"), max_length=120)
    amount = forms.DecimalField(
        label=_("金额（元）"), max_digits=12, decimal_places=2,
        help_text=_("记错了就再记一笔负数，原来那笔不改"),
    )  # fmt: skip
    spent_day = forms.DateField(label=_("哪天"), widget=DateInput)
    receipt = forms.FileField(label=_("票据（照片或 PDF）"))

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = project.budget.all()

    def cents(self) -> int:
        return _in_cents(self.cleaned_data["amount"])


class PhotoForm(forms.Form):
    photos = FilesField(
        label=_("照片"), help_text=_("大家都看得到。没有别人的脸、门牌、车牌"),
        widget=FilesField.widget(attrs={"accept": "image/*"}),
    )  # fmt: skip
    when = forms.ChoiceField(
        label=_("什么时候的"), choices=ProjectPhoto.When.choices, widget=forms.RadioSelect
    )
    caption = forms.CharField(label=_("说明"), max_length=120)
