"""Mailboxes with the day each is due, and how far a round is (邮筒)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from suggestions.models import CollectionPoint, Letter, MailboxRound


@dataclass(frozen=True)
class Box:
    """A mailbox, when it was opened last, and when it is to be opened next."""

    point: CollectionPoint
    last: date | None
    due: date
    live: bool  # a round of it is still open

    def is_late(self, today: date) -> bool:
        return not self.live and self.due < today


def boxes(points: QuerySet[CollectionPoint]) -> list[Box]:
    """The soonest due first."""
    found = points.with_mailbox().annotate(  # type: ignore[attr-defined]
        last_at=Max("rounds__opened_at", filter=~Q(rounds__state="void")),
        live=Count("rounds", filter=Q(rounds__state__in=("opened", "confirmed"))),
    )
    made = []
    for point in found.select_related("neighbourhood"):
        last = timezone.localdate(point.last_at) if point.last_at else None
        made.append(Box(point, last, point.mailbox_due(last), bool(point.live)))
    return sorted(made, key=lambda box: (box.due, box.point.number))


def with_letters(rounds: QuerySet[MailboxRound]) -> QuerySet[MailboxRound]:
    """Each with ``entered`` letters, of which ``waiting`` are not dealt with."""
    return rounds.annotate(
        entered=Count("letters"),
        waiting=Count("letters", filter=Q(letters__fate=Letter.Fate.WAITING)),
    )
