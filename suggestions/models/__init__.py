"""Tables of the app, by noun; a noun refers only to nouns on its left: points, campaigns, suggestions,
claims, keepsakes, drafts."""
