"""Drawing lots (抽签): the same list and the same seed always draw the same people.

``static/verify_draw.py`` says the same in plain Python, for whoever wants to draw again.
Whoever is in the group gets a ticket, SHA-256 of the seed and their code; the lowest are drawn. With
strata each gets its share first: in proportion by largest remainders, or the same for all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

Frame = Sequence[Sequence[str]]  # [code, stratum], sorted
WHOLE, PROPORTIONAL, EQUAL = "whole", "proportional", "equal"


def code_of(draw: object, person: object) -> str:
    """What somebody is called in the list of one draw: it tells nobody who they are."""
    return hashlib.sha256(f"{draw}:{person}".encode()).hexdigest()[:16]


def frame_hash(frame: Frame) -> str:
    """The list's fingerprint: a line for each, code and stratum."""
    lines = "".join(f"{code}\t{stratum}\n" for code, stratum in frame)
    return hashlib.sha256(lines.encode()).hexdigest()


def ticket(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def shares(sizes: dict[str, int], wanted: int, spread: str) -> dict[str, int]:
    """How many each stratum gives; never more than it has, ``wanted`` in all if there are so many."""
    wanted = min(wanted, sum(sizes.values()))
    if spread == PROPORTIONAL:
        total = sum(sizes.values())
        given = {name: wanted * size // total for name, size in sizes.items()}
        rest = {name: wanted * size % total for name, size in sizes.items()}
        for name in sorted(sizes, key=lambda name: (-rest[name], name))[
            : wanted - sum(given.values())
        ]:
            given[name] += 1
        return given
    given = dict.fromkeys(sizes, 0)
    while sum(given.values()) < wanted:  # round by round, in the order of names
        for name in sorted(sizes):
            if given[name] < sizes[name] and sum(given.values()) < wanted:
                given[name] += 1
    return given


def draw(frame: Frame, wanted: int, seed: str, spread: str) -> list[str]:
    """The codes drawn, in the order of their tickets."""
    strata = defaultdict(list)
    for code, stratum in frame:
        strata["" if spread == WHOLE else stratum].append(code)
    given = shares({name: len(codes) for name, codes in strata.items()}, wanted, spread)
    drawn = []
    for name, codes in strata.items():
        drawn += sorted(codes, key=lambda code: ticket(seed, code))[: given[name]]
    return sorted(drawn, key=lambda code: ticket(seed, code))
