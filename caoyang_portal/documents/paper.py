"""The sheet (纸面): A4, and where on it people sign.

The boxes are drawn by ``templates/documents/signing_page.html`` and its CSS; the numbers must agree,
and the picture test sees when they do not.
"""

from collections.abc import Sequence
from typing import Any

A4_MM = (210.0, 297.0)
MM = 72 / 25.4  # points
BOXES_PER_PAGE = 8  # two columns of four
LEFT_MM = (25.0, 110.0)
TOP_MM = 70.0
WIDTH_MM = 75.0
HEIGHT_MM = 28.0
PITCH_MM = 46.0


def signing_pages(count: int) -> int:
    """How many pages ``count`` signature boxes take."""
    return max(1, -(-count // BOXES_PER_PAGE))


def signature_box(place: int, count: int) -> tuple[int, tuple[int, int, int, int]]:
    """Page (counted from the end, -1 is the last) and box in points of the ``place``-th of ``count``."""
    sheet, on_sheet = divmod(place, BOXES_PER_PAGE)
    row, column = divmod(on_sheet, 2)
    left = LEFT_MM[column]
    bottom = A4_MM[1] - TOP_MM - row * PITCH_MM - HEIGHT_MM
    corners = (left, bottom, left + WIDTH_MM, bottom + HEIGHT_MM)
    x1, y1, x2, y2 = (round(value * MM) for value in corners)
    return sheet - signing_pages(count), (x1, y1, x2, y2)


def signing_sheets(people: Sequence[Any]) -> list[Sequence[Any]]:
    """The signers of a paper, page by page, for the context of a template."""
    return [
        people[start : start + BOXES_PER_PAGE] for start in range(0, len(people), BOXES_PER_PAGE)
    ]
