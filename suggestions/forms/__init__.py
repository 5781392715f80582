"""Shapes of what is filled in, by noun."""
