"""Queries of the app, by noun."""
