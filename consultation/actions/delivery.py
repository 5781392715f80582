"""Ballots delivered to many at once (批量送达)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.models import BallotDelivery, Poll, RollEntry

from .locking import locked_poll
from .rolls import refuse_delivery


@transaction.atomic
def record_deliveries(
    poll: Poll,
    *,
    entries: Sequence[RollEntry],
    way: BallotDelivery.Way,
    delivered_on: date,
    proof: Attachment | None = None,
    note: str = "",
    by: User,
) -> int:
    """Note one round through a building (批量登记送达): one proof for all; once for each way."""
    poll = locked_poll(poll)
    require(by, "consultation.record_deliveries", poll)
    refuse_delivery(poll, way, delivered_on, proof)
    wanted = {entry.pk for entry in entries}
    noted = set(poll.deliveries.filter(way=way).values_list("entry_id", flat=True))
    fresh = poll.roll.filter(pk__in=wanted - noted)
    made = BallotDelivery.objects.bulk_create(
        BallotDelivery(
            neighbourhood_id=poll.neighbourhood_id, poll=poll, entry=entry, way=way,
            delivered_on=delivered_on, proof=proof, note=note, recorded_by=by,
        )
        for entry in fresh
    )  # fmt: skip
    record(
        "consultation.record_deliveries", poll, by=by, way=str(way),
        entries=[str(one.entry_id) for one in made],
    )  # fmt: skip
    return len(made)
