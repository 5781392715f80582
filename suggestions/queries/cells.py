"""Small numbers in published tables (少于五不公开): what is hidden cannot be computed from what is shown.

A row is shown whole, with its total only, or not at all. A number from 1 to 4 is never shown. What
one could get by taking the shown rows from the sums counts as shown: so rows are hidden in company,
the smallest first, until what they come to together has no small number in it either.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

FEWEST = 5
Key = TypeVar("Key")
Cells = tuple[int, ...]


@dataclass(frozen=True)
class Shown:
    """What is shown of a row: its total and its cells, or None where that is hidden."""

    total: int | None
    cells: Cells | None


HIDDEN = Shown(None, None)


def is_small(number: int) -> bool:
    return 0 < number < FEWEST


def protect(rows: Mapping[Key, Cells]) -> tuple[dict[Key, Shown], Shown]:
    """What may be shown of each row, and of their sum."""
    whole = _sum(rows, rows)
    closed = {key for key, cells in rows.items() if is_small(sum(cells))}
    closed = _in_company(rows, closed, _totals_tell)
    if is_small(sum(whole)) or _totals_tell(rows, closed):
        return {key: _shown(rows[key], any(rows[key]), False) for key in rows}, HIDDEN
    veiled = closed | {key for key, cells in rows.items() if any(map(is_small, cells))}
    if any(map(is_small, whole)):
        overall = Shown(sum(whole), None)  # and from no sum nothing is taken
    else:
        overall = Shown(sum(whole), whole)
        veiled = _in_company(rows, veiled, _cells_tell)
    return {key: _shown(rows[key], key in closed, key in veiled) for key in rows}, overall


def _shown(cells: Cells, is_closed: bool, is_veiled: bool) -> Shown:
    return Shown(None if is_closed else sum(cells), None if is_closed or is_veiled else cells)


def _totals_tell(rows: Mapping[Key, Cells], hidden: set[Key]) -> bool:
    """Whether the sum of hidden totals gives one away: 9 less 5 is 4, and three that make 12 are 4 each."""
    total, count = sum(_sum(rows, hidden)), len(hidden)
    tells = {count, count * (FEWEST - 1)}
    return bool(hidden) and (total < 2 * FEWEST or total in tells)


def _cells_tell(rows: Mapping[Key, Cells], hidden: set[Key]) -> bool:
    return any(0 < number < 2 * FEWEST for number in _sum(rows, hidden))


def _in_company(
    rows: Mapping[Key, Cells],
    hidden: set[Key],
    tells: Callable[[Mapping[Key, Cells], set[Key]], bool],
) -> set[Key]:
    """``hidden`` and as many other rows, in their order, as it takes for their sum to tell nothing."""
    others = [key for key in reversed(list(rows)) if key not in hidden and any(rows[key])]
    hidden = set(hidden)
    while hidden and others and (len(hidden) < 2 or tells(rows, hidden)):
        hidden.add(others.pop())
    return hidden


def _sum(rows: Mapping[Key, Cells], keys: Iterable[Key]) -> Cells:
    return tuple(map(sum, zip(*(rows[key] for key in keys), strict=True)))


def percent(part: int, whole: int) -> str:
    """A share cut off after a tenth, never rounded up; nothing of nothing is no share."""
    if not whole:
        return ""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %"
