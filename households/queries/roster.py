"""What a roster's rows would change (名册比对): each row against the file of its dwelling."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from caoyang_portal.community.models import Building
from caoyang_portal.confidential import blind_index, mask_id_number, mask_phone
from households.models import CareTag, Household, ImportRow, Member

from .roster_file import cells
from .roster_file.reading import RowReading

Verdict = ImportRow.Verdict
# Columns of the household's own row that a roster may set.
OWN_FIELDS = (
    "floor",
    "tenure",
    "certificate_number",
    "certificate_issued_on",
    "living_area",
    "usable_area",
    "floor_area",
    "area_basis",
    "kitchen",
    "toilet",
    "shared_with",
    "has_balcony",
    "has_gas_meter",
    "has_loft",
    "registered_count",
    "resident_count",
    "occupancy",
    "special",
    "remark",
)
KEY_FIELDS = ("door", "room", "part")
Values = dict[str, Any]
Changes = dict[str, list[Any]]


@dataclass
class Person:
    """A member as far as a comparison needs it; numbers only as their indexes."""

    pk: UUID
    role: str
    name: str
    phone_index: str
    id_index: str
    is_deceased: bool


@dataclass
class Home:
    """A household on file (在档户), with its people and tags."""

    pk: UUID
    building_id: UUID
    stored: Values
    people: list[Person] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    @property
    def holder(self) -> Person | None:
        return next((p for p in self.people if p.role == Member.Role.HOLDER), None)


@dataclass(frozen=True)
class RowPlan:
    """What importing one row would do (一行的处置)."""

    verdict: str
    household_id: UUID | None = None
    changes: Changes = field(default_factory=dict)


def as_stored(value: Any) -> Any:
    """A column's value in the form a row's values have it."""
    if value is None or value == "":
        return None
    if isinstance(value, (Decimal, date)):
        return str(value)
    return value


class Roll:
    """Everybody on file in a neighbourhood, by dwelling (全部在档户)."""

    def __init__(self, neighbourhood_id: UUID) -> None:
        self.buildings: dict[str, Building] = {}
        for building in Building.objects.select_related("work_zone").filter(
            neighbourhood_id=neighbourhood_id
        ):
            self.buildings.setdefault(cells.building(building.name), building)
        self.homes: dict[UUID, Home] = {}
        self._at: dict[tuple[UUID, str], list[Home]] = defaultdict(list)
        self._taken: set[UUID] = set()
        self._read_homes(neighbourhood_id)
        self._read_people(neighbourhood_id)

    def _read_homes(self, neighbourhood_id: UUID) -> None:
        columns = ("pk", "building_id", *KEY_FIELDS, *OWN_FIELDS)
        rows = Household.objects.filter(neighbourhood_id=neighbourhood_id).values(*columns)
        for row in rows.iterator(chunk_size=5_000):
            home = Home(row.pop("pk"), row.pop("building_id"), row)
            self.homes[home.pk] = home
            self._at[home.building_id, cells.room(home.stored["room"])].append(home)

    def _read_people(self, neighbourhood_id: UUID) -> None:
        people = Member.objects.filter(neighbourhood_id=neighbourhood_id, left_at=None)
        columns = ("pk", "role", "name", "phone_index", "id_index", "is_deceased")
        for row in people.values("household_id", *columns).iterator(chunk_size=5_000):
            self.homes[row.pop("household_id")].people.append(Person(**row))
        standing = CareTag.objects.filter(
            neighbourhood_id=neighbourhood_id, removed_at=None
        ).values_list("household_id", "kind")
        for household_id, kind in standing.iterator(chunk_size=5_000):
            self.homes[household_id].tags.add(kind)

    def home_of(self, values: Values) -> list[Home]:
        """The households a row may speak of: none, the one, or several."""
        building = self.buildings.get(values["building"])
        if building is None:
            return []
        nearby = self._at.get((building.pk, values["room"]), [])
        exact = [h for h in nearby if all(_same(h, of, values) for of in ("door", "part"))]
        if exact:
            return exact
        return [h for h in nearby if all(_may_be(h, of, values) for of in ("door", "part"))]

    def plan(self, values: Values) -> RowPlan | str:
        """What a row would do, or the code of the problem that keeps it out."""
        homes = self.home_of(values)
        if len(homes) > 1:
            return "ambiguous_dwelling"
        if not homes:
            return RowPlan(Verdict.NEW)
        home = homes[0]
        if home.pk in self._taken:
            return "ambiguous_dwelling"
        self._taken.add(home.pk)
        changes = dict(differences(home, values))
        return RowPlan(Verdict.CHANGED if changes else Verdict.SAME, home.pk, changes)


def _same(home: Home, of: str, values: Values) -> bool:
    return bool(home.stored[of] == values.get(of, ""))


def _may_be(home: Home, of: str, values: Values) -> bool:
    """Where one side does not say, the other may be right."""
    return not home.stored[of] or not values.get(of) or _same(home, of, values)


def differences(home: Home, values: Values) -> Iterator[tuple[str, list[Any]]]:
    """Field -> [as it stands, as the row says]. A blank cell says nothing and changes nothing."""
    for of in ("door", "part"):
        if values.get(of) and not _same(home, of, values):
            yield of, [home.stored[of], values[of]]
    for of in OWN_FIELDS:
        old, new = as_stored(home.stored[of]), values.get(of)
        if new is None or old == new or (of == "remark" and old and new in old):
            continue
        yield of, [old, f"{old}\n{new}" if of == "remark" and old else new]
    yield from _differences_of_holder(home.holder, values)
    known = {person.name for person in home.people}
    for of in ("co_owners", "co_residents"):
        added = [name for name in names(values.get(of, [])) if name not in known]
        if added:
            yield of, [None, added]
    if kinds := [tag["kind"] for tag in values.get("tags", []) if tag["kind"] not in home.tags]:
        yield "tags", [None, kinds]


def names(people: Iterable[Any]) -> list[str]:
    """Names of co-owners (texts) or of co-residents (with their relation)."""
    return [p["name"] if isinstance(p, dict) else p for p in people]


def _differences_of_holder(holder: Person | None, values: Values) -> Iterator[tuple[str, list]]:
    if holder is None or holder.name != values["name"]:
        yield "name", [holder.name if holder else None, values["name"]]
    replaced = holder is None or is_replaced(holder, values)
    phone = values.get("phone", "")
    if phone and (
        holder is None or replaced or holder.phone_index != blind_index(phone, "member")
    ):
        yield "phone", [None, mask_phone(phone)]
    number = values.get("id_number", "")
    if number and (
        holder is None or replaced or holder.id_index != blind_index(number, "id_number")
    ):
        yield "id_number", [None, mask_id_number(number)]
    if values.get("is_deceased") and (holder is None or replaced or not holder.is_deceased):
        yield "is_deceased", [False, True]


def is_replaced(holder: Person | Member, values: Values) -> bool:
    """Another name and not the same ID number: another person, not a correction."""
    if holder.name == values["name"]:
        return False
    number = values.get("id_number", "")
    return not (number and holder.id_index == blind_index(number, "id_number"))


def judge(roll: Roll, reading: RowReading) -> RowPlan:
    """The verdict on one row; what the comparison finds joins the row's own findings."""
    if reading.errors:
        return RowPlan(Verdict.ERROR)
    plan = roll.plan(reading.values)
    if isinstance(plan, str):
        reading.error("room", plan)
        return RowPlan(Verdict.ERROR)
    building = roll.buildings.get(reading.values["building"])
    zone = reading.values.get("zone")
    if building and building.work_zone and zone and building.work_zone.name != zone:
        reading.warn("zone", "zone_differs", text=building.work_zone.name)
    if plan.household_id is not None:
        _warn_of_people(roll.homes[plan.household_id], reading)
    return plan


def _warn_of_people(home: Home, reading: RowReading) -> None:
    values = reading.values
    if home.holder and is_replaced(home.holder, values):
        reading.warn("name", "holder_replaced")
    if values.get("co_residents"):
        named = {values["name"], *names(values["co_residents"]), *values.get("co_owners", [])}
        left = [
            p.name
            for p in home.people
            if p.role == Member.Role.CO_RESIDENT and p.name not in named
        ]
        if left:
            reading.warn("co_residents", "person_not_in_file", names="、".join(left))
