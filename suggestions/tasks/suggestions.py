"""The clock of suggestions: pauses end, promises that have lapsed are told, what nobody rated is closed, old drafts go."""

from celery import shared_task

from suggestions.actions import suggestion_drafts, suggestion_upkeep


@shared_task(name="suggestions.watch_suggestions")
def watch_suggestions():
    suggestion_upkeep.watch_suggestions()
    suggestion_drafts.forget_drafts()
