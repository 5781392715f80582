"""Rules of the noun: roster."""
