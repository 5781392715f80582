"""What is done to the ledger itself: a day's root is taken, a dead delivery is tried again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.errors import Refused
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment

from . import documents
from .checkpoints import FIRST, heads_now, keep_heads, root_over
from .entries import record, wake
from .models import Checkpoint, Delivery

if TYPE_CHECKING:  # people stand above the ledger
    from caoyang_portal.community.models import User

THE_PORTAL = UUID(int=0)  # the place of files that belong to no neighbourhood


@transaction.atomic
def take_checkpoint(day: date) -> Checkpoint:
    """Take the root over all heads (存证), once a day. By the clock."""
    with connection.cursor() as cursor:  # there may be no row to lock yet
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.take_checkpoint'))")
    last = Checkpoint.objects.first()
    if last is not None and last.day >= day:
        return last
    heads = heads_now()
    prev_root = bytes(last.root) if last else FIRST
    checkpoint = Checkpoint.objects.create(
        day=day,
        at=timezone.now(),
        root=root_over(day, prev_root, (head[:3] for head in heads)),
        prev_root=prev_root,
        heads=len(heads),
        entries=sum(seq for _chain, seq, _hash, _new in heads),
    )
    keep_heads(checkpoint.pk, [head[:3] for head in heads if head[3]])
    record("ledger.take_checkpoint", checkpoint, day=day, root=checkpoint.root.hex())
    return checkpoint


def print_checkpoints() -> int:
    """Print and seal the pages still missing (存证日报), outside of any transaction. By the clock."""
    missing = list(Checkpoint.objects.filter(document=None).order_by("day")[:7])
    for checkpoint in missing:
        page = keep(
            documents.checkpoint_page(checkpoint),
            f"存证日报 {checkpoint.day}.pdf",
            "application/pdf",
            neighbourhood_id=THE_PORTAL,
            by=None,
        )
        keep_checkpoint_page(checkpoint, page)
    return len(missing)


@transaction.atomic
def keep_checkpoint_page(checkpoint: Checkpoint, page: Attachment) -> Checkpoint:
    """Put the sealed page to its checkpoint (存证日报), once. By the clock."""
    checkpoint = Checkpoint.objects.select_for_update().get(pk=checkpoint.pk)
    if checkpoint.document_id is not None:
        return checkpoint
    checkpoint.document = page
    checkpoint.save(update_fields=["document"])
    record("ledger.keep_checkpoint_page", checkpoint, day=checkpoint.day, sha256=page.sha256)
    return checkpoint


@transaction.atomic
def retry_delivery(delivery: Delivery, *, by: User) -> Delivery:
    """Try a dead delivery again from the start (重投)."""
    delivery = (
        Delivery.objects.select_related("entry")
        .select_for_update(of=("self",))
        .get(pk=delivery.pk)
    )
    require(by, "ledger.retry_delivery", delivery)
    if delivery.settled_at is not None or delivery.dead_at is None:
        raise Refused(_("这条已在投递，不用重投。"))
    delivery.dead_at = None
    delivery.attempts = 0
    delivery.next_try_at = Now()
    delivery.save(update_fields=["dead_at", "attempts", "next_try_at"])
    record(
        "ledger.retry_delivery",
        delivery,
        by=by,
        entry=delivery.entry_id,
        subscriber=delivery.subscriber,
    )
    transaction.on_commit(wake, robust=True)
    return delivery
