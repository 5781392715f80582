"""The shape of what is entered into the calendar."""

import csv
import io
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from .actions import GivenDay
from .models import SpecialDay

FIRST_YEAR, LAST_YEAR = 2004, 2100
MAX_BYTES = 64 * 1024
HEADINGS = ("日期", "安排", "节日")
KINDS = {
    "放假": SpecialDay.Kind.HOLIDAY,
    "休": SpecialDay.Kind.HOLIDAY,
    "调休上班": SpecialDay.Kind.WORKDAY,
    "上班": SpecialDay.Kind.WORKDAY,
    "班": SpecialDay.Kind.WORKDAY,
}


class YearForm(forms.Form):
    """Which year to show."""

    year = forms.IntegerField(
        label=_("年份"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )


class SpecialDayForm(forms.Form):
    """One day off, or one worked in exchange."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("安排"), choices=SpecialDay.Kind)
    name = forms.CharField(label=_("节日"), max_length=40, help_text=_("如 春节"))
    source = forms.CharField(label=_("依据"), max_length=120, required=False)

    def clean_day(self):
        return _within_reach(self.cleaned_data["day"])

    def clean_kind(self):
        return SpecialDay.Kind(self.cleaned_data["kind"])


class RemoveSpecialDayForm(forms.Form):
    """Which day to let be."""

    day = forms.DateField(widget=forms.HiddenInput)


class ImportForm(forms.Form):
    """A year's announcement as a CSV file with the columns 日期, 安排, 节日."""

    file = forms.FileField(
        label=_("CSV 文件"), help_text=_("三列：日期、安排（放假或上班）、节日")
    )
    source = forms.CharField(label=_("依据"), max_length=120, required=False)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件太大，请只放一年的安排。"))
        return _given_days(_text(file.read()))


def _text(content: bytes) -> str:
    """UTF-8, or the GB 18030 that Excel writes in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise forms.ValidationError(_("文件打不开，请另存为 CSV 再传。"))


def _given_days(text: str) -> list[GivenDay]:
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if rows and rows[0][0].strip() == HEADINGS[0]:
        rows = rows[1:]
    given = []
    for number, row in enumerate(rows, start=1):
        try:
            day, kind, name = (cell.strip() for cell in row[:3])
            given.append(GivenDay(_within_reach(date.fromisoformat(day)), KINDS[kind], name[:40]))
        except (ValueError, KeyError) as problem:
            raise forms.ValidationError(
                _("第 %(n)s 条看不懂，请按“2027-01-01,放假,元旦”填写。"), params={"n": number}
            ) from problem
    return given


def _within_reach(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("年份不对，请检查日期。"))
    return day
