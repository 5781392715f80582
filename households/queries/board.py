"""What the signing boards show: figures, trend, grid, proof (签约看板)."""

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger import merkle
from households.models import (
    Agreement,
    Household,
    PlanRemark,
    Project,
    PublishedBoard,
    SnapshotEntry,
    Visit,
)
from households.queries.rates import (
    Day,
    PlaceRate,
    ProjectRates,
    Rate,
    needed,
    project_rates,
    rates_by_building,
    rates_by_zone,
    rates_of,
    trend,
)


@dataclass(frozen=True)
class Board:
    """Everything a signing board shows, without a name in it."""

    project: Project
    rates: ProjectRates
    buildings: list[PlaceRate]
    zones: list[PlaceRate]
    days: list[Day]
    as_of: datetime

    @property
    def missing(self) -> int:
        return self.rates.total.missing(self.project.threshold_pct)

    @property
    def over(self) -> int:
        """Households signed beyond what the threshold needs; 0 below it."""
        total = self.rates.total
        return max(0, total.signed - needed(total.total, self.project.threshold_pct))

    @property
    def today(self) -> int:
        """Households that signed today (Asia/Shanghai)."""
        return self._signed_since(1)

    @property
    def last_seven_days(self) -> int:
        return self._signed_since(7)

    def _signed_since(self, days: int) -> int:
        first = timezone.localdate(self.as_of).toordinal() - days + 1
        before = [day.rate.signed for day in self.days if day.day.toordinal() < first]
        return self.rates.total.signed - (before[-1] if before else 0)

    @property
    def tag(self) -> str:
        """Changes when a figure changes; pages ask with it and are told nothing while it stands."""
        figures = [
            self.project.stage,
            self.project.threshold_pct,
            [(place.name, place.rate.signed, place.rate.total) for place in self.buildings],
        ]
        return hashlib.sha256(json.dumps(figures).encode()).hexdigest()[:16]


def board_of(project: Project, now: datetime | None = None) -> Board:
    """The board of a project, by three queries."""
    rates = project_rates(project)
    buildings = rates_by_building(project)
    return Board(
        project=project,
        rates=rates,
        buildings=buildings,
        zones=rates_by_zone(buildings),
        days=trend(project, rates.total.total),
        as_of=now or timezone.now(),
    )


@dataclass(frozen=True)
class Line:
    """One project among several: where it stands."""

    project: Project
    rates: ProjectRates
    today: int  # households that signed today (Asia/Shanghai)

    @property
    def missing(self) -> int:
        return self.rates.total.missing(self.project.threshold_pct)


def lines(projects: Sequence[Project], now: datetime | None = None) -> list[Line]:
    """Where each project stands, by two queries over all of them."""
    midnight = timezone.localtime(now or timezone.now()).replace(hour=0, minute=0, second=0)
    rates = rates_of(projects)
    today = dict(
        Agreement.objects.signed()
        .filter(project__in=projects, signed_at__gte=midnight.replace(microsecond=0))
        .filter(household__snapshotentry__snapshot_id=F("project__snapshot_id"))
        .values_list("project")
        .annotate(Count("pk"))
        .order_by()
    )
    return [Line(project, rates[project.pk], today.get(project.pk, 0)) for project in projects]


class CellState(TextChoices):
    """Where a household stands, at most seven states, each with word, glyph and colour."""

    UNTOUCHED = "untouched", _("未联系")
    CONTACTED = "contacted", _("已联系")
    WILLING = "willing", _("有意向")
    PARTLY = "partly", _("部分已签")
    SIGNED = "signed", _("已签")
    OBJECTS = "objects", _("有异议")
    SPECIAL = "special", _("特殊情形")


GLYPHS = {
    CellState.UNTOUCHED: "○",
    CellState.CONTACTED: "◔",
    CellState.WILLING: "◑",
    CellState.PARTLY: "◕",
    CellState.SIGNED: "●",
    CellState.OBJECTS: "▲",
    CellState.SPECIAL: "◆",
}


@dataclass(frozen=True)
class Cell:
    """One household in the grid."""

    pk: UUID
    room: str
    floor: int
    state: CellState


@dataclass(frozen=True)
class Floor:
    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class BuildingGrid:
    """One building, floors from the top down."""

    pk: UUID
    name: str
    zone: str
    rate: Rate
    floors: list[Floor]


def with_cell_state(entries: QuerySet[SnapshotEntry]) -> QuerySet[Any, Any]:
    """Annotate snapshot entries with the grid state of their household."""
    agreement = Agreement.objects.live().filter(
        project__snapshot=OuterRef("snapshot"), household=OuterRef("household")
    )
    visits = Visit.objects.filter(household=OuterRef("household"))
    objection = PlanRemark.objects.filter(
        plan__household=OuterRef("household"), kind="objection", state="open"
    )
    return entries.annotate(
        agreement_state=Subquery(agreement.values("state")[:1]),
        last_outcome=Subquery(visits.order_by("-at").values("outcome")[:1]),
        cell_state=Case(
            When(agreement_state__in=Agreement.COUNTED, then=Value(CellState.SIGNED)),
            When(agreement_state="declined", then=Value(CellState.OBJECTS)),
            When(Exists(objection), then=Value(CellState.OBJECTS)),
            When(Exists(agreement.overtaken()), then=Value(CellState.SPECIAL)),
            When(agreement_state="signing", then=Value(CellState.PARTLY)),
            When(~Q(household__special=""), then=Value(CellState.SPECIAL)),
            When(last_outcome="willing", then=Value(CellState.WILLING)),
            When(last_outcome__isnull=False, then=Value(CellState.CONTACTED)),
            default=Value(CellState.UNTOUCHED),
            output_field=CharField(),
        ),
    )


def grid(project: Project, households: QuerySet[Household]) -> list[BuildingGrid]:
    """The building grid (签约图) over the households the reader may see, by one query."""
    entries = (
        with_cell_state(SnapshotEntry.objects.filter(snapshot_id=project.snapshot_id))
        .filter(household__in=households)
        .order_by("building__number", "building__name", "-household__floor", "household__room")
        .values_list(
            "building_id",
            "building__name",
            "work_zone__name",
            "household_id",
            "household__room",
            "household__floor",
            "cell_state",
        )
    )
    return [
        _building(list(rows))
        for _, rows in itertools.groupby(entries.iterator(2000), key=lambda row: row[0])
    ]


def _building(rows: Sequence[tuple]) -> BuildingGrid:
    cells = [Cell(row[3], row[4], row[5] or _floor_of(row[4]), CellState(row[6])) for row in rows]
    cells.sort(key=lambda cell: (-cell.floor, cell.room))
    floors = [
        Floor(number, list(on_floor))
        for number, on_floor in itertools.groupby(cells, key=lambda cell: cell.floor)
    ]
    signed = sum(cell.state == CellState.SIGNED for cell in cells)
    return BuildingGrid(rows[0][0], rows[0][1], rows[0][2] or "", Rate(signed, len(cells)), floors)


def _floor_of(room: str) -> int:
    """``302`` is on floor 3, ``1204`` on floor 12."""
    digits = "".join(ch for ch in room if ch.isdigit())
    return int(digits[:-2]) if len(digits) > 2 else 1


@dataclass(frozen=True)
class Inclusion:
    """Proof that one sealed agreement is among those a published board covers."""

    index: int
    size: int
    leaf: str
    path: list[str]
    root: str


def sealed_leaves(project: Project) -> list[str]:
    """The hashes of the sealed agreements that count now, sorted: the leaves under the board's root."""
    return sorted(
        Agreement.objects.signed()
        .filter(project=project, household__snapshotentry__snapshot_id=project.snapshot_id)
        .exclude(sealed_sha256="")
        .values_list("sealed_sha256", flat=True)
    )


def root_of(leaves: Sequence[str]) -> str:
    """The Merkle root (RFC 6962) over hex hashes in their order."""
    return merkle.root([merkle.leaf(bytes.fromhex(leaf)) for leaf in leaves]).hex()


def inclusion(board: PublishedBoard, sha256: str) -> Inclusion | None:
    """Where ``sha256`` stands under the board's root; None if the board does not cover it."""
    leaves = board.leaves.split()
    if sha256 not in leaves:
        return None
    index = leaves.index(sha256)
    hashed = [merkle.leaf(bytes.fromhex(leaf)) for leaf in leaves]
    path = [sibling.hex() for sibling in merkle.proof(hashed, index)]
    return Inclusion(index, len(leaves), sha256, path, board.root)


def latest_board(project: Project) -> PublishedBoard | None:
    """The last published board of the project."""
    return PublishedBoard.objects.filter(project=project).order_by("-as_of").first()


def proof_file(board: PublishedBoard) -> dict[str, object]:
    """What anyone needs to recompute a published board: no name, no address below the building."""
    return {
        "project": board.project.code,
        "as_of": timezone.localtime(board.as_of).isoformat(),
        "signed": board.signed,
        "total": board.total,
        "sealed": board.sealed,
        "root": board.root,
        "buildings": board.rows,
        "leaves": board.leaves.split(),
    }
