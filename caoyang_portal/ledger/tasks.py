"""What the clock and a nudge wake."""

from celery import shared_task
from django.utils import timezone

from . import actions, entries


@shared_task(name="ledger.deliver")
def deliver():
    entries.deliver_pending()


@shared_task(name="ledger.take_checkpoint")
def take_checkpoint():
    actions.take_checkpoint(timezone.localdate())


@shared_task(name="ledger.print_checkpoints")
def print_checkpoints():
    actions.print_checkpoints()
