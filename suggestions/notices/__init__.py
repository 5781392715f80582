"""Whom to tell, by noun."""

from . import campaigns  # noqa: F401
