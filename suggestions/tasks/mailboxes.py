"""The clock of mailboxes: boxes not opened and rounds not finished in time are told of."""

from celery import shared_task

from suggestions.actions import mailboxes


@shared_task(name="suggestions.watch_mailboxes")
def watch_mailboxes():
    mailboxes.watch_mailboxes()
