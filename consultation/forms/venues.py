"""Shape of input about rooms and when they are taken."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Venue
from households.forms.projects import MomentInput


class VenueForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：红色议事厅"))
    function = forms.ChoiceField(label=_("用途"), choices=Venue.Function.choices)
    building = forms.ModelChoiceField(Building.objects.none(), label=_("在哪一幢"), required=False)
    address = forms.CharField(label=_("地址"), max_length=120, required=False)
    seats = forms.IntegerField(label=_("座位"), min_value=1, max_value=100_000, required=False)
    opening_hours = forms.CharField(label=_("开放时间"), max_length=80, required=False)
    has_step_free_way = forms.BooleanField(label=_("轮椅能进"), required=False)

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood__in=neighbourhoods
        ).order_by("neighbourhood", "number")


class AddVenueForm(VenueForm):
    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))
    field_order = ["neighbourhood"]

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, neighbourhoods=neighbourhoods, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]


class BookingForm(forms.Form):
    """For whatever is not a meeting of the portal."""

    starts_at = forms.DateTimeField(label=_("开始"), widget=MomentInput)
    lasts = forms.IntegerField(
        label=_("用多久（分钟）"), min_value=10, max_value=1440, initial=120
    )
    purpose = forms.CharField(label=_("用来做什么"), max_length=120)

    def clean(self):
        found = super().clean()
        lasts = found.pop("lasts", None)
        if lasts and found.get("starts_at"):
            found["ends_at"] = found["starts_at"] + dt.timedelta(minutes=lasts)
        return found
