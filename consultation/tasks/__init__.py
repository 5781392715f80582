"""Celery entry points, by noun."""

from . import (  # noqa: F401
    congress,
    house_rules,
    meetings,
    minutes,
    papers,
    polls,
    record,
    rolls,
    topics,
)
