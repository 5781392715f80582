"""Celery entry points, by noun."""

from . import campaigns  # noqa: F401
