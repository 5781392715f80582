"""Celery entry points: board."""
