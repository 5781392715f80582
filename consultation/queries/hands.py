"""What a show of hands adds up to (举手计数): tellers compared, ticks weighed, the verdict in fractions."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from consultation.models import Attendance, HandTick, Meeting, ShowOfHands, TellerCount
from consultation.tally import ABSTAIN, AREA, HEADS, NO, YES, Share

from .attendance import HOUSEHOLDS, MEASURES, Hall

CHOICES = (YES, NO, ABSTAIN)
MORE_THAN_HALF = Share(Fraction(1, 2), exceeded=True)
BY_HEADS = (Meeting.Quorum.NONE, Meeting.Quorum.HEADS)


def attempt(counts: Iterable[TellerCount]) -> int:
    """Which time the hands are being counted: once more after two that differ."""
    counts = list(counts)
    last = max((count.attempt for count in counts), default=1)
    done = sum(count.attempt == last for count in counts)
    return last if done < 2 else last + 1


def agreed(counts: Iterable[TellerCount]) -> tuple[int, int, int] | None:
    """What two tellers counted alike the last time, if they did."""
    counts = list(counts)
    last = max((count.attempt for count in counts), default=1)
    found = [count.counted for count in counts if count.attempt == last]
    return found[0] if len(found) == 2 and found[0] == found[1] else None


def who_votes(of: Hall, moment: datetime) -> dict[UUID, tuple[UUID, UUID | None]]:
    """By voter who raises the hand and for which head of the roll, if there is one."""
    if of.has_roll:
        seated = of.seated(moment)
        return {entry: (seat.attendance_id, entry) for entry, seat in seated.items()}
    return {
        presence.attendance_id: (presence.attendance_id, None)
        for presence in of.there(moment)
        if presence.attendance.role == Attendance.Role.PARTICIPANT
    }


def weigh_ticks(of: Hall, ticks: Iterable[HandTick]) -> dict[str, dict[str, int]]:
    """Heads, homes and area by choice."""
    by: dict[str, list[UUID]] = {choice: [] for choice in CHOICES}
    for tick in ticks:
        by[tick.choice].append(tick.entry_id or tick.attendance_id)
    weighed = {choice: of.weigh(voters) for choice, voters in by.items()}
    return {
        measure: {choice: weighed[choice][measure] for choice in CHOICES}
        for measure in (HEADS, HOUSEHOLDS, AREA)
    }


def adopted(show: ShowOfHands, share: Share) -> bool:
    """Whether those who said yes are enough of those present, in every way the meeting counts."""
    measures = MEASURES[Meeting.Quorum(show.meeting.quorum)] or (HEADS,)
    return all(share.met(_yes(show, measure), _present(show, measure)) for measure in measures)


def _yes(show: ShowOfHands, measure: str) -> int:
    return show.yes if measure == HEADS else show.weighed[measure][YES]


def _present(show: ShowOfHands, measure: str) -> int:
    """Of those there when it was called; never fewer than hands were counted."""
    there = int(show.at_closing[measure])
    if measure == HEADS:
        return max(there, show.yes + show.no + show.abstain)
    return max(there, sum(show.weighed[measure].values()))
