"""Whom to tell: files."""
