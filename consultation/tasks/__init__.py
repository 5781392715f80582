"""Celery entry points, by noun."""

from . import congress, house_rules, papers, polls, rolls, topics  # noqa: F401
