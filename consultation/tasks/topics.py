"""The clock of topics and resolutions: promises that have lapsed are told."""

from celery import shared_task

from consultation.actions import resolutions, topic_upkeep


@shared_task(name="consultation.watch_topics")
def watch_topics():
    topic_upkeep.watch_topics()
    resolutions.watch_resolutions()
