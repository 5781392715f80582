"""Two texts written on the same one, put together by lines (三方合并). No database.

Whatever either side wrote is in the result; where both changed the same lines there is none, and a
person decides.
"""

from difflib import SequenceMatcher
from typing import NamedTuple


class Edit(NamedTuple):
    """Lines ``first`` to ``last`` of the base became ``lines``."""

    first: int
    last: int
    lines: tuple[str, ...]


class Line(NamedTuple):
    """One line of a comparison: in both, or on one side only."""

    side: str  # both, theirs, mine
    text: str


def lines_of(text: str) -> list[str]:
    text = text.rstrip("\n")
    return text.split("\n") if text else []


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Both texts in one, theirs first where both added at the same place; None when they collide."""
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    before = lines_of(base)
    merged = _apply(before, _edits(before, lines_of(theirs)), _edits(before, lines_of(mine)))
    if merged is None:
        return None
    kept_open = mine[len(mine.rstrip("\n")) :]  # the line somebody is about to write on
    return "\n".join(merged) + kept_open


def compare(theirs: str, mine: str) -> list[Line]:
    """Line by line what only one of the two has."""
    left, right = lines_of(theirs), lines_of(mine)
    found: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("both", text) for text in left[i1:i2]]
        else:
            found += [Line("theirs", text) for text in left[i1:i2]]
            found += [Line("mine", text) for text in right[j1:j2]]
    return found


def together(theirs: str, mine: str) -> str:
    """Every line of both, once where they are the same: what one starts from to settle a conflict."""
    return "\n".join(line.text for line in compare(theirs, mine))


def _edits(base: list[str], other: list[str]) -> list[Edit]:
    codes = SequenceMatcher(None, base, other, autojunk=False).get_opcodes()
    return [Edit(i1, i2, tuple(other[j1:j2])) for tag, i1, i2, j1, j2 in codes if tag != "equal"]


def _apply(base: list[str], theirs: list[Edit], mine: list[Edit]) -> list[str] | None:
    edits = list(theirs)
    for edit in mine:
        twin = next((n for n, other in enumerate(edits) if _same_place(edit, other)), None)
        if twin is not None:
            both = "\n".join(edits[twin].lines), "\n".join(edit.lines)
            edits[twin] = edits[twin]._replace(lines=tuple(lines_of(together(*both))))
        elif edit not in edits:
            if any(_collide(edit, other) for other in theirs):
                return None
            edits.append(edit)
    return _written(base, edits)


def _same_place(one: Edit, other: Edit) -> bool:
    """Both only added, between the same two lines."""
    return one.first == one.last == other.first == other.last


def _collide(one: Edit, other: Edit) -> bool:
    """They touch the same lines; an addition beside a changed line does not."""
    return one.first < other.last and other.first < one.last


def _written(base: list[str], edits: list[Edit]) -> list[str]:
    result: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.last)):
        result += base[at : edit.first]
        result += edit.lines
        at = edit.last
    return result + base[at:]
