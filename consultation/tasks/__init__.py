"""Celery entry points, by noun."""

from . import congress, papers, polls, rolls  # noqa: F401
