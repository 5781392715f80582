"""The clock of campaigns: those whose last day is over are closed."""

from celery import shared_task

from suggestions.actions import campaigns


@shared_task(name="suggestions.end_campaigns")
def end_campaigns():
    campaigns.end_campaigns()
