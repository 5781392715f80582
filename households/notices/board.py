"""Whom to tell: board."""
