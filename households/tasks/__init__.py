"""Celery entry points, by noun."""

from . import agreements, board, files, roster  # noqa: F401
