"""Whom to tell, by noun."""

from . import campaigns, suggestions  # noqa: F401
