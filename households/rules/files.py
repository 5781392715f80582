"""Rules of the noun: files."""
