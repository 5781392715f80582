"""Whom to tell, by noun."""

from . import campaigns, claims, drafts, keepsakes, mailboxes, suggestions  # noqa: F401
