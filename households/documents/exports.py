"""The household list as an Excel file (导出): text stays text, the first row says whose copy it is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.confidential import mask_name, mask_phone
from caoyang_portal.exports import workbook
from households.models import Export, Household
from households.queries.listing import stage_label


def _holder(home: Any, unmasked: bool) -> str:
    return "、".join(m.name if unmasked else mask_name(m.name) for m in home.right_holders)


def _phones(home: Any, unmasked: bool) -> str:
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
    "responsible": (
        gettext_lazy("责任人"),
        lambda home, unmasked: home.responsible.name if home.responsible else "",
    ),
}


def export_file(export: Export, households: Iterable[Household], columns: Sequence[str]) -> bytes:
    """The rows of an export, as listed by ``queries.listing.with_columns``."""
    return workbook(
        ([COLUMNS[name][1](home, export.is_unmasked) for name in columns] for home in households),
        [str(COLUMNS[name][0]) for name in columns],
        watermark=_watermark(export),
        title=_("居民户"),
    )


def _watermark(export: Export) -> str:
    return _("导出人 %(who)s，%(when)s，%(rows)s 户，用途：%(why)s，编号 %(number)s，请勿外传") % {
        "who": export.by,
        "when": f"{timezone.localtime(export.at):%Y-%m-%d %H:%M}",
        "rows": export.rows,
        "why": export.reason,
        "number": str(export.pk)[-12:],
    }
