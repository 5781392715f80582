"""The empty list of representatives to fill in (代表名单模板)."""

import io
from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from caoyang_portal.community.models import Neighbourhood
from consultation.models import Representative
from consultation.queries.representative_file import HEADINGS, MOST

OPTIONAL = {"phone"}
LISTS = "列表"


def representatives_template(areas: Iterable[Neighbourhood]) -> bytes:
    """Our headings, lists to choose from, and a text column in which no digit of a phone is lost."""
    book = Workbook()
    sheet = book.active
    sheet.title = "社区代表"
    sheet.append(list(HEADINGS.values()))
    sheet.freeze_panes = "A2"
    lists = book.create_sheet(LISTS)
    with translation.override(settings.LANGUAGE_CODE):
        choices = {
            "neighbourhood": [area.name for area in areas],
            "category": [str(c.label) for c in Representative.Category],
            "way": [str(way.label) for way in Representative.Way],
        }
    for number, of in enumerate(HEADINGS, 1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number)
        head.font = Font(bold=True)
        if of not in OPTIONAL:
            head.fill = PatternFill("solid", fgColor="FFFFF3D3")
        sheet.column_dimensions[letter].width = 18
        for row in range(2, MOST + 2):
            sheet.cell(row, number).number_format = _format(of)
        if of in choices:
            rule = _chosen(lists, number, choices[of])
            rule.add(f"{letter}2:{letter}{MOST + 1}")
            sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _format(of: str) -> str:
    return "yyyy-mm-dd" if of in ("since", "until") else "@"


def _chosen(lists, column: int, words: list[str]) -> DataValidation:
    """A choice among words that stand on a sheet of their own: a rule holds only 255 characters."""
    letter = get_column_letter(column)
    for row, word in enumerate(words, 1):
        lists.cell(row, column, word)
    rule = DataValidation(type="list", formula1=f"'{LISTS}'!${letter}$1:${letter}${len(words)}")
    rule.error = _("请从列表里选。")
    rule.showErrorMessage = True
    return rule
