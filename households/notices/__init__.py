"""Whom to tell, in which words (通知); importing it subscribes to the ledger."""

from . import (  # noqa: F401
    agreements,
    board,
    files,
    materials,
    plans,
    projects,
    publicity,
    roster,
    signatures,
)
