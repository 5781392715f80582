"""Tables for people to take away (导出): every text is text, never a formula.

A cell that begins with ``=`` is run by the reader's spreadsheet: a resident's name or note must not
be able to. Numbers and dates stay numbers and dates.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NUMBERS = (int, float, Decimal)
MAX_TEXT = 32_000
MAX_ROWS = 100_000
WIDEST = 60
RED = "FFB00020"


def workbook(
    rows: Iterable[Sequence[Any]], headings: Sequence[str], *, watermark: str, title: str = ""
) -> bytes:
    """An Excel file of ``rows``; ``watermark`` (who, when, why) stands on its first line and every print."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title or _("导出")))
    sheet.freeze_panes = "A3"
    sheet.oddHeader.center.text = watermark.replace("&", "&&")
    for number, heading in enumerate(headings, start=1):
        width = min(WIDEST, max(12, 2 * len(heading) + 4))
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_text(sheet, watermark, font=Font(color="FF666666", italic=True))])
    sheet.append([_text(sheet, heading, font=Font(bold=True)) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, value):
    if isinstance(value, bool):
        return _text(sheet, _("是") if value else _("否"))
    if value is None or isinstance(value, NUMBERS):
        return value
    if isinstance(value, dt.datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, dt.date):
        return value
    return _text(sheet, str(value))


def _text(sheet, value: str, **style) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    _put_text(cell, value)
    for name, what in style.items():
        setattr(cell, name, what)
    return cell


def _put_text(cell, value: str) -> None:
    """Set a text that stays a text, also when somebody edits the cell in Excel."""
    cell.value = NOT_IN_XML.sub("", value)[:MAX_TEXT]
    cell.data_type = "s"
    if value.startswith(RISKY):
        cell.quotePrefix = True


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", "", title)[:31] or "1"


def csv_text(rows: Iterable[Sequence[Any]], headings: Sequence[str]) -> str:
    """The same as CSV, with the mark Excel needs to read it as UTF-8."""
    return "".join(csv_lines(rows, headings))


def csv_lines(rows: Iterable[Sequence[Any]], headings: Sequence[str]) -> Iterator[str]:
    """The lines of such a file one by one, for one too long to be held whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    yield "\ufeff"
    for row in chain([headings], rows):
        writer.writerow([_guarded(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _guarded(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, NUMBERS) and not isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value).isoformat(" ", "seconds")
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" \u3000").startswith(RISKY) else text


def annotate_workbook(
    original: bytes,
    reasons: Mapping[int, str],
    *,
    sheet: str | None = None,
    heading_row: int = 1,
) -> bytes:
    """The committee's own file back, with a red column 错误原因 beside the rows to correct.

    ``reasons`` is keyed by the row number Excel shows. A column from an earlier round is replaced.
    """
    book = openpyxl.load_workbook(io.BytesIO(original))
    page = book[sheet] if sheet else book.worksheets[0]
    heading = _("错误原因")
    headings = {cell.value: cell.column for cell in page[heading_row] if cell.value is not None}
    column = headings.get(heading) or max(headings.values(), default=0) + 1
    if heading in headings:
        for row in range(heading_row + 1, min(page.max_row, MAX_ROWS) + 1):
            page.cell(row, column).value = None
    _annotate(page.cell(heading_row, column), heading)
    for row, reason in reasons.items():
        _annotate(page.cell(row, column), reason)
    page.column_dimensions[get_column_letter(column)].width = 48
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _annotate(cell, text: str) -> None:
    _put_text(cell, text)
    cell.font = Font(color=RED, bold=True)
    cell.fill = PatternFill("solid", fgColor="FFFDECEC")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
