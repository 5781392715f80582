"""The developer's machine: embedded servers, the demo, checks. Nothing here runs in production."""
