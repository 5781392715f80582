"""Celery entry points, by noun."""

from . import congress, house_rules, meetings, minutes, papers, polls, rolls, topics  # noqa: F401
