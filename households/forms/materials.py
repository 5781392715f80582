"""Shape of what is handed in and asked for (材料)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from households.models import MaterialItem

MOST_AT_ONCE = 3  # three times ten megabytes are as much as the proxy lets through


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one input."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = data or [None]
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(_("一次最多 3 张，请分几次传。"))
        return [super(FilesField, self).clean(one, initial) for one in files]


class SlotForm(forms.Form):
    """Which material, and whose."""

    key = forms.RegexField(r"^[0-9a-f-]{36}:([0-9a-f-]{36})?$", widget=forms.HiddenInput)


class HandInForm(SlotForm):
    photos = FilesField(error_messages={"required": _("请先选照片或 PDF，再按“上传”。")})


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么要再交"),
        max_length=60,
        help_text=_("例如：照片看不清号码。住户会看到这句话"),
    )


class AskForMaterialForm(forms.Form):
    name = forms.CharField(label=_("材料名称"), max_length=60)
    hint = forms.CharField(
        label=_("说明"), max_length=120, required=False, help_text=_("例如：正反两面都要拍清楚")
    )
    whom = forms.ChoiceField(
        label=_("谁要交"), choices=MaterialItem.Whom.choices, widget=forms.RadioSelect
    )
    is_needed = forms.BooleanField(label=_("必须有"), required=False, initial=True)
