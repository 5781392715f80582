"""Celery entry points: rolls built."""

from celery import shared_task

from consultation.actions import roll_jobs


@shared_task(name="consultation.work_on_rolls")
def work_on_rolls():
    roll_jobs.work_on_rolls()
