"""Shape of input about keepsakes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, normalise_phone
from households.forms.materials import FilesField
from households.forms.projects import DateInput
from suggestions.models import Keepsake, NameShown

from .fields import area_field


class FindForm(forms.Form):
    """What to look for in the exhibition; anything strange finds everything."""

    q = forms.CharField(required=False, max_length=60, strip=True)
    decade = forms.IntegerField(required=False, min_value=1840, max_value=2100)

    def wanted(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class OfferForm(forms.Form):
    """What it is, on which terms, and what may be done with it."""

    title = forms.CharField(
        label=_("叫什么"), max_length=60, help_text=_("例如：1953年的搪瓷脸盆")
    )
    kind = forms.ChoiceField(
        label=_("类型"), choices=Keepsake.Kind.choices, widget=forms.RadioSelect
    )
    story = area_field(_("它的故事"), 5, help_text=_("哪里来的，谁用过，记得什么"))
    year = forms.IntegerField(
        label=_("哪一年的"), min_value=1840, max_value=2100, required=False,
        help_text=_("大概就行，不知道就空着"),
    )  # fmt: skip
    photos = FilesField(
        label=_("照片"), help_text=_("最多 3 张。收下以后展出，大家都看得到"),
        widget=FilesField.widget(attrs={"accept": "image/*"}),
    )  # fmt: skip
    terms = forms.ChoiceField(
        label=_("捐还是借"), choices=Keepsake.Terms.choices, widget=forms.RadioSelect
    )
    return_by = forms.DateField(
        label=_("最晚哪天归还"), widget=DateInput, required=False, help_text=_("借的才要写")
    )
    rights = forms.ChoiceField(
        label=_("可以怎么用"), choices=Keepsake.Rights.choices, widget=forms.RadioSelect
    )
    name_shown = forms.ChoiceField(
        label=_("署名"), choices=NameShown.choices, widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(
        label=_("是我的东西，我同意这样使用，随时可以收回同意"),
    )

    def __init__(self, *args, places=(), **kwargs):
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
            )
            self.order_fields(["neighbourhood"])


class EnterForm(OfferForm):
    """For somebody who came by; they signed on paper."""

    giver_name = forms.CharField(label=_("谁的"), max_length=40)
    giver_phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    consent = forms.FileField(label=_("签了名的同意书（照片或 PDF）"))
    field_order = ["giver_name", "giver_phone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["agreed"]

    def clean_giver_phone(self):
        given = self.cleaned_data["giver_phone"]
        return normalise_phone(given) or given


class AcceptForm(forms.Form):
    kept_at = forms.CharField(
        label=_("放在哪里"), max_length=120, help_text=_("例如：居委会二楼展柜左三")
    )
    answer = area_field(_("对本人说的话"), 2, max_length=300, required=False)


class DeclineForm(forms.Form):
    answer = area_field(_("为什么不收"), 2, max_length=300, help_text=_("本人会看到，请谢谢他"))


class ReturnForm(forms.Form):
    returned_to = forms.CharField(label=_("还给了谁，怎么还的"), max_length=200)
