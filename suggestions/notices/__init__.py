"""Whom to tell, by noun."""
