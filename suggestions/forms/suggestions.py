"""Shape of input of those who make suggestions (提建议): one question on each page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, normalise_phone
from households.forms.materials import FilesField
from suggestions.models import Category, CollectionPoint, NameShown, Satisfaction, Suggestion

from .fields import area_field

WHOLE_PLACE = _("公共部位（整个小区）")


class AtPointForm(forms.Form):
    """At which collection point hangs the poster whose code was scanned."""

    point = forms.ModelChoiceField(CollectionPoint.objects.in_use())


class KindForm(forms.Form):
    category = forms.ChoiceField(
        label=_("关于哪方面"), choices=Category.choices, widget=forms.RadioSelect
    )


class WhereForm(forms.Form):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("在哪里"), required=False, empty_label=WHOLE_PLACE
    )
    spot = forms.CharField(
        label=_("具体位置"), max_length=80, required=False,
        help_text=_("例如：东门进来第一个花坛。可以不写"),
    )  # fmt: skip

    def __init__(self, *args, places, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=homes)
        if not homes:
            del self.fields["building"]
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
                empty_label=None,
            )
            self.order_fields(["neighbourhood", "building", "spot"])


class WordsForm(forms.Form):
    title = forms.CharField(
        label=_("一句话：您建议什么"), max_length=60, help_text=_("例如：花坛边上装几个充电桩")
    )
    reasons = area_field(_("为什么"), 5, help_text=_("现在怎样不方便，多少人碰到"))
    measures = area_field(
        _("您想怎么办"), 4, required=False, help_text=_("有办法就写，没有可以不写")
    )


class PhotosForm(forms.Form):
    photos = FilesField(
        label=_("照片"), required=False, help_text=_("最多 3 张，可以不传。公开以前会遮住人脸和车牌"),
        widget=FilesField.widget(attrs={"accept": "image/*"}),
    )  # fmt: skip

    def clean_photos(self):
        return [photo for photo in self.cleaned_data["photos"] if photo]


class NameForm(forms.Form):
    name_shown = forms.ChoiceField(
        label=_("公开时怎样署名"), choices=NameShown.choices, widget=forms.RadioSelect,
        initial=NameShown.MASKED, help_text=_("居委和办理单位看得到您是谁，好告诉您结果"),
    )  # fmt: skip


class RateForm(forms.Form):
    """Two things apart, neither answered beforehand."""

    attitude = forms.ChoiceField(
        label=_("对办理的态度满意吗"), choices=Satisfaction.Level.choices, widget=forms.RadioSelect
    )
    result = forms.ChoiceField(
        label=_("对办理的结果满意吗"), choices=Satisfaction.Level.choices, widget=forms.RadioSelect,
        help_text=_("不满意会再办一次"),
    )  # fmt: skip
    remark = area_field(_("想说的话"), 3, required=False)


class EnterForm(WordsForm, PhotosForm):
    """For somebody at the counter, on the phone, or who wrote a letter."""

    category = forms.ChoiceField(label=_("关于哪方面"), choices=Category.choices)
    source = forms.ChoiceField(
        label=_("从哪里来"),
        choices=[c for c in Suggestion.Source.choices if c[0] != Suggestion.Source.ONLINE],
    )
    source_note = forms.CharField(label=_("来源说明"), max_length=120, required=False)
    proposer_name = forms.CharField(label=_("提出人姓名"), max_length=80)
    proposer_phone = forms.CharField(
        label=_("提出人电话"), max_length=20, required=False, help_text=_("有进展打电话告诉他")
    )
    confirmed = forms.ChoiceField(
        label=_("提出人怎样确认的"), choices=Suggestion.Confirmed.choices, widget=forms.RadioSelect
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("在哪里"), required=False, empty_label=WHOLE_PLACE
    )
    spot = forms.CharField(label=_("具体位置"), max_length=80, required=False)
    name_shown = forms.ChoiceField(
        label=_("公开时怎样署名"), choices=NameShown.choices, initial=NameShown.MASKED,
        help_text=_("问一问提出人"),
    )  # fmt: skip
    field_order = [
        "neighbourhood", "proposer_name", "proposer_phone", "source", "source_note", "category",
        "title", "reasons", "measures", "building", "spot", "photos", "name_shown", "confirmed",
    ]  # fmt: skip

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=places)
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
            )
            self.order_fields(self.field_order)

    def clean_proposer_phone(self):
        given = self.cleaned_data["proposer_phone"]
        phone = normalise_phone(given)
        if given and not phone:
            raise forms.ValidationError(_("请写 11 位手机号，没有就不写"))
        return phone
