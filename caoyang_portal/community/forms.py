"""Shape of what an administrator enters about people and posts."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Posting, normalise_phone
from caoyang_portal.community.models.people import OF_A_DEPARTMENT

LOCAL = ("committee", "building_leader", "mediator", "designer")
WHOLE_STREET = "street"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class AppointForm(forms.Form):
    """Who is given which office, where, from when to when."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("姓名"), max_length=80, help_text=_("已有账号的，不会改他的姓名")
    )
    office = forms.ChoiceField(label=_("岗位"), choices=Posting.Office.choices)
    place = forms.ChoiceField(label=_("在哪里"))
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("幢号"), required=False, help_text=_("只有楼组长要选")
    )
    department = forms.CharField(
        label=_("哪个部门"),
        max_length=120,
        required=False,
        help_text=_("只有部门的人要写，写全称"),
    )
    since = forms.DateField(label=_("从哪天起"), widget=DateInput, initial=timezone.localdate)
    until = forms.DateField(
        label=_("到哪天止"), widget=DateInput, required=False, help_text=_("没有期限的不用填")
    )

    def __init__(self, *args, streets, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {f"{WHOLE_STREET}:{one.pk}": one for one in streets}
        self.places |= {str(one.pk): one for one in neighbourhoods}
        self.fields["place"].choices = [(key, str(one)) for key, one in self.places.items()]
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood__in=neighbourhoods
        ).select_related("neighbourhood")

    def clean_phone(self):
        phone = normalise_phone(self.cleaned_data["phone"])
        if not phone:
            raise forms.ValidationError(_("手机号是 11 位数字，请核对"))
        return phone

    def clean(self):
        values = super().clean()
        office, building = values.get("office"), values.get("building")
        place = self.places.get(values.pop("place", ""))
        if place is None or self.errors:
            return values
        neighbourhood = place if isinstance(place, Neighbourhood) else None
        if office in LOCAL and neighbourhood is None:
            self.add_error("place", _("这个岗位要选一个居民区"))
        if office == Posting.Office.BUILDING_LEADER:
            if building is None or building.neighbourhood != neighbourhood:
                self.add_error("building", _("请选楼组长管的那一幢"))
        else:
            values["building"] = None
        if (office in OF_A_DEPARTMENT) != bool(values.get("department")):
            self.add_error("department", _("部门的岗位要写部门，别的岗位不用写"))
        if office in OF_A_DEPARTMENT and neighbourhood is not None:
            self.add_error("place", _("这个岗位要选街道"))
        if values.get("until") and values["until"] < values["since"]:
            self.add_error("until", _("止的日期要在起的日期以后"))
        values["neighbourhood"] = neighbourhood
        values["sub_district"] = neighbourhood.sub_district if neighbourhood else place
        return values


class EndPostingForm(forms.Form):
    """The last day of a post; yesterday ends it at once."""

    until = forms.DateField(label=_("最后一天"), widget=DateInput)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < timezone.localdate() - timedelta(days=1):
            raise forms.ValidationError(_("最早选昨天，那样马上停止"))
        return until


class WhyForm(forms.Form):
    """Why an account is touched; one of the reasons the ledger may keep for ever."""

    why = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect)

    def __init__(self, *args, reasons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = reasons.choices


class PersonSearchForm(forms.Form):
    """A name, or a whole telephone number."""

    q = forms.CharField(required=False, max_length=40)
