"""The periods of written opinions (期限): they start, are met or dropped; who is late is told, step by step."""

from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from caoyang_portal.apart import apart
from caoyang_portal.ledger.entries import record
from consultation.models import OpinionClock, OpinionHandling, WrittenOpinion
from consultation.queries.opinions import step_due

log = structlog.get_logger(__name__)
Kind = OpinionClock.Kind


def start(
    opinion: WrittenOpinion,
    kind: OpinionClock.Kind,
    starts_on: date,
    due_on: date,
    handling: OpinionHandling | None = None,
) -> OpinionClock:
    """Let a period run, in the transaction of the act that begins it."""
    return OpinionClock.objects.create(
        neighbourhood_id=opinion.neighbourhood_id, opinion=opinion, handling=handling,
        round=opinion.round, kind=kind, starts_on=starts_on, due_on=max(due_on, starts_on),
    )  # fmt: skip


def meet(opinion: WrittenOpinion, kind: OpinionClock.Kind, today: date, **which: Any) -> None:
    """What was owed is done."""
    opinion.clocks.running().filter(kind=kind, **which).update(met_on=today)


def drop(opinion: WrittenOpinion, today: date, *kinds: OpinionClock.Kind) -> None:
    """Nobody owes it any more."""
    opinion.clocks.running().filter(kind__in=kinds or Kind.values).update(dropped_on=today)


def move_due(clock: OpinionClock, due_on: date) -> None:
    """A period was made longer: whoever is told about its end is told anew."""
    clock.due_on, clock.warned_on, clock.step = due_on, None, OpinionClock.Step.NOBODY
    clock.save(update_fields=["due_on", "warned_on", "step"])


def follow_clocks() -> None:
    """Warn before a period ends, press after it (提醒和催办); one opinion's trouble is not another's."""
    today = timezone.localdate()
    for clock in OpinionClock.objects.running().select_related("opinion__congress"):
        for act in (warn_opinion, press_opinion):
            apart(act, clock, today)


@transaction.atomic
def warn_opinion(clock: OpinionClock, today: date) -> bool:
    """Say once, some days before, that a period ends (快到期). By the clock."""
    clock = _locked(clock)
    days_left = (clock.due_on - today).days
    if not clock.is_running or clock.warned_on or days_left < 0:
        return False
    if days_left > clock.opinion.congress.warn_days:
        return False
    clock.warned_on = today
    clock.save(update_fields=["warned_on"])
    record("consultation.warn_opinion", clock, kind=clock.kind, due_on=clock.due_on.isoformat())
    return True


@transaction.atomic
def press_opinion(clock: OpinionClock, today: date) -> int:
    """Say that it is late: to the clerk, then the head, then the sub-district, each once (超期). By the clock."""
    clock = _locked(clock)
    if not clock.is_running:
        return 0
    due = step_due(clock, clock.opinion.congress, today)
    steps = range(clock.step + 1, due + 1)
    for step in steps:
        record("consultation.press_opinion", clock, kind=clock.kind, step=step)
    if steps:
        clock.step = due
        clock.save(update_fields=["step"])
    return len(steps)


def _locked(clock: OpinionClock) -> OpinionClock:
    return (
        OpinionClock.objects.select_for_update(of=("self",))
        .select_related("opinion__congress")
        .get(pk=clock.pk)
    )
