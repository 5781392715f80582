"""What the clock does with claims (到点办理): pauses end, lapsed promises are told, heads are warned."""

from datetime import date

import structlog
from django.db import transaction
from django.utils import timezone

from caoyang_portal.apart import apart
from caoyang_portal.ledger.entries import record
from suggestions.claim_paces import RUNGS, rungs_reached
from suggestions.models import Claim, VisitFinding
from suggestions.queries.claim_warnings import not_warned_of, warnings

from .claim_steps import locked_claim
from .claim_upkeep import go_on_after_pause

log = structlog.get_logger(__name__)


def watch_claims(today: date | None = None) -> int:
    """All that has come due by ``today``; one claim's trouble is not another's."""
    today = today or timezone.localdate()
    claims = Claim.objects.order_by("pk")
    done = [apart(end_claim_pause, one, today) for one in claims.filter(paused_until__lte=today)]
    late = claims.overdue(today).filter(rung__lt=len(RUNGS))  # type: ignore[attr-defined]
    done += [apart(press_claim, one, today) for one in late]
    risky = warnings(not_warned_of(claims), today)
    done += [apart(warn_claim, one.claim, [sign.key for sign in one.signs]) for one in risky]
    findings = VisitFinding.objects.open().filter(due_on__lt=today, pressed_on=None)  # type: ignore[attr-defined]
    done += [apart(press_finding, one, today) for one in findings]
    return sum(map(bool, done))


@transaction.atomic
def end_claim_pause(claim: Claim, today: date) -> bool:
    """The day until which it was paused has come (暂停到期)."""
    claim = locked_claim(claim)
    if not claim.paused_until or claim.paused_until > today:
        return False
    step = go_on_after_pause(claim, today, None)
    record("suggestions.end_claim_pause", claim, step=str(step.pk))
    return True


@transaction.atomic
def press_claim(claim: Claim, today: date) -> bool:
    """One rung further (超期催办), if the day has come; whoever stands on it is told once."""
    claim = locked_claim(claim)
    if not claim.is_late(today) or claim.next_on is None:
        return False
    reached = rungs_reached(claim.next_on, today)
    if reached <= claim.rung:
        return False
    rungs = list(range(claim.rung + 1, reached + 1))
    claim.rung = reached
    claim.save(update_fields=["rung"])
    record("suggestions.press_claim", claim, rungs=rungs, next_on=claim.next_on.isoformat())
    return True


@transaction.atomic
def warn_claim(claim: Claim, signs: list[str]) -> bool:
    """Tell the head that this one is likely to end badly (预警), once a round."""
    claim = locked_claim(claim)
    if claim.warned_round >= claim.round or not claim.is_live:
        return False
    claim.warned_round = claim.round
    claim.save(update_fields=["warned_round"])
    record("suggestions.warn_claim", claim, signs=signs, round=claim.round)
    return True


@transaction.atomic
def press_finding(finding: VisitFinding, today: date) -> bool:
    """What a leader was told is not answered in time (走访问题超期), told once."""
    finding = VisitFinding.objects.select_for_update().get(pk=finding.pk)
    if not finding.is_late(today) or finding.pressed_on:
        return False
    finding.pressed_on = today
    finding.save(update_fields=["pressed_on"])
    record("suggestions.press_finding", finding, finding=str(finding.pk))
    return True
