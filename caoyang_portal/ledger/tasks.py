"""What the clock and a nudge wake."""

from celery import shared_task

from . import entries


@shared_task(name="ledger.deliver")
def deliver():
    entries.deliver_pending()
