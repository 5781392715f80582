"""Whom to tell: roster."""
