"""Drills (演练): the real processes on durable servers, killed at random moments; nothing may be lost."""
