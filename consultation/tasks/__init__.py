"""Celery entry points, by noun."""

from . import papers, polls  # noqa: F401
