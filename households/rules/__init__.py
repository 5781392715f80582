"""Who may do what with households and their papers; the names are those of the actions."""

from . import agreements, board, files, materials, plans, projects, roster, signatures  # noqa: F401
