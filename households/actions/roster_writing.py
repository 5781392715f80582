"""A checked roster becomes household files (名册入库), and can be taken back for a day (撤销)."""

import json
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from households.models import ImportBatch, ImportRow
from households.queries.roster import Roll, Values
from households.queries.roster_undo import undo_blockers

from . import dwellings

TASK = "households.work_on_rosters"
CHUNK = 500
State = ImportBatch.State
Told = Callable[[int], None]


def nobody(done: int) -> None:
    """Progress nobody asked for."""


def wake() -> None:
    nudge(TASK)


@transaction.atomic
def start_import(batch: ImportBatch, *, only_good_rows: bool, by: User) -> ImportBatch:
    """Ask for a checked roster to be imported (开始导入); a worker does it."""
    batch = _locked(batch)
    require(by, "households.start_import", batch)
    _refuse_unready(batch, only_good_rows=only_good_rows)
    batch.move_to(State.IMPORTING)
    batch.only_good_rows, batch.imported_by = only_good_rows, by
    batch.done, batch.attempts, batch.lease_until, batch.problem = 0, 0, None, ""
    batch.save(
        update_fields=[
            *("state", "only_good_rows", "imported_by"),
            *("done", "attempts", "lease_until", "problem"),
        ]
    )
    record("households.start_import", batch, by=by, only_good_rows=only_good_rows)
    transaction.on_commit(wake, robust=True)
    return batch


@transaction.atomic
def import_batch(batch: ImportBatch, *, only_good_rows: bool, by: User | None) -> ImportBatch:
    """Import a checked roster here and now (导入名册): all of it or nothing."""
    batch = _locked(batch)
    require(by, "households.import_batch", batch)
    _refuse_unready(batch, only_good_rows=only_good_rows)
    batch.move_to(State.IMPORTING)
    batch.only_good_rows, batch.imported_by = only_good_rows, by
    _write(batch, nobody)
    record("households.import_batch", batch, by=by, **_facts(batch))
    return batch


@transaction.atomic
def finish_import(batch: ImportBatch, *, told: Told = nobody) -> ImportBatch:
    """Import what was asked for (导入); a worker's act. Killed at any row, nothing has happened."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=batch.neighbourhood_id)
    # Its own row stays unlocked until the last statement, so that the progress can be written there.
    batch = ImportBatch.objects.select_related("neighbourhood").get(pk=batch.pk)
    if batch.state != State.IMPORTING:
        return batch  # another worker was faster
    _write(batch, told)
    record("households.finish_import", batch, **_facts(batch))
    return batch


def _locked(batch: ImportBatch) -> ImportBatch:
    """One import at a time in a neighbourhood: the second waits here, then sees what the first did."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=batch.neighbourhood_id)
    return (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("neighbourhood")
        .get(pk=batch.pk)
    )


def _refuse_unready(batch: ImportBatch, *, only_good_rows: bool) -> None:
    if batch.errors and not only_good_rows:
        raise Refused(_("有 %(n)s 行有错误，请改好再传，或只导入正确的行。") % {"n": batch.errors})
    if not batch.new and not batch.changed:
        raise Refused(_("与档案完全一致，不需要导入。"))


def _write(batch: ImportBatch, told: Told) -> None:
    writer = dwellings.Writer(batch)
    rows = _rows_as_confirmed(batch, writer.roll)
    done = 0
    while chunk := list(islice(rows, CHUNK)):
        writer.write(chunk)
        done += len(chunk)
        told(done)
    batch.move_to(State.IMPORTED)
    batch.imported_at = timezone.now()
    batch.done, batch.lease_until, batch.problem = done, None, ""
    batch.made_places = writer.made_places
    batch.save(
        update_fields=[
            *("state", "imported_at", "imported_by", "only_good_rows"),
            *("done", "lease_until", "problem", "made_places"),
        ]
    )


def _rows_as_confirmed(batch: ImportBatch, roll: Roll) -> Iterator[tuple[ImportRow, Values, dict]]:
    """The rows to write. Whoever confirmed saw what each would change; if that is no longer so, refuse."""
    good = batch.importrow_set.exclude(verdict=ImportRow.Verdict.ERROR).order_by("sheet_row")
    for row in good.iterator(chunk_size=2_000):
        values = json.loads(row.values)
        plan = roll.plan(values)
        changes = json.loads(row.changes) if row.changes else {}
        if isinstance(plan, str) or (plan.verdict, plan.household_id, plan.changes) != (
            row.verdict,
            row.household_id,
            changes,
        ):
            raise Refused(
                _("核对以后，第 %(row)s 行的档案有变动，请重新核对。") % {"row": row.sheet_row}
            )
        if row.verdict != ImportRow.Verdict.SAME:
            yield row, values, plan.changes


def _facts(batch: ImportBatch) -> dict[str, int | str | bool]:
    return {
        "file_sha256": batch.file_sha256,
        "new": batch.new,
        "changed": batch.changed,
        "same": batch.same,
        "errors": batch.errors,
        "only_good_rows": batch.only_good_rows,
    }


@transaction.atomic
def undo_import(batch: ImportBatch, *, by: User) -> ImportBatch:
    """Take an import back (撤销导入), within a day and if nobody has worked on its households since."""
    batch = _locked(batch)
    require(by, "households.undo_import", batch)
    ends_at = batch.undo_ends_at()
    if ends_at is None or timezone.now() >= ends_at:
        raise Refused(_("导入超过 24 小时，不能撤销，请上传更正的名册。"))
    blockers = undo_blockers(batch)
    if blockers:
        raise Refused(
            _("有 %(n)s 户不能撤销：%(first)s等，请上传更正的名册。")
            % {"n": len(blockers), "first": "；".join(str(b) for b in blockers[:3])}
        )
    readings = dwellings.take_back(batch)
    batch.move_to(State.UNDONE)
    batch.undone_at = timezone.now()
    batch.save(update_fields=["state", "undone_at"])
    # Who had read the files taken back stays known (PIPL art. 51).
    record("households.undo_import", batch, by=by, readings=readings)
    return batch
