"""Whom to tell, by noun."""

from . import campaigns, claims, drafts, mailboxes, suggestions  # noqa: F401
