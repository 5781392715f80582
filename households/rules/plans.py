"""Rules of the noun: plans."""
