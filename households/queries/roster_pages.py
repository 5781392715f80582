"""What the pages of an import show (导入页面): each row with its reasons in the cell they concern."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.confidential import mask_id_number, mask_phone
from households.models import (
    CareTag,
    Household,
    ImportBatch,
    ImportRow,
    Project,
)

from .roster import names
from .roster_file.headings import FIELDS

# The columns of the result page; every other field's reasons and changes stand in the last one.
SHOWN = ("address", "tenure", "name", "id_number", "phone", "living_area", "floor_area")
_ADDRESS = ("building", "room")
_NO_LABEL = {"is_deceased", "co_owners"}
SHOWS = ("error", "warning", "new", "changed", "same")


@dataclass
class Cell:
    """One cell of the result (格): what will be stored, what stood there, and what is wrong."""

    label: str
    text: str = ""
    old: str = ""
    is_changed: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One row of the result (结果行)."""

    row: ImportRow
    cells: list[Cell]
    rest: list[Cell]


@dataclass(frozen=True)
class Chip:
    """A filter of the result, with how many rows it shows (筛选)."""

    name: str
    label: str
    count: int


def label_of(of: str) -> str:
    if of == "is_deceased":
        return _("承租人/产权人已故")
    if of == "co_owners":
        return _("共有人")
    if of == "address":
        return _("房屋")
    return str(FIELDS[of][0])


def shown(of: str, value: Any) -> str:
    """A stored value in words; numbers that identify people masked."""
    if value is None or value == "":
        return ""
    if of in _CHOICES:
        return str(_CHOICES[of](value).label)
    if of in _WORDS:
        return _WORDS[of](value)
    if isinstance(value, list):
        return "、".join(names(value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def _kinds(tags: list[Any]) -> str:
    kinds = [tag["kind"] if isinstance(tag, dict) else tag for tag in tags]
    return "、".join(str(CareTag.Kind(kind).label) for kind in kinds)


def _short_mask(number: str) -> str:
    """``310*************41`` -> ``310****41``: a cell is narrow."""
    return re.sub(r"\*{4,}", "****", number if "*" in number else mask_id_number(number))


def square_metres(area: Any) -> str:
    return str(area).rstrip("0").rstrip(".") if "." in str(area) else str(area)


_CHOICES: dict[str, type[TextChoices]] = {
    "tenure": Household.Tenure,
    "kitchen": Household.Use,
    "toilet": Household.Use,
    "occupancy": Household.Occupancy,
    "special": Household.Special,
}
_WORDS: dict[str, Callable[[Any], str]] = {
    "phone": lambda number: number if "*" in number else mask_phone(number),
    "id_number": _short_mask,
    "tags": _kinds,
    "living_area": square_metres,
    "usable_area": square_metres,
    "floor_area": square_metres,
}


def lines(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[Line]:
    """Rows for the page, each finding in the cell it is about."""
    headings = json.loads(batch.head)["headings"] if batch.head else {}
    field_of = {
        " ".join(headings.get(column, "").split()): of for column, of in batch.mapping.items()
    }
    return [_line(row, field_of) for row in rows]


def _line(row: ImportRow, field_of: dict[str, str]) -> Line:
    values, changes = json.loads(row.values), json.loads(row.changes or "{}")
    cells = {of: Cell(label_of(of), shown(of, values.get(of))) for of in SHOWN}
    cells["address"].text = " ".join(filter(None, (values.get(of) for of in (*_ADDRESS, "part"))))
    rest: dict[str, Cell] = {}

    def cell(of: str) -> Cell:
        of = "address" if of in _ADDRESS else of
        if of in cells:
            return cells[of]
        label = label_of(of) if of in FIELDS or of in _NO_LABEL else of
        return rest.setdefault(of, Cell(label, shown(of, values.get(of)) if of in values else ""))

    for of, (old, new) in changes.items():
        about = cell(of)
        about.is_changed, about.old, about.text = True, shown(of, old), shown(of, new)
    for finding in row.errors:
        about = cell(field_of.get(finding["column"], finding["column"]))
        about.errors.append(finding["message"])
    for finding in row.warnings:
        about = cell(field_of.get(finding["column"], finding["column"]))
        about.warnings.append(finding["message"])
    return Line(row, list(cells.values()), list(rest.values()))


def rows_shown(batch: ImportBatch, show: str) -> QuerySet[ImportRow]:
    """The rows behind a chip; all of them for any other word."""
    rows = batch.importrow_set.order_by("sheet_row")
    if show == "warning":
        return rows.exclude(warnings=[])
    return rows.filter(verdict=show) if show in SHOWS else rows


def chips(batch: ImportBatch) -> list[Chip]:
    return [
        Chip("", _("全部"), batch.rows),
        Chip("error", _("有错误"), batch.errors),
        Chip("warning", _("要留意"), batch.warned),
        Chip("new", _("新增"), batch.new),
        Chip("changed", _("有变化"), batch.changed),
        Chip("same", _("无变化"), batch.same),
    ]


def same_file_before(batch: ImportBatch) -> ImportBatch | None:
    """The import of the very same file, if there was one."""
    return (
        ImportBatch.objects.filter(
            neighbourhood=batch.neighbourhood_id,
            file_sha256=batch.file_sha256,
            state=ImportBatch.State.IMPORTED,
        )
        .exclude(pk=batch.pk)
        .order_by("-imported_at")
        .first()
    )


def listed_project(batch: ImportBatch) -> Project | None:
    """A renovation that is listed and goes on: tenancies may not be split any more.

    沪房规范〔2024〕5号 二(二)3. The import only reminds; a change of name remains possible.
    """
    early = (Project.Stage.ASSESSMENT, Project.Stage.FIRST_CONSENT, Project.Stage.LAPSED)
    return (
        Project.objects.filter(neighbourhood=batch.neighbourhood_id)
        .exclude(stage__in=early)
        .order_by("created_at")
        .first()
    )


@dataclass(frozen=True)
class Import:
    """One import in a household's history (导入记录)."""

    row: str
    at: datetime
    by: User | None
    words: str
    changes: tuple[tuple[str, str, str], ...]  # label, old, new


def imports_of(household: Household) -> QuerySet[ImportRow]:
    """The rows that made or changed a household: the ledger has one entry per file, not per row."""
    return ImportRow.objects.filter(
        household=household,
        verdict__in=["new", "changed"],
        batch__state=ImportBatch.State.IMPORTED,
    )


def import_events(pks: list[str]) -> list[Import]:
    """What each of these rows did, for a timeline; no query for none."""
    rows = ImportRow.objects.filter(pk__in=pks).select_related("batch__imported_by")
    return [_event(row) for row in rows] if pks else []


def _event(row: ImportRow) -> Import:
    changes = json.loads(row.changes or "{}").items()
    return Import(
        str(row.pk),
        row.batch.imported_at or row.batch.uploaded_at,
        row.batch.imported_by,
        _("《%(file)s》第 %(row)s 行") % {"file": row.batch.file_name, "row": row.sheet_row},
        tuple((label_of(of), shown(of, old), shown(of, new)) for of, (old, new) in changes),
    )
