"""The clock of suggestions: pauses end, promises that have lapsed are told, what nobody rated is closed."""

from celery import shared_task

from suggestions.actions import suggestion_upkeep


@shared_task(name="suggestions.watch_suggestions")
def watch_suggestions():
    suggestion_upkeep.watch_suggestions()
