"""Taking a roster in (导入名册): the file, its headings, the dry run. No household is touched here."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import conceal
from caoyang_portal.errors import Refused
from caoyang_portal.exports import XLSX
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.intake import keep, safe_name
from households.models import ImportBatch, ImportRow
from households.queries import roster_uploads
from households.queries.roster import Roll, judge
from households.queries.roster_file.headings import FIELDS, REQUIRED, Heading, best_sheet
from households.queries.roster_file.reading import RowReading, read_rows
from households.queries.roster_file.workbook import Sheet, read_workbook

from .roster_writing import (
    Told,
    finish_import,
    import_batch,
    nobody,
    start_import,
    undo_import,
    wake,
)

__all__ = [
    "check_roster",
    "choose_columns",
    "discard_batch",
    "finish_check",
    "finish_import",
    "import_batch",
    "start_import",
    "undo_import",
    "upload_roster",
]

CHUNK = 500
State = ImportBatch.State


def upload_roster(
    content: bytes, shown_name: str, *, neighbourhood: Neighbourhood, by: User | None
) -> ImportBatch:
    """Take a roster file in and guess what its columns hold (上传名册); a person looks at the guess."""
    batch = ImportBatch(neighbourhood=neighbourhood, uploaded_by=by)
    require(by, "households.upload_roster", batch)
    _take_in(batch, content, shown_name)
    with transaction.atomic():
        batch.save()
        record("households.upload_roster", batch, by=by, file_sha256=batch.file_sha256)
    return batch


def check_roster(
    content: bytes, shown_name: str, *, neighbourhood: Neighbourhood, by: User | None
) -> ImportBatch:
    """Take a roster file in and check it here and now by the guessed columns (核对名册)."""
    batch = ImportBatch(neighbourhood=neighbourhood, uploaded_by=by, state=State.READING)
    require(by, "households.check_roster", batch)
    sheet, heading = _take_in(batch, content, shown_name)
    refuse_without_columns(batch.mapping.values())
    with transaction.atomic():
        batch.save()
        _check(batch, sheet, heading, nobody)
        record("households.check_roster", batch, by=by, **_counts(batch))
    return batch


def _take_in(batch: ImportBatch, content: bytes, shown_name: str) -> tuple[Sheet, Heading]:
    """Read the head of the file, and keep the file; it names people, so it is kept encrypted."""
    sheets = read_workbook(content)
    sheet, heading = best_sheet(sheets)
    if heading is None:
        raise Refused(_("没有找到表头，请先加一行列名再传。"))
    batch.sheet, batch.heading_row = sheet.name[:120], heading.row
    batch.mapping = {str(column): field for column, field in heading.mapping.items()}
    batch.head = roster_uploads.head_of(sheets, sheet, heading)
    batch.rows = len(sheet.rows) - heading.row  # about; the dry run counts
    batch.file_name = safe_name(shown_name, XLSX)
    batch.file_sha256 = hashlib.sha256(content).hexdigest()
    batch.file = keep(
        conceal(base64.b64encode(content).decode()).encode(),
        "roster",
        "application/octet-stream",
        neighbourhood_id=batch.neighbourhood_id,
        by=batch.uploaded_by,
    )
    return sheet, heading


def refuse_without_columns(fields: Iterable[str]) -> None:
    """Refuse a mapping in which a column nobody can do without is missing."""
    given = set(fields)
    if missing := [str(FIELDS[of][0]) for of in REQUIRED if of not in given]:
        raise Refused(_("请指出哪一列是%(columns)s。") % {"columns": "、".join(missing)})


@transaction.atomic
def choose_columns(
    batch: ImportBatch, *, sheet: str, heading_row: int, mapping: Mapping[int, str], by: User
) -> ImportBatch:
    """Say what each column holds (确认表头) and have the file checked."""
    batch = _locked(batch)
    require(by, "households.choose_columns", batch)
    batch.move_to(State.READING)
    refuse_without_columns(mapping.values())
    if len(set(mapping.values())) < len(mapping):
        raise Refused(_("有两列选了同一项，请只留一列。"))
    batch.sheet, batch.heading_row = sheet[:120], heading_row
    batch.mapping = {str(column): field for column, field in mapping.items()}
    batch.done, batch.attempts, batch.lease_until, batch.problem = 0, 0, None, ""
    batch.save(
        update_fields=[
            *("state", "sheet", "heading_row", "mapping"),
            *("done", "attempts", "lease_until", "problem"),
        ]
    )
    record("households.choose_columns", batch, by=by, mapping=batch.mapping)
    transaction.on_commit(wake, robust=True)
    return batch


def finish_check(batch: ImportBatch, *, told: Told = nobody) -> ImportBatch:
    """Do the dry run that was asked for (核对); a worker's act."""
    batch = ImportBatch.objects.select_related("file").get(pk=batch.pk)
    sheets = read_workbook(roster_uploads.content_of(batch))
    sheet, heading = roster_uploads.chosen(batch, sheets)
    with transaction.atomic():
        Neighbourhood.objects.select_for_update(no_key=True).get(pk=batch.neighbourhood_id)
        batch = ImportBatch.objects.get(pk=batch.pk)
        if batch.state != State.READING:
            return batch  # another worker was faster, or it was given up
        _check(batch, sheet, heading, told)
        record("households.finish_check", batch, **_counts(batch))
    return batch


def _check(batch: ImportBatch, sheet: Sheet, heading: Heading, told: Told) -> None:
    """Write every row's verdict and sum them up."""
    batch.importrow_set.all().delete()
    roll = Roll(batch.neighbourhood_id)
    counts = dict.fromkeys(ImportRow.Verdict.values, 0)
    done, warned, area = 0, 0, Decimal(0)
    readings = read_rows(sheet, heading)
    while chunk := list(islice(readings, CHUNK)):
        rows = [_judged(batch, roll, reading) for reading in chunk]
        ImportRow.objects.bulk_create(rows)
        for row, reading in zip(rows, chunk, strict=True):
            counts[row.verdict] += 1
            warned += bool(row.warnings)
            if row.verdict != ImportRow.Verdict.ERROR:
                area += Decimal(reading.values.get("living_area", 0))
        done += len(rows)
        told(done)
    if not done:
        raise Refused(_("表头下面没有住户，请检查工作表和表头行。"))
    batch.rows, batch.done = done, done
    batch.good_rows = done - counts["error"]
    batch.new, batch.changed, batch.same = counts["new"], counts["changed"], counts["same"]
    batch.warned, batch.living_area_total = warned, area
    batch.move_to(State.CHECKED)
    batch.problem, batch.lease_until = "", None
    batch.save(
        update_fields=[
            *("rows", "done", "good_rows", "new", "changed", "same", "warned"),
            *("living_area_total", "state", "problem", "lease_until"),
        ]
    )


def _judged(batch: ImportBatch, roll: Roll, reading: RowReading) -> ImportRow:
    plan = judge(roll, reading)
    return ImportRow(
        batch=batch,
        sheet_row=reading.sheet_row,
        verdict=plan.verdict,
        values=json.dumps(reading.values, ensure_ascii=False),
        changes=json.dumps(plan.changes, ensure_ascii=False) if plan.changes else "",
        errors=reading.errors,
        warnings=reading.warnings,
        household_id=plan.household_id,
    )


def _counts(batch: ImportBatch) -> dict[str, int | str]:
    return {
        "file_sha256": batch.file_sha256,
        "rows": batch.rows,
        "new": batch.new,
        "changed": batch.changed,
        "same": batch.same,
        "errors": batch.errors,
    }


@transaction.atomic
def discard_batch(batch: ImportBatch, *, by: User) -> ImportBatch:
    """Give an upload up (放弃导入)."""
    batch = _locked(batch)
    require(by, "households.discard_batch", batch)
    batch.move_to(State.DISCARDED)
    batch.save(update_fields=["state"])
    batch.importrow_set.all().delete()
    record("households.discard_batch", batch, by=by)
    return batch


@transaction.atomic
def give_up_on_batch(batch: ImportBatch, *, reason: str) -> ImportBatch:
    """A worker could not do what was asked (未能完成): the reason is shown on its page."""
    batch = _locked(batch)
    if not batch.goes_on:
        return batch
    batch.move_to(State.FAILED if batch.state == State.READING else State.CHECKED)
    batch.problem, batch.lease_until = reason[:200], None
    batch.save(update_fields=["state", "problem", "lease_until"])
    record("households.give_up_on_batch", batch, attempts=batch.attempts)
    return batch


def _locked(batch: ImportBatch) -> ImportBatch:
    return (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("neighbourhood")
        .get(pk=batch.pk)
    )
