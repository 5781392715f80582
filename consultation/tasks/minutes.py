"""Celery entry points: the clock of minutes, and their sealed files."""

from celery import shared_task

from consultation.actions import minutes_papers, minutes_signing


@shared_task(name="consultation.work_on_minutes")
def work_on_minutes():
    minutes_papers.work_on_minutes()


@shared_task(name="consultation.watch_minutes")
def watch_minutes():
    """Every ten minutes: whose days for corrections are over goes on to signing."""
    minutes_signing.follow_minutes_clock()
