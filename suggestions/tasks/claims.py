"""The clock of claims: pauses that end, promises that have lapsed, warnings."""

from celery import shared_task

from suggestions.actions import claim_clock


@shared_task(name="suggestions.watch_claims")
def watch_claims():
    claim_clock.watch_claims()
