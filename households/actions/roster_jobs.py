"""The worker's side of an import (后台核对与导入): one batch after another, each in one worker's hands."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from households.models import ImportBatch

from .roster import finish_check, finish_import, give_up_on_batch

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3  # a file that keeps killing its worker is given up, and says so
MOST_BATCHES = 20  # in one call; the next minute goes on

_NOTE = """
    UPDATE households_importbatch SET done = %s, lease_until = now() + make_interval(secs => %s)
    WHERE id = %s AND state IN ('reading', 'importing')
"""


class Progress:
    """How far a worker is, written by a connection of its own (进度).

    The work is one transaction nobody else can look into; the page and the lease must see it go on.
    """

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.connection = connection.copy()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def note(self, done: int) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(_NOTE, [done, LEASE.total_seconds(), self.batch.pk])


def work_on_rosters() -> int:
    """Check and import what was asked for. Called by the nudge, and by the clock every minute."""
    worked = 0
    for _turn in range(MOST_BATCHES):
        batch = _claim()
        if batch is None:
            break
        _work(batch)
        worked += 1
    return worked


@transaction.atomic
def _claim() -> ImportBatch | None:
    batch = ImportBatch.objects.waiting().select_for_update(skip_locked=True).first()
    if batch is None:
        return None
    batch.attempts += 1
    batch.lease_until = Now() + LEASE
    batch.save(update_fields=["attempts", "lease_until"])
    return batch


def _work(batch: ImportBatch) -> None:
    if batch.attempts > MOST_ATTEMPTS:
        give_up_on_batch(batch, reason=_("试了几次都没有完成，请联系管理员。"))
        return
    finish = finish_check if batch.state == ImportBatch.State.READING else finish_import
    try:
        with Progress(batch) as progress:
            finish(batch, told=progress.note)
    except Refused as refusal:
        give_up_on_batch(batch, reason=str(refusal))
