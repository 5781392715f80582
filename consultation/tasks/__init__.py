"""Celery entry points, by noun."""

from . import congress, papers, polls, rolls, topics  # noqa: F401
