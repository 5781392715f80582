"""The clock of topics: promises that have lapsed are told."""

from celery import shared_task

from consultation.actions import topic_upkeep


@shared_task(name="consultation.watch_topics")
def watch_topics():
    topic_upkeep.watch_topics()
