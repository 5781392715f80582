"""Tables of the app, by noun; a noun refers only to nouns on its left: points, campaigns, suggestions,
claims, keepsakes, drafts."""

from .points import CollectionPoint, PointHours

__all__ = ["CollectionPoint", "PointHours"]
