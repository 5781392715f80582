"""Whom to tell, in which words (通知); importing it subscribes to the ledger."""

from . import agreements, board, files, materials, plans, projects, roster, signatures  # noqa: F401
