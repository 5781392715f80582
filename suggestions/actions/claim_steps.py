"""What every act on a claim does: hold it, move it on, promise the next day, put that on its line (诉求进展)."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from suggestions.claim_paces import promised
from suggestions.models import Claim, ClaimStep, Dispatch

State = Claim.State
PROMISE = ["next_step", "next_on", "rung"]


def locked_claim(claim: Claim) -> Claim:
    """The claim as it stands, held until the transaction ends."""
    return (
        Claim.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "claimant")
        .get(pk=claim.pk)
    )


def locked_dispatch(dispatch: Dispatch) -> Dispatch:
    """The same with one unit's part; a claim is locked before what belongs to it."""
    claim = locked_claim(dispatch.claim)
    found = Dispatch.objects.select_related("unit").get(pk=dispatch.pk)
    found.claim = claim
    return found


def refuse_unless_at(claim: Claim, *states: str) -> None:
    if claim.paused_until:
        raise Refused(_("这件诉求暂停着，请先恢复办理"))
    if claim.state not in states:
        raise Refused(_("诉求“%(now)s”，现在不能这样做") % {"now": claim.get_state_display()})


def refuse_unless_live(dispatch: Dispatch) -> None:
    if dispatch.ended_on is not None or dispatch.round != dispatch.claim.round:
        raise Refused(_("这件诉求已经不在您的单位"))


def add_step(claim: Claim, text: str, by: User | None) -> ClaimStep:
    """Put the claim's state and promise as they are now on its line."""
    return ClaimStep.objects.create(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, state=claim.state, text=text.strip(),
        next_step=claim.next_step, next_on=claim.next_on, by=by,
    )  # fmt: skip


def promise(claim: Claim) -> None:
    """Set what comes next and until when, by the limits in force; nothing once it has ended."""
    if claim.is_live:
        claim.next_step, claim.next_on = promised(claim, timezone.localdate())
    else:
        claim.next_step, claim.next_on = "", None
    claim.rung = 0


def go_on(claim: Claim, state: State, *, words: str, by: User | None, **changes: Any) -> ClaimStep:
    """Move, change, promise, and say so on the line."""
    claim.move_to(state)
    for name, value in changes.items():
        setattr(claim, name, value)
    promise(claim)
    claim.save(update_fields=["state", *PROMISE, *changes])
    return add_step(claim, words, by)


def next_number(neighbourhood_id: Any, today: date) -> str:
    """The next of the year; numbers are given one after the other."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)
    here = Claim.objects.filter(
        neighbourhood_id=neighbourhood_id, number__startswith=f"{today.year}-"
    )
    last = here.order_by("-number").values_list("number", flat=True).first()
    return f"{today.year}-{int(last.split('-')[1]) + 1 if last else 1:04d}"
