"""Reading the ledger: timelines for the apps above, and the auditor's search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from .models import Delivery, Entry, EntryQuerySet


@dataclass(frozen=True)
class Timeline:
    """One page of what happened (时间线), newest first."""

    entries: list[Entry]
    next_before: str  # give it as ``before`` to read on; "" at the end


def entries_of(chains: str | Iterable[str], *, before: str = "", limit: int = 20) -> Timeline:
    """What happened on one chain, or on several as one story; ``entry.label`` says it in Chinese.

    The caller has seen to it that the reader may see these chains.
    """
    names = [chains] if isinstance(chains, str) else list(chains)
    entries = Entry.objects.of(*names).select_related("actor")
    if before:
        entries = entries.filter(at__lt=datetime.fromisoformat(before))
    page = list(entries[: limit + 1])
    more = len(page) > limit
    return Timeline(page[:limit], page[limit - 1].at.isoformat() if more else "")


def find_entries(
    visible: EntryQuerySet, *, chain: str = "", act: str = "", day: date | None = None
) -> QuerySet[Entry]:
    """The entries of one chain or one day (today, if neither is given), newest first."""
    if chain:
        visible = visible.filter(chain=chain)
    elif day is None:
        day = timezone.localdate()
    if act:
        visible = visible.filter(act=act)
    if day is not None:
        begins = timezone.make_aware(datetime.combine(day, time.min))
        visible = visible.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    return visible.select_related("actor").order_by("-at", "-seq")


@dataclass(frozen=True)
class Outbox:
    """How the outbox stands, for the readiness check and the alarm."""

    owed: int
    dead: int
    oldest_seconds: int


def outbox_state() -> Outbox:
    """How much is owed or dead, and how long the oldest has been due."""
    due = Delivery.objects.due().values_list("next_try_at", flat=True).first()
    late = int((timezone.now() - due).total_seconds()) if due else 0
    return Outbox(
        owed=Delivery.objects.open().count(),
        dead=Delivery.objects.dead().count(),
        oldest_seconds=max(0, late),
    )
