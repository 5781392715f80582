"""Views of polls, by who uses them."""
