"""The clock of publicities."""

from celery import shared_task

from . import actions


@shared_task(name="publicity.watch")
def watch():
    """Every minute: end, take down, remind, seal certificates."""
    actions.follow_clock()
    actions.print_certificates()
