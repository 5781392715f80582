"""Whom to tell, by noun."""

from . import polls  # noqa: F401
