"""Who may do what with polls; the names are those of the actions."""

from . import (  # noqa: F401
    ballots,
    board,
    congress,
    evaluations,
    house_rules,
    kinds,
    meetings,
    minutes,
    opinions,
    paper,
    polls,
    resolutions,
    rolls,
    self_governance,
    topics,
)
