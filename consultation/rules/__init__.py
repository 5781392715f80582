"""Who may do what with polls; the names are those of the actions."""

from . import (  # noqa: F401
    attendance,
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
    record,
    resolutions,
    rolls,
    self_governance,
    topics,
)
