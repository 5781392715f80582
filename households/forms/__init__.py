"""Forms of the app, by noun."""
