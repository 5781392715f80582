"""Whom to tell: projects."""
