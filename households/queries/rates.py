"""The signing rate (签约率): one definition for every page, export and act.

Signed households over the households of the frozen roster (上海市城市更新条例 art. 32; 沪房规范〔2023〕1号
arts. 12-13). Compared in integers and never rounded up: 1424 of 1499 is not 95 %.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from households.models import Agreement, Household, Project, SnapshotEntry


@dataclass(frozen=True)
class Rate:
    """``signed`` of ``total`` households."""

    signed: int
    total: int

    def reaches(self, threshold_pct: int) -> bool:
        """Whether the rate is at or above ``threshold_pct`` per cent ("以上" includes, Civil Code art. 1259)."""
        return self.total > 0 and self.signed * 100 >= threshold_pct * self.total

    def missing(self, threshold_pct: int) -> int:
        """How many households are still missing to ``threshold_pct``; 0 when reached."""
        return max(0, needed(self.total, threshold_pct) - self.signed)

    @property
    def open(self) -> int:
        return self.total - self.signed

    @property
    def shown(self) -> str:
        """Per cent with two decimals, cut off: ``94.99``."""
        if not self.total:
            return "0.00"
        hundredths = self.signed * 10_000 // self.total
        return f"{hundredths // 100}.{hundredths % 100:02d}"


def needed(total: int, threshold_pct: int) -> int:
    """The smallest number of signed households that reaches ``threshold_pct`` of ``total``."""
    return -(-threshold_pct * total // 100)


@dataclass(frozen=True)
class ProjectRates:
    """The three rates that are reported side by side; the total is the one that counts."""

    total: Rate
    tenants: Rate
    owners: Rate


NOBODY = ProjectRates(Rate(0, 0), Rate(0, 0), Rate(0, 0))


@dataclass(frozen=True)
class PlaceRate:
    """The rate of one building or work zone."""

    pk: UUID | None
    name: str
    zone: str
    rate: Rate


def _signed() -> Exists:
    """Whether the household of a snapshot entry has signed in the snapshot's project."""
    return Exists(
        Agreement.objects.signed().filter(
            project__snapshot=OuterRef("snapshot"), household=OuterRef("household")
        )
    )


def _entries(projects: Iterable[Project]) -> QuerySet[SnapshotEntry]:
    snapshots = [project.snapshot_id for project in projects]
    return SnapshotEntry.objects.filter(snapshot__in=snapshots).alias(has_signed=_signed())


def project_rates(project: Project) -> ProjectRates:
    """Tenants, owners and all of a project; zeros before the roster is frozen."""
    return rates_of([project])[project.pk]


def rates_of(projects: Iterable[Project]) -> dict[UUID, ProjectRates]:
    """The rates of each project by its key, by one query over all of them."""
    projects = list(projects)
    tenant = Q(tenure=Household.Tenure.PUBLIC_TENANT)
    counted = (
        _entries(projects)
        .values("snapshot")
        .annotate(
            total=Count("pk"),
            signed=Count("pk", filter=Q(has_signed=True)),
            tenants=Count("pk", filter=tenant),
            tenants_signed=Count("pk", filter=tenant & Q(has_signed=True)),
        )
        .order_by()
    )
    by_snapshot: dict[UUID | None, ProjectRates] = {
        row["snapshot"]: _rates(row) for row in counted
    }
    return {project.pk: by_snapshot.get(project.snapshot_id, NOBODY) for project in projects}


def _rates(counted: Mapping[str, Any]) -> ProjectRates:
    total = Rate(counted["signed"], counted["total"])
    tenants = Rate(counted["tenants_signed"], counted["tenants"])
    return ProjectRates(
        total, tenants, Rate(total.signed - tenants.signed, total.total - tenants.total)
    )


def rates_by_building(project: Project) -> list[PlaceRate]:
    """Every building of the roster with its rate, in the order residents number them."""
    rows = (
        _entries([project])
        .values("building_id", "building__name", "work_zone__name")
        .annotate(total=Count("pk"), signed=Count("pk", filter=Q(has_signed=True)))
        .order_by("building__number", "building__name")
    )
    return [
        PlaceRate(
            row["building_id"],
            row["building__name"],
            row["work_zone__name"] or "",
            Rate(row["signed"], row["total"]),
        )
        for row in rows
    ]


def rates_by_zone(buildings: Iterable[PlaceRate]) -> list[PlaceRate]:
    """The rates of ``rates_by_building`` added up by work zone."""
    zones: dict[str, Rate] = {}
    for place in buildings:
        so_far = zones.get(place.zone, Rate(0, 0))
        zones[place.zone] = Rate(
            so_far.signed + place.rate.signed, so_far.total + place.rate.total
        )
    return [PlaceRate(None, zone, zone, rate) for zone, rate in zones.items()]


@dataclass(frozen=True)
class Day:
    """The rate at the end of one day."""

    day: date
    rate: Rate


def trend(project: Project, total: int) -> list[Day]:
    """The cumulative rate by day of signing (Asia/Shanghai), for the days on which somebody signed."""
    per_day = (
        Agreement.objects.signed()
        .filter(project=project, household__snapshotentry__snapshot_id=project.snapshot_id)
        .annotate(day=TruncDate("signed_at"))
        .values("day")
        .annotate(signed=Count("pk"))
        .order_by("day")
    )
    days, signed = [], 0
    for row in per_day:
        signed += row["signed"]
        days.append(Day(row["day"], Rate(signed, total)))
    return days


def threshold_reached_at(project: Project, count: int) -> datetime:
    """When the ``count``-th household of the roster signed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.signed_at
            FROM households_agreement a
            JOIN households_snapshotentry e ON e.household_id = a.household_id AND e.snapshot_id = %s
            WHERE a.project_id = %s AND a.state = ANY(%s)
            ORDER BY a.signed_at
            OFFSET %s LIMIT 1
            """,
            [project.snapshot_id, project.pk, list(Agreement.COUNTED), count - 1],
        )
        return cursor.fetchone()[0]
