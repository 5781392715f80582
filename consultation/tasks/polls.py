"""The clock of polls; every one of these may also be done by a person, so that none is waited for."""

from celery import shared_task

from consultation.actions import board, counting


@shared_task(name="consultation.watch_polls")
def watch_polls():
    """Every minute: open, close and count what is due, post codes, seal notices."""
    counting.follow_clock()
    board.post_due_batches()
    counting.print_result_notices()
    counting.sweep_dead_rows()
