"""Something in the file is wrong (更正申请, PIPL art. 46): asked, looked into, answered."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import CorrectionRequest, Household

from .locking import locked_household

MOST_OPEN = 5


@transaction.atomic
def ask_correction(household: Household, *, text: str, by: User) -> CorrectionRequest:
    """Say what is wrong in one's own file (申请更正)."""
    household = locked_household(household)
    require(by, "households.ask_correction", household)
    if not text.strip():
        raise Refused(_("请写一写哪里不对"))
    waiting = CorrectionRequest.objects.filter(
        household=household, state=CorrectionRequest.State.OPEN
    )
    if waiting.count() >= MOST_OPEN:
        raise Refused(_("您家还有几件在核实，请等答复，急事请打电话"))
    request = CorrectionRequest.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        asked_by=by,
        text=text.strip(),
    )
    record("households.ask_correction", request, by=by)
    return request


@transaction.atomic
def settle_correction(
    request: CorrectionRequest, *, state: CorrectionRequest.State, reply: str, by: User
) -> None:
    """Answer it (答复更正申请): corrected, or checked and right as it stands, with reasons either way."""
    locked_household(request.household)
    request = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
    require(by, "households.settle_correction", request)
    if not reply.strip():
        raise Refused(_("请写答复，住户会看到"))
    request.move_to(state)
    request.reply = reply.strip()
    request.settled_by = by
    request.settled_at = timezone.now()
    request.save(update_fields=["state", "reply", "settled_by", "settled_at"])
    record("households.settle_correction", request, by=by, state=str(state.value))
