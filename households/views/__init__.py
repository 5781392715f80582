"""Views of the app, by noun."""
