#!/usr/bin/env python3
"""Draw the lots of a meeting again (重抽): python3 verify_draw.py draw.json

The file is linked on the meeting's page. It holds the list of everybody in the group, each by a code
and, where lots were drawn building by building, the building; the seed; and the codes drawn. This
script needs Python alone, and says whether the same list and seed draw the same codes.
"""

import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def shares(sizes, wanted, spread):
    total = sum(sizes.values())
    wanted = min(wanted, total)
    if spread == "proportional":
        given = {name: wanted * size // total for name, size in sizes.items()}
        order = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % total), name))
        for name in order[: wanted - sum(given.values())]:
            given[name] += 1
        return given
    given = dict.fromkeys(sizes, 0)
    while sum(given.values()) < wanted:
        for name in sorted(sizes):
            if given[name] < sizes[name] and sum(given.values()) < wanted:
                given[name] += 1
    return given


def main(path):
    with open(path, encoding="utf-8") as file:
        told = json.load(file)
    lines = "".join(f"{code}\t{stratum}\n" for code, stratum in told["frame"])
    strata = {}
    for code, stratum in told["frame"]:
        strata.setdefault("" if told["spread"] == "whole" else stratum, []).append(code)
    sizes = {name: len(codes) for name, codes in strata.items()}
    given = shares(sizes, told["wanted"], told["spread"])

    def ticket(code):
        return sha256(f"{told['seed']}:{code}")

    drawn = [c for name, codes in strata.items() for c in sorted(codes, key=ticket)[: given[name]]]
    checks = [
        ("the list has the published fingerprint", sha256(lines) == told["frame_hash"]),
        (
            "nobody stands on the list twice",
            len({c for c, _s in told["frame"]}) == len(told["frame"]),
        ),
        ("list and seed draw the published codes", sorted(drawn, key=ticket) == told["drawn"]),
    ]
    for words, holds in checks:
        print("ok    " if holds else "WRONG ", words)
    return 0 if all(holds for _words, holds in checks) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
