"""The household list as an Excel file (导出): text stays text, the first row says whose copy it is."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from caoyang_portal.confidential import mask_name, mask_phone
from households.models import Export, Household
from households.queries.listing import stage_label

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _holder(home: Household, unmasked: bool) -> str:
    return "、".join(m.name if unmasked else mask_name(m.name) for m in home.right_holders)


def _phones(home: Household, unmasked: bool) -> str:
    return "、".join(
        m.phone.removeprefix("+86") if unmasked else mask_phone(m.phone)
        for m in home.right_holders
        if m.phone
    )


COLUMNS = {
    "zone": (gettext_lazy("工区"), lambda home, unmasked: home.building.work_zone or ""),
    "building": (gettext_lazy("幢号"), lambda home, unmasked: home.building.name),
    "address": (gettext_lazy("地址"), lambda home, unmasked: home.address),
    "holders": (gettext_lazy("承租人/产权人、共有人"), _holder),
    "phones": (gettext_lazy("手机号"), _phones),
    "tenure": (gettext_lazy("房屋类型"), lambda home, unmasked: home.get_tenure_display()),
    "certificate": (gettext_lazy("凭证号"), lambda home, unmasked: home.certificate_number),
    "area": (gettext_lazy("居住面积"), lambda home, unmasked: home.living_area),
    "occupancy": (gettext_lazy("居住情况"), lambda home, unmasked: home.get_occupancy_display()),
    "special": (
        gettext_lazy("特殊情形"),
        lambda home, unmasked: home.get_special_display() if home.special else "",
    ),
    "stage": (gettext_lazy("协议"), lambda home, unmasked: stage_label(home.stage)),
    "contact": (
        gettext_lazy("最近联系"),
        lambda home, unmasked: (
            timezone.localtime(home.last_contact).date() if home.last_contact else ""
        ),
    ),
    "next": (gettext_lazy("下次联系"), lambda home, unmasked: home.next_contact_on or ""),
    "responsible": (gettext_lazy("责任人"), lambda home, unmasked: home.responsible or ""),
}


def export_file(export: Export, households: Iterable[Household], columns: Sequence[str]) -> bytes:
    """The rows of an export, as listed by ``queries.listing.with_columns``."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("居民户"))
    sheet.append([_cell(sheet, _watermark(export), bold=True)])
    sheet.append([_cell(sheet, COLUMNS[name][0], bold=True) for name in columns])
    for home in households:
        sheet.append(
            [_cell(sheet, COLUMNS[name][1](home, export.is_unmasked)) for name in columns]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _watermark(export: Export) -> str:
    return _("导出人 %(who)s，%(when)s，%(rows)s 户，用途：%(why)s，编号 %(number)s，请勿外传") % {
        "who": export.by,
        "when": f"{timezone.localtime(export.at):%Y-%m-%d %H:%M}",
        "rows": export.rows,
        "why": export.reason,
        "number": str(export.pk)[-12:],
    }


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    """Words are words: what begins with ``=`` is no formula (openpyxl would make it one)."""
    number = hasattr(value, "is_finite") or hasattr(value, "year")
    cell = WriteOnlyCell(sheet, value if number else str(value))
    if not number:
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
