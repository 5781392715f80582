"""Shape of input about the roll, objections to it, and how ballots were delivered."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models import BallotDelivery, RollEntry, RollUnit
from households.forms.projects import DateInput

from .polls import WhyForm


class FindVoterForm(forms.Form):
    """A name, a number of the roll or a home; and a building."""

    q = forms.CharField(required=False, max_length=100)
    building = forms.IntegerField(required=False, min_value=1)

    def wanted(self) -> tuple[str, int | None]:
        """What is asked for; what makes no sense asks for nothing."""
        given = self.cleaned_data if self.is_valid() else {}
        return given.get("q", ""), given.get("building")


class UnitForm(forms.Form):
    """A home on the roll: its area and where that is written."""

    area = forms.DecimalField(
        label=_("面积（㎡）"), min_value=0, max_digits=8, decimal_places=2, help_text=_("照登记写")
    )
    basis = forms.ChoiceField(
        label=_("面积依据"), choices=RollUnit.Basis.choices, widget=forms.RadioSelect
    )
    is_unsold = forms.BooleanField(label=_("建设单位还没有卖出或交付"), required=False)
    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("例如：按不动产登记证更正")
    )

    def values(self):
        """What the acts are told: an area in 0.01 m²."""
        given = dict(self.cleaned_data)
        given["area_cent"] = int(given.pop("area") * 100)
        given["basis"] = RollUnit.Basis(given["basis"])
        return given


class AddUnitForm(UnitForm):
    label = forms.CharField(label=_("房屋"), max_length=200, help_text=_("写全门牌和室号"))
    owner = forms.CharField(
        label=_("业主姓名"), max_length=120, required=False, help_text=_("未售的不用写")
    )
    field_order = ["label", "owner"]


class EntriesForm(forms.Form):
    """Some voters of one poll, ticked."""

    entries = forms.ModelMultipleChoiceField(
        RollEntry.objects.none(),
        label=_("业主"),
        error_messages={"required": _("请先勾选"), "invalid_choice": _("请重新勾选")},
    )

    def __init__(self, *args, poll, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = poll.roll.all()


class MergeForm(EntriesForm, WhyForm):
    field_order = ["entries", "reason"]


class ExportForm(forms.Form):
    """Without a reason the names are masked."""

    reason = forms.CharField(
        label=_("为什么要看全名"),
        max_length=200,
        required=False,
        help_text=_("不填就只导出隐去中间字的姓名"),
    )


class AnswerForm(forms.Form):
    UPHELD = [("yes", _("成立")), ("no", _("不成立"))]
    upheld = forms.TypedChoiceField(
        label=_("结论"),
        choices=UPHELD,
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("答复"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )


class DeliveryForm(EntriesForm):
    """How the ballots of the ticked voters reached them."""

    way = forms.ChoiceField(label=_("送达方式"), choices=BallotDelivery.Way.choices)
    delivered_on = forms.DateField(label=_("送达日期"), widget=DateInput)
    proof = forms.FileField(
        label=_("凭证"),
        required=False,
        help_text=_("签收单或照片，10 MB 以内。公告和线上已读不用"),
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delivered_on"].initial = timezone.localdate()

    def clean_way(self):
        return BallotDelivery.Way(self.cleaned_data["way"])
