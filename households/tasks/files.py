"""Celery entry points: letters."""

from celery import shared_task

from households.actions import letters


@shared_task(name="households.print_letters")
def print_letters():
    letters.print_letters()
