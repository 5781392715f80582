"""Whom to tell, by noun."""

from . import congress, opinions, polls  # noqa: F401
