"""Celery entry points: roster."""
