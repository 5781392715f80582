"""The clock of draft laws: what is over, what is due, what is to be printed."""

from celery import shared_task

from suggestions.actions import draft_batches


@shared_task(name="suggestions.watch_drafts")
def watch_drafts():
    draft_batches.watch_drafts()


@shared_task(name="suggestions.print_batches")
def print_batches():
    draft_batches.print_batches()
