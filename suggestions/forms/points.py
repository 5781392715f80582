"""Shape of input about collection points."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building
from households.forms.projects import DateInput
from suggestions.models import CollectionPoint

from .fields import area_field


class PointForm(forms.Form):
    """Where it is and who is there."""

    name = forms.CharField(label=_("名称"), max_length=60)
    belongs_to = forms.ModelChoiceField(
        CollectionPoint.objects.none(), label=_("归哪里管"), required=False,
        empty_label=_("不归谁管（中心）"),
    )  # fmt: skip
    address = forms.CharField(
        label=_("在哪里"), max_length=120, help_text=_("例如：8号楼底层，进门左手")
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("在哪一幢"), required=False, empty_label=_("不在楼里")
    )
    x = forms.IntegerField(label=_("图上从左数百分之几"), min_value=0, max_value=100)
    y = forms.IntegerField(label=_("图上从上数百分之几"), min_value=0, max_value=100)
    duty_name = forms.CharField(
        label=_("值班人"), max_length=40, help_text=_("大家看得到，例如：王老师")
    )
    duty_phone = forms.CharField(
        label=_("公开的电话"), max_length=30, help_text=_("大家看得到，请写办公电话")
    )
    mailbox_days = forms.IntegerField(
        label=_("邮筒几天开一次"), min_value=1, max_value=60, required=False,
        help_text=_("没有邮筒就空着"),
    )  # fmt: skip

    def __init__(self, *args, place, point=None, **kwargs):
        super().__init__(*args, **kwargs)
        here = CollectionPoint.objects.in_use().filter(neighbourhood=place)
        above = here.exclude(kind=CollectionPoint.Kind.POINT)
        self.fields["belongs_to"].queryset = above.exclude(pk=point.pk if point else None)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood=place)


class AddForm(PointForm):
    kind = forms.ChoiceField(
        label=_("类型"), choices=CollectionPoint.Kind.choices, widget=forms.RadioSelect
    )
    hours = forms.CharField(
        label=_("开放时间"), max_length=120, help_text=_("例如：周一到周五 9:00–16:30")
    )
    field_order = ["kind", "name", "belongs_to", "address", "building", "hours"]


class HoursForm(forms.Form):
    since = forms.DateField(label=_("从哪天起"), widget=DateInput)
    words = forms.CharField(label=_("开放时间"), max_length=120)


class CloseForm(forms.Form):
    reason = area_field(_("为什么停用"), 3, max_length=200)
