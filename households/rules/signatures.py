"""Rules of the noun: signatures."""
