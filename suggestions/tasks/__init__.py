"""Celery entry points, by noun."""

from . import campaigns, suggestions  # noqa: F401
