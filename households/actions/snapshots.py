"""The roster that is counted, frozen on the baseline date (基准日名册)."""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import Household, RosterSnapshot, SnapshotEntry

_ENTER_ALL = """
    INSERT INTO households_snapshotentry (
        neighbourhood_id, snapshot_id, household_id, building_id, work_zone_id, tenure,
        certificate_number, living_area)
    SELECT h.neighbourhood_id, %s, h.id, h.building_id, b.work_zone_id, h.tenure,
           h.certificate_number, h.living_area
    FROM households_household h JOIN community_building b ON b.id = h.building_id
    WHERE h.neighbourhood_id = %s
"""


@transaction.atomic
def take_snapshot(
    neighbourhood: Neighbourhood, baseline_date: date, *, by: User | None
) -> RosterSnapshot:
    """Freeze the roster (冻结名册): who counts does not change any more (沪房规范〔2023〕1号 art. 12)."""
    neighbourhood = Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood.pk)
    snapshot = RosterSnapshot(neighbourhood=neighbourhood, baseline_date=baseline_date)
    snapshot.taken_by = by
    require(by, "households.take_snapshot", snapshot)
    if baseline_date > timezone.localdate():
        raise Refused(_("基准日还没有到，请到当天再冻结名册。"))
    snapshot.total = Household.objects.filter(neighbourhood=neighbourhood).count()
    if not snapshot.total:
        raise Refused(_("名册里还没有住户，请先导入名册。"))
    snapshot.save()
    with connection.cursor() as cursor:
        cursor.execute(_ENTER_ALL, [snapshot.pk, neighbourhood.pk])
    snapshot.total = snapshot.entries.count()
    snapshot.roll_hash = roll_hash(snapshot.entries.all())
    snapshot.save(update_fields=["total", "roll_hash"])
    record(
        "households.take_snapshot",
        snapshot,
        by=by,
        baseline_date=baseline_date.isoformat(),
        total=snapshot.total,
        roll_hash=snapshot.roll_hash,
    )
    return snapshot


def roll_hash(entries: QuerySet[SnapshotEntry]) -> str:
    """sha256 over one line per household, sorted; anyone with the roster can compute it again."""
    lines = sorted(_lines(entries))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(entries: QuerySet[SnapshotEntry]) -> Iterable[str]:
    columns = ("household_id", "building_id", "tenure", "certificate_number", "living_area")
    for row in entries.values_list(*columns).iterator(chunk_size=5_000):
        yield "|".join("" if value is None else str(value) for value in row)
