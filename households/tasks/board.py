"""The clock of the signing board."""

from celery import shared_task

from households.actions import board, effect


@shared_task(name="households.watch_signing")
def watch_signing():
    """Every minute: close what ran out, publish what changed."""
    effect.lapse_due_projects()
    board.publish_changed_boards()
