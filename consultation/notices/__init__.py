"""Whom to tell, by noun."""

from . import congress, house_rules, opinions, polls, topics  # noqa: F401
