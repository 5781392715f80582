"""Shape of input about claims: what somebody needs, how it is sorted, what is asked afterwards (诉求)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Organisation, User
from households.forms.materials import FilesField
from households.forms.projects import DateInput
from households.models import Household, Visit
from suggestions.models import Claim, ClaimCallback, ClaimReply

from .fields import area_field

# What staff write down; the rest comes by itself.
ENTERED = [
    choice
    for choice in Claim.Source.choices
    if choice[0] in ("phone", "visit", "counter", "letter", "wechat", "hotline")
]
ACCEPTED = [choice for choice in Claim.Class.choices if choice[0] != Claim.Class.COMPLEX]
# By word of mouth and elsewhere; what stays in the portal is handed over by a button of its own.
ELSEWHERE = [
    choice for choice in Claim.Elsewhere.choices if choice[0] not in ("suggestion", "topic")
]
CALLED = [choice for choice in ClaimCallback.Way.choices if choice[0] != "online"]
YES_NO = [("yes", _("办好了")), ("no", _("还没办好"))]


class FindForm(forms.Form):
    """What to look for in a list; anything strange finds everything."""

    q = forms.CharField(required=False, max_length=100, strip=True)
    state = forms.ChoiceField(required=False, choices=[("", ""), *Claim.State.choices])
    claim_class = forms.ChoiceField(required=False, choices=[("", ""), *Claim.Class.choices])
    source = forms.ChoiceField(required=False, choices=[("", ""), *Claim.Source.choices])
    building = forms.UUIDField(required=False)
    late = forms.CharField(required=False, max_length=1)

    def wanted(self) -> dict:
        self.is_valid()
        return dict.fromkeys(self.fields, "") | {
            name: value for name, value in self.cleaned_data.items() if value
        }


class BuildingField(forms.ModelChoiceField):
    def __init__(self):
        super().__init__(
            Building.objects.none(), label=_("和哪一幢有关"), required=False,
            empty_label=_("整个小区，或者不清楚"),
        )  # fmt: skip


class MakeForm(forms.Form):
    """What somebody needs done, however it comes."""

    title = forms.CharField(
        label=_("一句话：要办什么事"), max_length=60, help_text=_("例如：楼顶漏水，下雨就滴")
    )
    text = area_field(
        _("再说详细一点"), 5, required=False, help_text=_("在哪里、从什么时候开始、您希望怎么办")
    )
    building = BuildingField()
    photos = FilesField(
        label=_("照片"), required=False, help_text=_("最多 3 张，只有办事的人看得到"),
        widget=FilesField.widget(attrs={"accept": "image/*"}),
    )  # fmt: skip
    field_order = ["neighbourhood", "title", "text", "building", "photos"]

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=places)
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
            )
            self.order_fields(self.field_order)

    def clean_photos(self):
        return [photo for photo in self.cleaned_data["photos"] if photo]


class EnterForm(MakeForm):
    """For somebody who called, came or wrote."""

    source = forms.ChoiceField(label=_("怎么来的"), choices=ENTERED)
    claimant_name = forms.CharField(label=_("谁说的"), max_length=80)
    claimant_phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    room = forms.CharField(
        label=_("室号"), max_length=20, required=False, help_text=_("选了哪一幢再写，例如 101")
    )
    confirmed = forms.ChoiceField(
        label=_("怎么和本人确认的"), choices=Claim.Confirmed.choices, widget=forms.RadioSelect
    )
    hotline_number = forms.CharField(label=_("12345 工单号"), max_length=40, required=False)
    field_order = [
        "neighbourhood", "source", "hotline_number", "claimant_name", "claimant_phone",
        "building", "room", "title", "text", "photos", "confirmed",
    ]  # fmt: skip

    def clean(self):
        given = super().clean()
        room, building = given.pop("room", ""), given.get("building")
        given["household"] = None
        if room:
            given["household"] = Household.objects.filter(building=building, room=room).first()
            if given["household"] is None:
                self.add_error("room", _("这一幢没有这个室号"))
        return given


class AcceptForm(forms.Form):
    claim_class = forms.ChoiceField(label=_("哪一类"), choices=ACCEPTED, widget=forms.RadioSelect)
    words = area_field(_("对本人说的话"), 3, required=False)


class ReferForm(forms.Form):
    elsewhere = forms.ChoiceField(label=_("转到哪里"), choices=ELSEWHERE, widget=forms.RadioSelect)
    answer = area_field(
        _("为什么转、怎么去找"), 4, help_text=_("写清楚地点、电话、要带什么。本人会看到")
    )


class ClaimChoice(forms.ModelChoiceField):
    def label_from_instance(self, claim):
        return f"{claim.number} {claim.title}"


class MergeForm(forms.Form):
    into = ClaimChoice(Claim.objects.none(), label=_("和哪一件合在一起办"))
    words = area_field(_("对本人说的话"), 3, required=False)

    def __init__(self, *args, claims, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = claims


class PauseForm(forms.Form):
    until = forms.DateField(label=_("暂停到哪天"), widget=DateInput)
    reason = area_field(_("为什么暂停"), 3, help_text=_("本人会看到"))


class TeamForm(forms.Form):
    members = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("联合小组有谁"), widget=forms.CheckboxSelectMultiple
    )
    words = area_field(_("怎么分工"), 3, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = people


class ContactForm(forms.Form):
    way = forms.ChoiceField(
        label=_("怎么联系的"), choices=Visit.Way.choices, widget=forms.RadioSelect
    )
    words = area_field(_("说了什么"), 3, help_text=_("本人会看到"))


class WhistleForm(forms.Form):
    lead = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("哪个单位牵头"), required=False,
        empty_label=_("居委会自己办"),
    )  # fmt: skip
    helping = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("哪些单位协同"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    words = area_field(_("交办的话"), 3, required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("lead", "helping"):
            self.fields[name].queryset = units


class SuperviseForm(WhistleForm):
    until = forms.DateField(label=_("最晚哪天答复"), widget=DateInput)
    field_order = ["lead", "helping", "until", "words"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = True
        self.fields["words"].label = _("督办的要求")


class ReturnForm(forms.Form):
    return_to = forms.ModelChoiceField(Organisation.objects.none(), label=_("归哪个单位办"))
    reason = area_field(_("为什么不归您的单位办"), 4)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["return_to"].queryset = units


class SettleForm(forms.Form):
    agreed = forms.TypedChoiceField(
        label=_("同意吗"), choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    answer = area_field(_("理由"), 3)


class ExtensionForm(forms.Form):
    until = forms.DateField(label=_("延到哪天"), widget=DateInput)
    reason = area_field(_("为什么要延期"), 3, help_text=_("本人会看到"))


class ReplyForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("办得怎样"), choices=ClaimReply.Outcome.choices, widget=forms.RadioSelect
    )
    text = area_field(_("答复"), 5, help_text=_("说清做了什么、还差什么。本人会看到"))
    work_record = area_field(
        _("工作记录"), 4, required=False, help_text=_("哪天、谁去、做了什么。再次办理一定要写")
    )
    photos = FilesField(
        label=_("办好的照片"), required=False, help_text=_("最多 3 张，本人看得到"),
        widget=FilesField.widget(attrs={"accept": "image/*"}),
    )  # fmt: skip

    def clean_photos(self):
        return [photo for photo in self.cleaned_data["photos"] if photo]


class RateForm(forms.Form):
    """Two things asked separately, after the one that matters; nothing is chosen beforehand."""

    is_done = forms.TypedChoiceField(
        label=_("事情办好了吗"), choices=YES_NO, coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    attitude = forms.ChoiceField(
        label=_("办事的人态度怎样"), choices=ClaimCallback.Satisfaction.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    result = forms.ChoiceField(
        label=_("办的结果怎样"), choices=ClaimCallback.Satisfaction.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = area_field(
        _("还有什么要说"), 3, required=False, help_text=_("没办好或者不满意，请写一写差在哪里")
    )


class CallBackForm(RateForm):
    way = forms.ChoiceField(label=_("怎么问的"), choices=CALLED, widget=forms.RadioSelect)
    field_order = ["way", "is_done", "attitude", "result", "words"]


class UnreachedForm(forms.Form):
    way = forms.ChoiceField(label=_("怎么联系的"), choices=CALLED, widget=forms.RadioSelect)
    words = area_field(_("说明"), 2, required=False)


class CloseForm(forms.Form):
    answer = area_field(_("为什么办结"), 4, help_text=_("本人会看到，请写清楚还能怎么办"))


class LeaderVisitForm(forms.Form):
    on = forms.DateField(label=_("哪天"), widget=DateInput)
    leader = forms.CharField(label=_("哪位领导"), max_length=80)
    place = forms.CharField(label=_("去了哪里"), max_length=120)
    building = BuildingField()
    met = forms.IntegerField(label=_("见了几位居民"), min_value=0, max_value=9999, initial=0)
    summary = area_field(_("情况"), 3, required=False)
    findings = area_field(
        _("发现的问题"), 6, required=False, help_text=_("一行一个。每个都要答复，或者转成诉求")
    )
    field_order = [
        "neighbourhood", "on", "leader", "place", "building", "met", "summary", "findings",
    ]  # fmt: skip

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=places)
        self.fields["neighbourhood"] = forms.ModelChoiceField(
            Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
            label=_("居民区"), initial=places[0] if len(places) == 1 else None,
        )  # fmt: skip
        self.order_fields(self.field_order)

    def clean_findings(self):
        return [line for line in self.cleaned_data["findings"].splitlines() if line.strip()]


class AnswerForm(forms.Form):
    answer = area_field(_("怎么解决的"), 4)


class FindingForm(forms.Form):
    title = forms.CharField(label=_("一句话：要办什么事"), max_length=60)
    claimant_name = forms.CharField(label=_("谁说的"), max_length=80)
    claimant_phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    confirmed = forms.ChoiceField(
        label=_("怎么和本人确认的"), choices=Claim.Confirmed.choices, widget=forms.RadioSelect
    )


class YearForm(forms.Form):
    """Which year's figures; this one's unless another of the last five is asked for."""

    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.years = [today.year - n for n in range(5)]
        self.fields["year"].choices = [("", ""), *((year, str(year)) for year in self.years)]

    def wanted(self) -> int:
        return (self.is_valid() and self.cleaned_data["year"]) or self.years[0]
