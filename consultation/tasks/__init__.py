"""Celery entry points, by noun."""

from . import polls  # noqa: F401
