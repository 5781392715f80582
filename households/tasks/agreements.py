"""Celery entry points: agreements made in bulk, and their seals."""

from celery import shared_task

from households.actions import generation, sealing


@shared_task(name="households.seal_due")
def seal_due():
    sealing.seal_due()
    sealing.alarm_unsealed()


@shared_task(name="households.generate_due")
def generate_due():
    generation.generate_due()
