"""Rules of the noun: board."""
