"""The clock of the record of meetings."""

from celery import shared_task
from django.utils import timezone

from consultation.actions import record


@shared_task(name="consultation.forget_unnamed_speakers")
def forget_unnamed_speakers():
    """Every hour: a week after a meeting nobody knows who spoke behind a label."""
    record.forget_unnamed_speakers(timezone.now())
