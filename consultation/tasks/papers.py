"""Celery entry points: ballots printed, scans read."""

from celery import shared_task

from consultation.actions import paper_jobs


@shared_task(name="consultation.work_on_papers")
def work_on_papers():
    paper_jobs.work_on_papers()
