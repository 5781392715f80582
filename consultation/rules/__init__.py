"""Who may do what with polls; the names are those of the actions."""

from . import ballots, board, kinds, paper, polls, rolls  # noqa: F401
