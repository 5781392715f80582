"""Whom to tell, by noun."""

from . import congress, opinions, polls, topics  # noqa: F401
