"""Whom to tell: agreements."""
