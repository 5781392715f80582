"""Who may do what with polls; the names are those of the actions."""

from . import ballots, board, congress, kinds, opinions, paper, polls, rolls, topics  # noqa: F401
