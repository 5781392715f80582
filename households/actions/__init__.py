"""Actions of the app, by noun."""
