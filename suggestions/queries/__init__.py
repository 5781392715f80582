"""Reads that add up, by noun."""
