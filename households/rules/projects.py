"""Rules of the noun: projects."""
