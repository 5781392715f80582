"""Celery entry points: files."""
