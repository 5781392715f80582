"""Whom to tell, by noun."""

from . import congress, house_rules, meetings, opinions, polls, topics  # noqa: F401
