"""The empty roster to fill in (名册模板)."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from households.queries.roster_file.headings import FIELDS, REQUIRED

ROWS = 3_000
_LISTS = {
    "tenure": "公房,售后公房,产权房",
    "kitchen": "独用,合用,无",
    "toilet": "独用,合用,无",
    "has_balcony": "有,无",
    "has_gas_meter": "有,无",
    "has_loft": "有,无",
    "occupancy": "自住,长期出租,空关,人户分离",
}
_AREAS = ("living_area", "usable_area", "floor_area")
_COUNTS = ("registered_count", "resident_count", "shared_with")
_TEXTS = ("room", "id_number", "phone", "certificate_number")


def template_workbook() -> bytes:
    """Headings we know, lists to choose from, and text columns in which no digit is lost."""
    book = Workbook()
    sheet = book.active
    sheet.title = "住户清册"
    sheet.append([words[0] for _label, words in FIELDS.values()])
    for number, of in enumerate(FIELDS, start=1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number)
        head.font = Font(bold=True)
        if of in REQUIRED:
            head.fill = PatternFill("solid", fgColor="FFFFF3D3")
            head.comment = Comment(_("必填"), "")
        sheet.column_dimensions[letter].width = 20 if of in _TEXTS else 13
        if of in _TEXTS:
            for row in range(2, ROWS):
                sheet.cell(row, number).number_format = "@"
        if rule := _rule(of):
            rule.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填表说明")
    for line in (
        _("黄底的列必填；其余有就填，没有就空着。"),
        _("共同居住人、特殊情况有几个的，用顿号隔开。"),
        _("同一室有几户的，在“部位”写前楼、后楼等。"),
        _("空着的格子不会清掉档案里已有的内容。"),
    ):
        notes.append([line])
    notes.column_dimensions["A"].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rule(of: str) -> DataValidation | None:
    if of in _LISTS:
        rule = DataValidation(type="list", formula1=f'"{_LISTS[of]}"', allow_blank=True)
        rule.error = _("请从列表里选。")
    elif of in _AREAS:
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="9999")
        rule.error = _("请填数字，不写单位。")
    elif of in _COUNTS:
        rule = DataValidation(type="whole", operator="between", formula1="0", formula2="99")
        rule.error = _("请填整数。")
    elif of == "id_number":
        rule = DataValidation(type="textLength", operator="between", formula1="8", formula2="18")
        rule.error = _("请照证件填写，18 位。")
    else:
        return None
    rule.showErrorMessage = True
    return rule
