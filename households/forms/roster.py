"""Shape of input about rosters: the file, its columns, which rows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood
from households.queries.roster_file.headings import FIELDS

MOST_COLUMNS = 120


class UploadRosterForm(forms.Form):
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.none(), label=_("居民区"), empty_label=None
    )
    file = forms.FileField(
        label=_("名册文件"),
        help_text=_("Excel 文件（.xlsx），不超过 10 MB。标题行、合计行不用删。"),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"required": _("请先选择名册文件。")},
    )

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]
            self.fields["neighbourhood"].widget = forms.HiddenInput()


class SheetForm(forms.Form):
    """Which sheet, and which of its rows holds the headings."""

    sheet = forms.ChoiceField(label=_("工作表"))
    row = forms.IntegerField(label=_("表头在第几行"), min_value=1, max_value=200)

    def __init__(self, *args, sheets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]


class ColumnsForm(SheetForm):
    """What each column of the file holds; a column of no use to us stays out."""

    def __init__(self, *args, headings, mapping, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("不导入")), *((of, label) for of, (label, _words) in FIELDS.items())]
        self.columns = list(headings)[:MOST_COLUMNS]
        for column in self.columns:
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=headings[column],
                choices=choices,
                required=False,
                initial=mapping.get(column, ""),
                widget=forms.Select({"class": "form-select"}),
            )

    def mapping(self) -> dict[int, str]:
        """Column -> field, as chosen."""
        return {
            column: self.cleaned_data[f"column_{column}"]
            for column in self.columns
            if self.cleaned_data[f"column_{column}"]
        }
