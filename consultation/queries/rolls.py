"""Who would stand on a roll, and who has answered (名册)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from consultation.commitments import roll_hash
from consultation.models import CastMark, Poll, PollKind, RollEntry, RollUnit
from consultation.models.rolls import OWNER_ROLES
from consultation.tally import Weight
from households.models import Household, Member, Residency

Electorate = PollKind.Electorate
Holder = RollEntry.Holder
OF_OWNERS = (Electorate.OWNERS, Electorate.OWNERS_AND_TENANTS)
GROWN_UP = 18


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
    member: Member | None = None
    homes: list[Home] = field(default_factory=list)


def households_in(poll: Poll) -> QuerySet[Household]:
    """The homes in the poll's scope, in the order of doors."""
    found = Household.objects.filter(neighbourhood_id=poll.neighbourhood_id)
    if poll.building_id:
        found = found.filter(building_id=poll.building_id)
    if poll.door:
        found = found.filter(door=poll.door)
    return found.select_related("building").order_by(
        "building__number", "building__name", "door", "room", "part"
    )


def heads_of(poll: Poll) -> list[Head]:
    """Everyone who may answer, by the poll's electorate, as the files stand now."""
    households = list(households_in(poll))
    members = _members(poll)
    electorate = poll.kind.electorate
    if electorate == Electorate.RESIDENTS:
        return _people(households, members, poll.opens_at.date())
    if electorate in OF_OWNERS:
        return _owners(households, members, electorate == Electorate.OWNERS_AND_TENANTS)
    return [
        Head(Holder.HOUSEHOLD, _names(members[household.pk]), household)
        for household in households
    ]


def _members(poll: Poll) -> dict[UUID, list[Member]]:
    found: dict[UUID, list[Member]] = defaultdict(list)
    living = Member.objects.filter(
        household__in=households_in(poll), left_at=None, is_deceased=False
    )
    for member in living.order_by("order", "pk"):
        found[member.household_id].append(member)
    return found


def _names(members: Iterable[Member]) -> str:
    owners = [member.name for member in members if member.role in OWNER_ROLES]
    return "、".join(owners)[:120] or _("（未登记）")


def _owners(
    households: list[Household], members: dict[UUID, list[Member]], by_tenants: bool
) -> list[Head]:
    """One head per owner with all their homes; public homes are their owner's unless tenants vote."""
    heads: dict[str, Head] = {}
    for household in households:
        owners = [m for m in members[household.pk] if m.role in OWNER_ROLES]
        home = Home(household, *_area(household))
        if household.tenure == Household.Tenure.PUBLIC_TENANT and not by_tenants:
            head = Head(Holder.PUBLIC_OWNER, _("公房产权单位"), household, "public-owner")
        else:
            name = _names(owners)
            head = Head(Holder.OWNER, name, household, _identity(owners))
        key = head.identity or str(household.pk)
        heads.setdefault(key, head).homes.append(home)
    return list(heads.values())


def _identity(owners: list[Member]) -> str:
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


def _people(
    households: list[Household], members: dict[UUID, list[Member]], day: date
) -> list[Head]:
    """Everyone grown up, once; without an ID number on file nobody is taken for a child."""
    heads: dict[str, Head] = {}
    for household in households:
        for member in members[household.pk]:
            if age_on(day, member.id_number) >= GROWN_UP:
                key = member.id_index or str(member.pk)
                head = Head(Holder.PERSON, member.name, household, member.id_index, member)
                heads.setdefault(key, head)
    return list(heads.values())


def age_on(day: date, id_number: str) -> int:
    """By the ID number's date of birth; ``GROWN_UP`` where it tells none."""
    digits = id_number[6:14]
    if len(id_number) != 18 or not digits.isdecimal():
        return GROWN_UP
    year, month, born = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return day.year - year - ((day.month, day.day) < (month, born))


def roll_lines(poll: Poll) -> list[tuple[str, str, int]]:
    """``(home, voter, area)`` as hashed and shown: a voter without homes stands with ``-``."""
    homes = list(poll.units.order_by("label").values_list("label", "entry__number", "area_cent"))
    bare = poll.roll.filter(units=None).values_list("number", flat=True)
    return sorted([*homes, *(("-", number, 0) for number in bare)])


def roll_table(poll: Poll, *, whole_names: bool) -> Iterator[tuple[str | Decimal, ...]]:
    """The roll as a table: a line per home, one for a voter without homes."""
    entries = poll.roll.select_related("building").prefetch_related("units").order_by("number")
    for entry in entries.iterator(chunk_size=2000):
        name = entry.name if whole_names else entry.masked_name
        building = entry.building.name if entry.building else ""
        units = entry.units.all()
        for unit in units:
            area = Decimal(unit.area_cent) / 100
            yield entry.number, name, building, unit.label, area, unit.get_basis_display()
        if not units:
            yield entry.number, name, building, "", "", ""


def weights(poll: Poll) -> dict[str, Weight]:
    """One head and its area by number on the roll."""
    found = poll.roll.annotate(area=Sum("units__area_cent")).values_list("number", "area")
    return {number: Weight(1, area or 0) for number, area in found}


def answered(poll: Poll) -> QuerySet[CastMark]:
    return CastMark.objects.filter(poll=poll, voided=False)


def answers(polls: Iterable[Poll]) -> list[int]:
    """How many have answered, for each of a page of polls."""
    asked = [poll.pk for poll in polls]
    marks = CastMark.objects.filter(poll__in=asked, voided=False).values_list("poll")
    found = dict(marks.annotate(n=Count("pk")).order_by())
    return [found.get(pk, 0) for pk in asked]


def unanswered(poll: Poll) -> QuerySet[RollEntry]:
    """The voters still silent: the call list."""
    mark = CastMark.objects.filter(entry=OuterRef("pk"), voided=False)
    return (
        RollEntry.objects.filter(~Exists(mark), poll=poll)
        .select_related("building", "household__building", "member")
        .order_by("building__number", "number")
    )


def calls(
    poll: Poll, entries: Sequence[RollEntry]
) -> list[tuple[RollEntry, list[Household], list[Member]]]:
    """Each voter with their homes, and whom to call there; telephones are for the page to mask."""
    homes: dict[UUID, list[Household]] = defaultdict(list)
    units = RollUnit.objects.filter(entry__in=[entry.pk for entry in entries])
    for unit in units.exclude(household=None).select_related("household__building"):
        if unit.household:
            homes[unit.entry_id].append(unit.household)
    for entry in entries:
        if entry.household and entry.pk not in homes:
            homes[entry.pk].append(entry.household)
    known = {home.pk for found in homes.values() for home in found}
    people: dict[UUID, list[Member]] = defaultdict(list)
    living = Member.objects.filter(household__in=known, left_at=None, is_deceased=False)
    for member in living.exclude(phone_index="").order_by("order", "pk"):
        if member.role in OWNER_ROLES or poll.kind.electorate == Electorate.HOUSEHOLDS:
            people[member.household_id].append(member)
    return [
        (entry, homes[entry.pk], [m for home in homes[entry.pk] for m in people[home.pk]])
        if entry.holder != Holder.PERSON
        else (entry, homes[entry.pk], [entry.member] if entry.member else [])
        for entry in entries
    ]


def users_of(poll: Poll, entries: QuerySet[RollEntry]) -> QuerySet[User]:
    """The logins that may answer for ``entries`` of ``poll``."""
    live = Residency.objects.live()
    electorate = poll.kind.electorate
    if electorate == Electorate.RESIDENTS:
        who = live.filter(member__in=entries.values("member"))
    elif electorate in OF_OWNERS:
        owners = entries.filter(holder=Holder.OWNER)
        homes = RollUnit.objects.filter(entry__in=owners.values("pk")).values("household")
        who = live.filter(household__in=homes, member__role__in=OWNER_ROLES)
    else:
        who = live.filter(household__in=entries.values("household"))
        if electorate == Electorate.HOLDERS:
            who = who.filter(member__role__in=OWNER_ROLES)
    return User.objects.filter(pk__in=who.values("user"), is_active=True)


@dataclass(frozen=True)
class Turnout:
    """How many of one building have answered; never how."""

    building: str
    heads: int
    answered: int
    by_channel: dict[str, int]


def turnout(poll: Poll) -> list[Turnout]:
    """Turnout by building and channel, live; the last row is the whole poll."""
    name = F("building__name")
    order = RollEntry.objects.filter(poll=poll).values_list(name).annotate(n=Count("pk"))
    heads = {building or "": n for building, n in order.order_by("building__number", name)}
    channels: dict[str, dict[str, int]] = defaultdict(dict)
    marks = answered(poll).values_list("entry__building__name", "channel").annotate(n=Count("pk"))
    for building, channel, n in marks.order_by():
        channels[building or ""][channel] = n
    rows = [
        Turnout(building, total, sum(channels[building].values()), channels[building])
        for building, total in heads.items()
    ]
    whole: dict[str, int] = defaultdict(int)
    for row in rows:
        for channel, number in row.by_channel.items():
            whole[channel] += number
    return [*rows, Turnout("", sum(heads.values()), sum(whole.values()), dict(whole))]


def same_names(poll: Poll) -> list[str]:
    """Names that stand on the roll more than once: perhaps one owner, a person must look."""
    names: dict[str, int] = defaultdict(int)
    for name in poll.roll.filter(~Q(holder=Holder.PERSON)).values_list("name", flat=True):
        names[name] += 1
    return sorted(name for name, times in names.items() if times > 1)
