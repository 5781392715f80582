"""Celery entry points: roster."""

from celery import shared_task

from households.actions import roster_jobs


@shared_task(name="households.work_on_rosters")
def work_on_rosters():
    roster_jobs.work_on_rosters()
