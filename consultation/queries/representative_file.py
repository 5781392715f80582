"""A workbook of representatives, read (读代表名单): cells in, values and what is wrong with them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Neighbourhood, normalise_phone
from caoyang_portal.confidential import mask_phone
from caoyang_portal.errors import Refused
from consultation.models import Representative
from households.queries.roster_file.cells import Unfit, day, tidy, word
from households.queries.roster_file.workbook import Row, Sheet, read_workbook

# The template's headings; the file is Chinese whatever language its reader has.
HEADINGS = {
    "neighbourhood": "居民区",
    "name": "姓名",
    "phone": "手机号",
    "category": "类别",
    "way": "怎样产生",
    "since": "任期起",
    "until": "任期止",
}
MOST = 300
HEADING_WITHIN = 10  # a title and a line or two may stand above it
LONGEST_NAME = 80

Written = tuple[int, dict[str, str]]  # Excel's row, and its cells as they were written


@dataclass(frozen=True)
class Line:
    """One row: as written, as understood, and why it cannot be entered."""

    row: int
    cells: dict[str, str]
    values: dict[str, Any]
    problems: list[str]

    @property
    def shown(self) -> dict[str, str]:
        """The cells as a page shows them: a telephone that was understood, masked."""
        phone = self.values.get("phone")
        return self.cells | ({"phone": mask_phone(phone)} if phone else {})


def table_of(content: bytes) -> list[Written]:
    """The rows of the sheet that has our headings, without the empty ones."""
    sheets = read_workbook(content)
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEADING_WITHIN], 1):
            columns = _columns(row)
            if {"name", "category"} <= columns.keys():
                return _rows(sheet, number, columns)
    raise Refused(
        _("没有找到表头。请用模板填，第一行写：%(all)s") % {"all": "、".join(HEADINGS.values())}
    )


def _columns(row: Row) -> dict[str, int]:
    texts = [tidy(cell) for cell in row]
    return {of: texts.index(heading) for of, heading in HEADINGS.items() if heading in texts}


def _rows(sheet: Sheet, heading: int, columns: dict[str, int]) -> list[Written]:
    found = []
    for number, row in enumerate(sheet.rows[heading:], heading + 1):
        cells = {of: word(row[n]) if n < len(row) else "" for of, n in columns.items()}
        if any(cells.values()):
            found.append((number, dict.fromkeys(HEADINGS, "") | cells))
    if not found:
        raise Refused(_("名单里没有人。请从表头下面一行开始填"))
    if len(found) > MOST:
        raise Refused(_("一次最多 %(n)s 人，请分开传") % {"n": MOST})
    return found


def read_lines(table: Iterable[Written], areas: Sequence[Neighbourhood]) -> list[Line]:
    """Every row understood, as far as it can be."""
    with translation.override(settings.LANGUAGE_CODE):
        known: dict[str, dict[str, Any]] = {
            "neighbourhood": {area.name: area for area in areas},
            "category": {str(c.label): c for c in Representative.Category},
            "way": {str(way.label): way for way in Representative.Way},
        }
    return [_line(row, cells, known) for row, cells in table]


def _line(row: int, cells: dict[str, str], known: dict[str, dict[str, Any]]) -> Line:
    values: dict[str, Any] = {}
    problems = []
    for of, text in cells.items():
        try:
            values[of] = _value(of, text, known)
        except Unfit as wrong:
            problems.append(f"{HEADINGS[of]}：{wrong.problem}")
    return Line(row, cells, values, problems)


def _value(of: str, text: str, known: dict[str, dict[str, Any]]) -> Any:
    """One cell's value; ``Unfit`` says in words what to do about it."""
    if of == "phone":
        phone = normalise_phone(text)
        if text and not phone:
            raise Unfit(_("要 11 位数字"))
        return phone
    if not text:
        raise Unfit(_("没有填"))
    if of in known:
        if text not in known[of]:
            raise Unfit(_("没有“%(text)s”，请从列表里选") % {"text": text})
        return known[of][text]
    if of == "name":
        if len(text) > LONGEST_NAME:
            raise Unfit(_("太长了"))
        return text
    return _day(text)


def _day(text: str) -> Any:
    try:
        return day(text)
    except Unfit as wrong:
        raise Unfit(_("看不懂日期，请写成 2026-01-01")) from wrong
