"""Who would stand on a roll, as the household files tell (名册从档案来)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Building
from consultation.commitments import roll_hash
from consultation.models import Poll, PollKind, RollEntry, RollUnit
from consultation.models.rolls import OWNER_ROLES
from households.models import Household, Member

Electorate = PollKind.Electorate
Holder = RollEntry.Holder
OF_OWNERS = (Electorate.OWNERS, Electorate.OWNERS_AND_TENANTS)
GROWN_UP = 18
PIECE = 2000  # homes read between two notes of progress
AT_ONCE = 5000  # residents whose roll is built while one waits: about a second
OF_A_HOME = (
    "building_id", "door", "room", "part", "tenure", "floor_area", "usable_area", "living_area",
    "area_basis",
)  # fmt: skip


class Person(NamedTuple):
    """What a roll needs of one member; a plain row, for rolls of sixty thousand are read."""

    pk: UUID
    household_id: UUID
    role: str
    name: str
    id_index: str
    phone_index: str
    id_number: str = ""  # where the age is asked for; to decrypt it takes most of the time


@dataclass(frozen=True)
class File:
    """What a roll needs of one household's file."""

    household: Household
    members: list[Person]


@dataclass(frozen=True)
class Home:
    """One home of a head, with its area in 0.01 m²; 0 where none is on file."""

    household: Household
    area_cent: int
    basis: str


@dataclass
class Head:
    """One who will stand on the roll."""

    holder: str
    name: str
    household: Household
    identity: str = ""
    member: Person | None = None
    homes: list[Home] = field(default_factory=list)


def households_in(poll: Poll) -> QuerySet[Household]:
    """The homes in the poll's scope, in the order of doors."""
    found = Household.objects.filter(neighbourhood_id=poll.neighbourhood_id)
    if poll.building_id:
        found = found.filter(building_id=poll.building_id)
    if poll.door:
        found = found.filter(door=poll.door)
    return found.order_by("building__number", "building__name", "door", "room", "part")


def _residents() -> QuerySet[Member]:
    return Member.objects.filter(left_at=None, is_deceased=False)


def is_soon_read(poll: Poll) -> bool:
    """Whether so few live in the poll's scope that one may wait for the roll."""
    return _residents().filter(household__in=households_in(poll)).count() <= AT_ONCE


def files_in(poll: Poll) -> Iterator[list[File]]:
    """The files of the poll's scope, piece by piece: no more of each than a roll needs."""
    households = list(households_in(poll).only(*OF_A_HOME))
    buildings = Building.objects.in_bulk({household.building_id for household in households})
    for household in households:
        household.building = buildings[household.building_id]
    for start in range(0, len(households), PIECE):
        piece = households[start : start + PIECE]
        members = _members(poll, [household.pk for household in piece])
        yield [File(household, members[household.pk]) for household in piece]


def _members(poll: Poll, homes: list[UUID]) -> dict[UUID, list[Person]]:
    by_age = poll.kind.electorate == Electorate.RESIDENTS
    wanted = Person._fields if by_age else Person._fields[:-1]
    living = _residents().filter(household__in=homes).order_by("order", "pk")
    found: dict[UUID, list[Person]] = defaultdict(list)
    for row in living.values_list(*wanted):
        person = Person(*row)
        found[person.household_id].append(person)
    return found


def heads_of(poll: Poll, files: Iterable[File]) -> list[Head]:
    """Everyone who may answer, by the poll's electorate, as the files stand."""
    electorate = poll.kind.electorate
    if electorate == Electorate.RESIDENTS:
        return _people(files, poll.opens_at.date())
    if electorate in OF_OWNERS:
        return _owners(files, electorate == Electorate.OWNERS_AND_TENANTS)
    return [Head(Holder.HOUSEHOLD, _names(file.members), file.household) for file in files]


def doubled_address(heads: Iterable[Head]) -> str:
    """An address that two homes of a roll have; "" if there is none."""
    times = Counter(home.household.address for head in heads for home in head.homes)
    return next((address for address, n in times.items() if n > 1), "")


def _names(members: Iterable[Person]) -> str:
    owners = [member.name for member in members if member.role in OWNER_ROLES]
    return "、".join(owners)[:120] or _("（未登记）")


def _owners(files: Iterable[File], by_tenants: bool) -> list[Head]:
    """One head per owner with all their homes; public homes are their owner's unless tenants vote."""
    heads: dict[str, Head] = {}
    for file in files:
        household = file.household
        owners = [m for m in file.members if m.role in OWNER_ROLES]
        home = Home(household, *_area(household))
        if household.tenure == Household.Tenure.PUBLIC_TENANT and not by_tenants:
            head = Head(Holder.PUBLIC_OWNER, _("公房产权单位"), household, "public-owner")
        else:
            name = _names(owners)
            head = Head(Holder.OWNER, name, household, _identity(owners))
        key = head.identity or str(household.pk)
        heads.setdefault(key, head).homes.append(home)
    return list(heads.values())


def _identity(owners: list[Person]) -> str:
    """What two homes of the same owners share; "" when that cannot be told."""
    marks = [
        member.id_index or (f"{member.phone_index}:{member.name}" if member.phone_index else "")
        for member in owners
    ]
    return roll_hash("identity", [(mark, "", 0) for mark in marks]) if all(marks) and marks else ""


def _area(household: Household) -> tuple[int, str]:
    """Register before survey before contract (最高法建筑物区分所有权解释第八条)."""
    area = household.floor_area or household.usable_area or household.living_area or Decimal(0)
    words = {"测": RollUnit.Basis.SURVEY, "合同": RollUnit.Basis.CONTRACT}
    basis = next(
        (basis for word, basis in words.items() if word in household.area_basis),
        RollUnit.Basis.REGISTER,
    )
    return int(area * 100), basis


def _people(files: Iterable[File], day: date) -> list[Head]:
    """Everyone grown up, once; without an ID number on file nobody is taken for a child."""
    heads: dict[str, Head] = {}
    for file in files:
        for member in file.members:
            if age_on(day, member.id_number) >= GROWN_UP:
                key = member.id_index or str(member.pk)
                head = Head(Holder.PERSON, member.name, file.household, member.id_index, member)
                heads.setdefault(key, head)
    return list(heads.values())


def age_on(day: date, id_number: str) -> int:
    """By the ID number's date of birth; ``GROWN_UP`` where it tells none."""
    digits = id_number[6:14]
    if len(id_number) != 18 or not digits.isdecimal():
        return GROWN_UP
    year, month, born = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return day.year - year - ((day.month, day.day) < (month, born))
