"""Who has a place, how many are left, and whose turn on the waiting list it is (报名)."""

from dataclasses import dataclass

from django.db.models import Count, Q

from consultation.models import Meeting, Registration

State = Registration.State


@dataclass(frozen=True)
class Seats:
    """Places of one kind: for those who take part, or for observers. ``all`` is None without a limit."""

    all: int | None
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        return None if self.all is None else max(0, self.all - self.taken)

    @property
    def is_full(self) -> bool:
        return self.left == 0


def seated(meeting: Meeting) -> Q:
    """Who takes a seat: whoever follows a hybrid meeting from home does not."""
    return Q(is_online=False) if meeting.mode == Meeting.Mode.HYBRID else Q()


def seats(meeting: Meeting) -> tuple[Seats, Seats]:
    """Places for those who take part, and for observers."""
    here, watches = seated(meeting), Q(is_observer=True)
    counted = meeting.registrations.aggregate(
        coming=Count("pk", filter=Q(state=State.COMING) & ~watches & here),
        waiting=Count("pk", filter=Q(state=State.WAITING) & ~watches),
        watching=Count("pk", filter=Q(state=State.COMING) & watches & here),
        watch_list=Count("pk", filter=Q(state=State.WAITING) & watches),
    )
    return (
        Seats(meeting.capacity, counted["coming"], counted["waiting"]),
        Seats(meeting.observers, counted["watching"], counted["watch_list"]),
    )


def has_seat(meeting: Meeting, registration: Registration) -> bool:
    """Whether there is a place for ``registration`` now."""
    if meeting.mode == Meeting.Mode.HYBRID and registration.is_online:
        return True
    takes_part, watches = seats(meeting)
    return not (watches if registration.is_observer else takes_part).is_full


def turn(registration: Registration) -> int:
    """Their place on the waiting list, from 1."""
    ahead = registration.meeting.registrations.filter(
        state=State.WAITING, is_observer=registration.is_observer
    ).filter(
        Q(registered_at__lt=registration.registered_at)
        | Q(registered_at=registration.registered_at, pk__lt=registration.pk)
    )
    return 1 + ahead.count()
