"""Pages: looking is for everyone, the desk for those who post."""
