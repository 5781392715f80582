"""Rules of the noun: agreements."""
