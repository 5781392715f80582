"""Write an entry, and see that everyone who asked for it gets it."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from structlog.contextvars import bind_contextvars

from .canonical import canonical_json
from .models import Delivery, Entry
from .nudging import nudge

logger = logging.getLogger(__name__)

Handler = Callable[[Entry], None]
_subscribers: dict[str, dict[str, Handler]] = defaultdict(dict)

MOST_ATTEMPTS = 12  # about three and a half hours, then a person looks (死信)


def subscribe(act: str) -> Callable[[Handler], Handler]:
    """Decorate a function that should hear of every ``act``. It must bear being called twice."""

    def add(handler: Handler) -> Handler:
        _subscribers[act][f"{handler.__module__}.{handler.__name__}"] = handler
        return handler

    return add


def record(act: str, subject, /, *, by=None, **facts) -> Entry:
    """Enter ``act`` in the ledger; call it last in the transaction that does the act.

    An act on many subjects records them in the order of their chains, so that two such acts wait
    for each other instead of locking up. The facts say that and who, by ids and hashes: never a name, a phone, a choice or a confidence,
    for nothing here can ever be erased (PIPL art. 47).
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{act} recorded outside a transaction")
    entry = Entry(
        act=act,
        actor=by,
        chain=subject.ledger_chain,
        neighbourhood_id=subject.neighbourhood_id,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        payload=canonical_json(facts),
    )
    _append(entry, list(_subscribers[act]) if act in _subscribers else [])
    if act in _subscribers and not any(wake in call for call in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)
    bind_contextvars(act=act, neighbourhood=str(subject.neighbourhood_id))  # the log's next lines
    return entry


def _append(entry: Entry, subscribers: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM ledger_append("
            "%s::uuid, %s, %s::uuid, %s, %s::uuid, %s, %s, %s, %s::text[])",
            [
                entry.pk,
                entry.chain,
                entry.actor_id,
                entry.act,
                entry.neighbourhood_id,
                entry.subject_type,
                entry.subject_id,
                entry.payload,
                subscribers,
            ],
        )
        entry.seq, entry.at, entry.prev_hash, entry.hash = cursor.fetchone()
    entry._state.adding = False
    entry._state.db = connection.alias


def wake() -> None:
    """Ask for deliveries now: with the broker down, the minute beat finds them all the same."""
    nudge("ledger.deliver")


def deliver_pending(limit: int = 10_000, *, seconds: float = 50) -> int:
    """Settle what is owed, oldest first, until nothing is; workers may run this side by side."""
    settled = 0
    stop = time.monotonic() + seconds
    for _ in range(limit):
        delivery = _claim() if time.monotonic() < stop else None
        if delivery is None:
            break
        settled += _settle(delivery)
    return settled


@transaction.atomic
def _claim() -> Delivery | None:
    """Take the oldest delivery due and count the attempt before it is made.

    Committed first, so that a delivery which kills its worker is backed off like any other failure.
    """
    delivery = Delivery.objects.due().select_for_update(skip_locked=True).first()
    if delivery is None:
        return None
    delivery.attempts += 1
    # 10 s, 20 s, 40 s … at most an hour.
    wait = timedelta(seconds=min(3600, 10 * 2 ** (delivery.attempts - 1)))
    delivery.next_try_at = Now() + wait
    if delivery.attempts > MOST_ATTEMPTS:
        delivery.attempts = MOST_ATTEMPTS
        delivery.dead_at = timezone.now()
        delivery.last_error = delivery.last_error or "every attempt killed its worker"
    delivery.save(update_fields=["attempts", "next_try_at", "dead_at", "last_error"])
    return delivery


def _settle(claimed: Delivery) -> bool:
    """Call the subscriber; its writes and the settlement are one transaction."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.open()
            .select_related("entry")
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=claimed.pk, attempts=claimed.attempts)
            .first()
        )
        if delivery is None:
            return False  # dead by now, or another worker's
        try:
            with transaction.atomic():
                _subscribers[delivery.entry.act][delivery.subscriber](delivery.entry)
        except Exception as error:
            logger.exception("delivery %s to %s failed", delivery.pk, delivery.subscriber)
            # The kind of error only: its message may quote what a person confided.
            delivery.last_error = type(error).__name__
            if delivery.attempts >= MOST_ATTEMPTS:
                delivery.dead_at = timezone.now()
        else:
            delivery.settled_at = timezone.now()
        delivery.save(update_fields=["settled_at", "dead_at", "last_error"])
        return delivery.settled_at is not None
