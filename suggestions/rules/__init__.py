"""Who may do what, by noun; the names are those of the actions."""

from . import campaigns, claims, drafts, keepsakes, mailboxes, points, saved_views, suggestions  # noqa: F401
