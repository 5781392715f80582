"""What the clock and a nudge wake."""

from celery import shared_task

from . import sending


@shared_task(name="notices.send_pending")
def send_pending():
    sending.blank_old_codes()
    sending.send_pending()
