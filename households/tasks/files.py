"""Celery entry points: letters, long lists, messages to many."""

from celery import shared_task

from households.actions import export_jobs, letters, messaging


@shared_task(name="households.print_letters")
def print_letters():
    letters.print_letters()


@shared_task(name="households.write_exports")
def write_exports():
    export_jobs.write_exports()


@shared_task(name="households.release_group_messages")
def release_group_messages():
    messaging.release_group_messages()
