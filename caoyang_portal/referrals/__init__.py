"""Hand-overs between apps (转办): the only writer that knows more than one. Both sides, or neither."""
