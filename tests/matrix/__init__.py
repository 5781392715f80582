"""The URL matrix: a world with everything in it, who is who, and a row for every address."""
