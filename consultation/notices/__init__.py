"""Whom to tell, by noun."""

from . import (  # noqa: F401
    attendance,
    congress,
    house_rules,
    meetings,
    minutes,
    opinions,
    polls,
    resolutions,
    topics,
)
