"""Whom to tell, in which words (通知); importing it subscribes to the ledger."""

from . import agreements, board, files, plans, projects, roster, signatures  # noqa: F401
