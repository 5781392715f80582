"""Whom to tell, by noun."""

from . import congress, house_rules, meetings, minutes, opinions, polls, topics  # noqa: F401
