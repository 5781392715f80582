"""Celery entry points: agreements."""
