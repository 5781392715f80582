"""Whom to tell: plans."""
