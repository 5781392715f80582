"""The clock of meetings: who is expected is reminded."""

from celery import shared_task

from consultation.actions import meetings


@shared_task(name="consultation.remind_of_meetings")
def remind_of_meetings():
    meetings.remind_of_meetings()
