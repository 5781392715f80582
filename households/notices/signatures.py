"""Whom to tell: signatures."""
