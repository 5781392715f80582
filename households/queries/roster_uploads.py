"""The kept roster file, read again (名册原件)."""

import base64
import json
import re
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from caoyang_portal.confidential import reveal
from caoyang_portal.errors import Refused
from caoyang_portal.exports import annotate_workbook
from caoyang_portal.uploads.intake import read
from households.models import ImportBatch

from .roster_file.cells import tidy
from .roster_file.headings import Heading, heading_at
from .roster_file.workbook import Sheet

SAMPLES = 3


def content_of(batch: ImportBatch) -> bytes:
    """The bytes the committee gave us."""
    return base64.b64decode(reveal(read(batch.file).decode()))


def head_of(sheets: list[Sheet], sheet: Sheet, heading: Heading) -> str:
    """What the page of headings shows, as JSON: sheet names, headings, a few cells under each."""
    under = sheet.rows[heading.row :]
    samples = {
        str(column): [
            _sample(row[column - 1])
            for row in islice((row for row in under if _says(row, column)), SAMPLES)
        ]
        for column in heading.texts
    }
    head = {"sheets": [s.name for s in sheets], "headings": heading.texts, "samples": samples}
    return json.dumps(head, ensure_ascii=False)


def _sample(cell: Any) -> str:
    """Enough of a cell to know its column by; of a number that identifies a person, the ends."""
    return re.sub(r"(\d{3})\d{6,}(?=\w{2})", r"\1****", tidy(cell))


def _says(row: list[Any], column: int) -> bool:
    return column <= len(row) and row[column - 1] != ""


def chosen(batch: ImportBatch, sheets: list[Sheet]) -> tuple[Sheet, Heading]:
    """The sheet and the columns a person confirmed."""
    for sheet in sheets:
        if sheet.name[:120] == batch.sheet:
            found = heading_at(sheet, batch.heading_row or 0)
            mapping = {int(column): field for column, field in batch.mapping.items()}
            texts = {column: found.texts.get(column, "") for column in mapping}
            return sheet, Heading(found.row, found.texts | texts, mapping)
    raise Refused(_("找不到选定的工作表，请重新选择。"))


def annotated(batch: ImportBatch) -> bytes:
    """Their own file with the red column 错误原因 (带原因的原表)."""
    rows = batch.importrow_set.filter(verdict="error").values_list("sheet_row", "errors")
    reasons = {
        number: "；".join(
            f"{e['column']}：{e['message']}" if e["column"] else e["message"] for e in errors
        )
        for number, errors in rows
    }
    return annotate_workbook(
        content_of(batch), reasons, sheet=batch.sheet, heading_row=batch.heading_row or 1
    )
