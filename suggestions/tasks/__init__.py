"""Celery entry points, by noun."""
