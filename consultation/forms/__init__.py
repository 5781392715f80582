"""Forms of polls, by who uses them."""
