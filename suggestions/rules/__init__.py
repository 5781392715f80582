"""Who may do what, by noun; the names are those of the actions."""

from . import campaigns, points  # noqa: F401
