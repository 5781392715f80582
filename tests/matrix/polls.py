"""Rows for the addresses of polls: voting is for residents and everyone, the desk for the staff."""

from tests.matrix.row import Row

VOTING: list[Row] = []
DESK_OF_POLLS: list[Row] = []
