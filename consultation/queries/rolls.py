"""The roll as it stands, and who has answered (名册)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value

from caoyang_portal.community.models import User
from consultation.models import CastMark, Poll, PollKind, RollEntry, RollUnit
from consultation.models.rolls import OWNER_ROLES
from consultation.tally import Weight
from households.models import Household, Member, Residency

from .heads import OF_OWNERS

Electorate = PollKind.Electorate
Holder = RollEntry.Holder


def roll_lines(poll: Poll) -> list[tuple[str, str, int]]:
    """``(home, voter, area)`` as hashed and shown: a voter without homes stands with ``-``."""
    homes = list(poll.units.order_by("label").values_list("label", "entry__number", "area_cent"))
    bare = poll.roll.filter(units=None).values_list("number", flat=True)
    return sorted([*homes, *(("-", number, 0) for number in bare)])


def roll_table(poll: Poll, *, whole_names: bool) -> Iterator[tuple[str | Decimal, ...]]:
    """The roll as a table: a line per home, one for a voter without homes."""
    voter = ("number", "holder", "name", "building__name")
    homes = poll.units.order_by("entry__number", "label").values_list(
        *(f"entry__{name}" for name in voter), "label", "area_cent", "basis"
    )
    nothing = (Value(""), Value(0), Value(""))
    bare = poll.roll.filter(units=None).order_by("number").values_list(*voter, *nothing)
    bases = dict(RollUnit.Basis.choices)
    for number, holder, name, building, label, area, basis in merge(
        homes, bare, key=itemgetter(0)
    ):
        shown = name if whole_names else RollEntry.masked(holder, name)
        home = (label, Decimal(area) / 100, bases[basis]) if label else ("", "", "")
        yield number, shown, building or "", *home


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
