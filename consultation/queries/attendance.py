"""Who is there, at any instant (到会、法定人数): recounted from the times of presence, never stored."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from consultation.models import Attendance, Meeting, Presence, RollUnit, Seat
from consultation.tally import AREA, HEADS, Share, Step

HOUSEHOLDS = "households"
MEASURES = {
    Meeting.Quorum.NONE: (),
    Meeting.Quorum.HEADS: (HEADS,),
    Meeting.Quorum.HOUSEHOLDS: (HOUSEHOLDS,),
    Meeting.Quorum.HEADS_AND_AREA: (HEADS, AREA),
}
Role = Attendance.Role


@dataclass(frozen=True)
class Worth:
    """What one head of the roll weighs: its homes, and their floor area in 0.01 m²."""

    homes: frozenset[UUID]
    area_cent: int = 0


@dataclass(frozen=True)
class Count:
    """How many are there at one instant, and what is missing to the quorum."""

    people: int  # whoever is there, observers too
    online: int
    heads: int  # of the roll, in person or by mandate; without a roll those who take part
    by_proxy: int
    households: int
    area_cent: int
    steps: tuple[Step, ...] = ()
    problem: str = ""  # why the quorum cannot be told

    @property
    def holds(self) -> bool:
        return not self.problem and all(step.met for step in self.steps)

    def of(self, measure: str) -> int:
        numbers = {HEADS: self.heads, HOUSEHOLDS: self.households, AREA: self.area_cent}
        return numbers[measure]

    def as_dict(self) -> dict[str, object]:
        return {
            "people": self.people,
            "online": self.online,
            HEADS: self.heads,
            "by_proxy": self.by_proxy,
            HOUSEHOLDS: self.households,
            AREA: self.area_cent,
            "steps": [step.as_dict() for step in self.steps],
            "holds": self.holds,
        }


@dataclass
class Hall:
    """Everything needed to count a meeting at any instant, fetched once (会场)."""

    meeting: Meeting
    presences: list[Presence] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    worth: dict[UUID, Worth] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)

    @cached_property
    def _seats_of(self) -> dict[UUID, list[Seat]]:
        found: dict[UUID, list[Seat]] = defaultdict(list)
        for seat in self.seats:
            found[seat.attendance_id].append(seat)
        return found

    @property
    def has_roll(self) -> bool:
        return self.meeting.roll_id is not None

    @property
    def problem(self) -> str:
        if self.meeting.quorum != Meeting.Quorum.NONE and not self.whole:
            return _("还没有冻结的名册，算不出到会人数够不够。")
        return ""

    @property
    def measures(self) -> tuple[str, ...]:
        return MEASURES[Meeting.Quorum(self.meeting.quorum)]

    @cached_property
    def share(self) -> Share:
        part = Fraction(self.meeting.quorum_part, self.meeting.quorum_whole)
        return Share(part, self.meeting.quorum_exceeded)

    def end_of(self, presence: Presence) -> datetime | None:
        """When it ended: by leaving, or with the meeting."""
        over = self.meeting.closed_at if self.meeting.state == Meeting.State.HELD else None
        ends = [moment for moment in (presence.left_at, over) if moment is not None]
        return min(ends) if ends else None

    def there(self, moment: datetime) -> list[Presence]:
        found = []
        for presence in self.presences:
            end = self.end_of(presence)
            if presence.arrived_at <= moment and (end is None or moment < end):
                found.append(presence)
        return found

    def seated(self, moment: datetime) -> dict[UUID, Seat]:
        """By head of the roll the seat it is counted by; whoever is there in person comes first."""
        found: dict[UUID, Seat] = {}
        for presence in self.there(moment):
            if presence.attendance.role != Role.PARTICIPANT:
                continue
            for seat in self._seats_of[presence.attendance_id]:
                first = found.get(seat.entry_id)
                if seat.held_at(moment) and (first is None or first.is_proxy):
                    found[seat.entry_id] = seat
        return found

    def voters(self, moment: datetime) -> set[UUID]:
        """Who may raise a hand: heads of the roll, or without one the participants."""
        if self.has_roll:
            return set(self.seated(moment))
        return {
            presence.attendance_id
            for presence in self.there(moment)
            if presence.attendance.role == Role.PARTICIPANT
        }

    def weigh(self, voters: Iterable[UUID]) -> dict[str, int]:
        """Heads, homes and area of so many voters."""
        voters = list(voters)
        if not self.has_roll:
            return {HEADS: len(voters), HOUSEHOLDS: self._households_of(voters), AREA: 0}
        homes: set[UUID] = set()
        area = 0
        for entry in voters:
            homes |= self.worth[entry].homes
            area += self.worth[entry].area_cent
        return {HEADS: len(voters), HOUSEHOLDS: len(homes), AREA: area}

    def _households_of(self, attendees: list[UUID]) -> int:
        of = {presence.attendance_id: presence.attendance for presence in self.presences}
        found = {of[pk].household_id for pk in attendees}
        return len(found - {None})

    def at(self, moment: datetime) -> Count:
        there = self.there(moment)
        seated = self.seated(moment)
        weight = self.weigh(self.voters(moment))
        return Count(
            people=len(there),
            online=sum(presence.is_online for presence in there),
            by_proxy=sum(seat.is_proxy for seat in seated.values()),
            steps=tuple(
                Step("quorum", measure, weight[measure], self.whole[measure], self.share)
                for measure in (self.measures if self.whole else ())
            ),
            problem=self.problem,
            heads=weight[HEADS],
            households=weight[HOUSEHOLDS],
            area_cent=weight[AREA],
        )

    def changes(self) -> list[datetime]:
        """Every instant at which somebody came or went, or a mandate began or ended."""
        found: set[datetime] = set()
        for presence in self.presences:
            end = self.end_of(presence)
            found |= {presence.arrived_at} | ({end} if end else set())
        for seat in self.seats:
            found |= {seat.since} | ({seat.ended_at} if seat.ended_at else set())
        return sorted(found)

    def between(self, first: datetime, last: datetime) -> list[datetime]:
        """The instants from ``first`` to ``last`` at which the count may differ."""
        inside = [moment for moment in self.changes() if first < moment < last]
        return [first, *inside, last]

    def least(self, first: datetime, last: datetime) -> tuple[datetime, Count]:
        """The instant with the fewest; of those at which the quorum was lost, the first."""
        counts = [(moment, self.at(moment)) for moment in self.between(first, last)]
        lost = [pair for pair in counts if not pair[1].holds]
        return lost[0] if lost else min(counts, key=lambda pair: pair[1].heads)


def hall(meeting: Meeting) -> Hall:
    """The hall as it stands now, in at most five queries however many came."""
    presences = meeting.presences.filter(voided=False).select_related("attendance")
    found = Hall(meeting, list(presences))
    if meeting.roll_id:
        found.seats = list(meeting.seats.all())
        found.worth = _worth(meeting)
        found.whole = _whole(meeting)
    return found


def _worth(meeting: Meeting) -> dict[UUID, Worth]:
    """Of every head somebody sits for."""
    entries = meeting.seats.values("entry_id")
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    areas: dict[UUID, int] = defaultdict(int)
    of_entry = meeting.seats.values_list("entry_id", "entry__household_id")
    units = RollUnit.objects.filter(entry__in=entries)
    for entry, unit, area in units.values_list("entry_id", "pk", "area_cent"):
        homes[entry].add(unit)
        areas[entry] += area
    return {
        entry: Worth(frozenset(homes.get(entry) or {household or entry}), areas[entry])
        for entry, household in of_entry
    }


def _whole(meeting: Meeting) -> dict[str, int]:
    """Of the whole roll, as it was frozen; empty until it is."""
    roll = meeting.roll
    if roll is None or not roll.roll_hash:
        return {}
    homes = roll.units.count()
    if not homes:
        homes = roll.roll.exclude(household=None).values("household").distinct().count()
    return {HEADS: roll.heads, HOUSEHOLDS: homes, AREA: roll.area_cent}


@dataclass(frozen=True)
class Moment:
    """One line of the history: when the numbers changed, and to what."""

    at: datetime
    count: Count
    turned: bool  # the quorum was reached or lost here


def history(of: Hall) -> list[Moment]:
    """The numbers at every instant they changed (到会人数的变化)."""
    found: list[Moment] = []
    held = False
    last: dict[str, object] = {}
    for moment in of.changes():
        count = of.at(moment)
        if count.as_dict() == last:
            continue
        found.append(Moment(moment, count, turned=bool(count.steps) and count.holds != held))
        held, last = count.holds, count.as_dict()
    return found


@dataclass(frozen=True)
class Comer:
    """One line of the list of those who came, for the desk and for the minutes."""

    attendance: Attendance
    times: list[tuple[datetime, datetime | None]]
    is_there: bool
    is_online: bool
    channel: str
    stands_for: list[Seat]
    open_presence: Presence | None


def comers(of: Hall, moment: datetime) -> list[Comer]:
    """Everyone who came, in the order of their first arrival; with when, and for whom they sit."""
    meeting = of.meeting
    rows = meeting.attendances.select_related("household__building", "user")
    seats: dict[UUID, list[Seat]] = defaultdict(list)
    if of.has_roll:
        for seat in meeting.seats.filter(ended_at=None).select_related("entry"):
            seats[seat.attendance_id].append(seat)
    by: dict[UUID, list[Presence]] = defaultdict(list)
    for presence in of.presences:
        by[presence.attendance_id].append(presence)
    here = {presence.pk for presence in of.there(moment)}
    found = [_comer(of, row, by[row.pk], seats[row.pk], here) for row in rows if by[row.pk]]
    return sorted(found, key=lambda comer: comer.times[0][0])


def _comer(
    of: Hall, row: Attendance, presences: list[Presence], seats: list[Seat], here: set[UUID]
) -> Comer:
    last = presences[-1]
    is_there = last.pk in here
    return Comer(
        attendance=row,
        times=[(presence.arrived_at, of.end_of(presence)) for presence in presences],
        is_there=is_there,
        is_online=last.is_online,
        channel=last.get_channel_display(),
        stands_for=seats,
        open_presence=last if is_there else None,
    )


def attended(meeting: Meeting) -> list[Attendance]:
    """Whoever was there at any time, for whoever writes the minutes (到会名单)."""
    there = meeting.presences.filter(voided=False).values("attendance_id")
    return list(
        meeting.attendances.filter(pk__in=there)
        .select_related("household__building")
        .order_by(F("role").asc(), "name", "pk")
    )
