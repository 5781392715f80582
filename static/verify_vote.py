"""Recount a poll by yourself: python3 verify_vote.py BUNDLE.json [--root HEX] [--older OLD.json] [--receipt CODE]

Needs nothing but Python. It recomputes the chain of the public board and its root, the roll, every
ballot's code, the sums and the verdict, and compares them with what was announced. Compare the printed
root with the one on the sealed notice. --older: a bundle you kept earlier must be the beginning of this
one. --receipt: what became of the ballot with this code.

In a secret poll the floor area of each choice cannot be recomputed; it is what the scrutineers attest.
"""

import argparse
import hashlib
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from fractions import Fraction

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
OPINIONS = ("yes", "no", "abstain")
HALF = Fraction(1, 2)


class Wrong(Exception):
    """The bundle is not even complete."""


def sha(*parts):
    return hashlib.sha256(
        b"".join(p.encode() if isinstance(p, str) else p for p in parts)
    ).digest()


def canon(value):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def list_hash(items):
    return sha(canon({"list": items})).hex()


def merkle(leaves):
    level = [sha(b"\x00", leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [sha(b"\x01", *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex() if level else sha().hex()


def code_of(poll, ballot):
    line = f"ballot/v1\n{poll}\n{ballot['question']}\n{ballot['choice']}\n"
    number = int.from_bytes(sha(line, bytes.fromhex(ballot["nonce"]))[:10], "big")
    letters = "".join(CROCKFORD[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


# ---- the board ----


def chain_holds(bundle):
    poll, prev = bundle["poll"], sha(f"board/v1/genesis\n{bundle['poll']}")
    for seq, entry in enumerate(bundle["board"], 1):
        want = sha(f"board/v1\n{poll}\n{seq}\n", prev, sha(entry["payload"]))
        stated = (entry["seq"], entry["prev_hash"], entry["hash"])
        if stated != (seq, prev.hex(), want.hex()):
            return False
        prev = want
    return True


def entries(bundle, kind):
    found = [json.loads(entry["payload"]) for entry in bundle["board"]]
    return [facts for facts in found if facts["kind"] == kind]


def only(bundle, kind):
    found = entries(bundle, kind)
    if len(found) != 1:
        raise Wrong(f"the board has {len(found)} entries of the kind {kind}, not one")
    return found[0]


# ---- the roll and the ballots ----


def roll_of(bundle):
    """Area by voter, and the hash of the roll."""
    areas = defaultdict(int)
    for _home, voter, area in bundle["roll"]:
        areas[voter] += area
    lines = "\n".join(sorted(f"{home}\t{voter}\t{area}" for home, voter, area in bundle["roll"]))
    return dict(areas), sha(f"roll/v1\n{bundle['poll']}\n{lines}").hex()


def ballot_checks(bundle, areas, setup):
    ballots, voted = bundle["ballots"], bundle["voted"]
    codes = [ballot["code"] for ballot in ballots]
    missing = sum(entry["missing"] for entry in entries(bundle, "amendment"))
    per_question = Counter(ballot["question"] for ballot in ballots)
    expected = len(voted) - missing
    posted = Counter(code for entry in entries(bundle, "batch") for code in entry["codes"])
    yield (
        "every voter voted once and is on the roll",
        (len(set(voted)) == len(voted) and set(voted) <= set(areas)),
    )
    yield (
        "every question has a ballot of every voter",
        all(per_question[question["number"]] == expected for question in setup["questions"])
        and set(per_question) <= {question["number"] for question in setup["questions"]},
    )
    yield (
        "every ballot opens its code",
        all(code_of(bundle["poll"], b) == b["code"] for b in ballots),
    )
    yield "no ballot stands twice", len(set(codes)) == len(codes)
    if bundle["secrecy"] == "open":
        cast = Counter((ballot["voter"], ballot["question"]) for ballot in ballots)
        yield "no voter has two ballots", all(number == 1 for number in cast.values())
        yield "every ballot is of somebody who voted", {b["voter"] for b in ballots} <= set(voted)
    if bundle["secrecy"] == "sealed":
        stripped, opened = only(bundle, "stripped"), only(bundle, "opened")
        yield "every sealed ballot was posted", sum(posted.values()) == stripped["envelopes"]
        live = stripped["envelopes"] - len(stripped["superseded"])
        yield "every sealed ballot was opened or replaced", live == opened["envelopes"]
    else:
        yield (
            "the ballots are those whose codes were posted",
            posted == Counter(codes + bundle["superseded"]),
        )


# ---- the count ----


def met(some, whole, part, exceeded):
    need = whole * Fraction(*part)
    return some > need if exceeded else some >= need


def add(areas, voters):
    voters = list(voters)
    return {"heads": len(voters), "area_cent": sum(areas[voter] for voter in voters)}


def binary(bundle, ballots, areas):
    """Sums by choice, and whether it passes; areas are None where ballots name nobody."""
    rule, is_open = bundle["rule"], bundle["secrecy"] == "open"
    voters = {name: [] for name in (*OPINIONS, "spoilt")}
    for ballot in ballots:
        voters[ballot["choice"]].append(ballot.get("voter", ""))
    if is_open:
        sums = {name: add(areas, who) for name, who in voters.items()}
    else:
        sums = {name: {"heads": len(who), "area_cent": None} for name, who in voters.items()}
    measures = ["heads", "area_cent"] if rule["by_area"] and is_open else ["heads"]
    silent = []
    if rule["silent_rule"] == "follow_majority":
        silent = [voter for voter in bundle["delivered"] if voter not in bundle["voted"]]
    weight, total = add(areas, silent), add(areas, areas)
    answered = {m: sum(sums[name][m] for name in sums) for m in measures}
    if silent:
        for name in OPINIONS:
            if all(met(sums[name][m], answered[m], (1, 2), True) for m in measures):
                sums[name] = {m: sums[name][m] + weight[m] for m in measures}
                break
    took_part = {m: answered[m] + weight[m] for m in measures}
    passes = []
    for measure in measures:
        if rule["quorum"][0]:
            passes.append(met(took_part[measure], total[measure], rule["quorum"], False))
        whole = (total if rule["passing_of_all"] else took_part)[measure]
        yes = sums["yes"][measure]
        passes.append(met(yes, whole, rule["passing"], rule["passing_exceeded"]))
    return sums, all(passes), measures


def binary_agrees(bundle, ballots, areas, stated):
    sums, passed, measures = binary(bundle, ballots, areas)
    same = all(
        sums[name][measure] == stated["choices"][name][measure]
        for name in sums
        for measure in measures
    )
    attested = [step["met"] for step in stated["thresholds"] if step["measure"] not in measures]
    sound = all(
        step["some"] is None
        or step["met"]
        == met(step["some"], step["whole"], map(int, step["share"].split("/")), step["exceeded"])
        for step in stated["thresholds"]
    )
    return same and sound and stated["passed"] == (passed and all(attested))


def elected(rule, votes):
    order = sorted(votes, key=lambda option: (-votes[option], int(option)))
    places = rule["places"]
    line = votes[order[places - 1]] if places <= len(order) else 0
    above = [option for option in order if votes[option] > line]
    at = [option for option in order if votes[option] == line and line > 0]
    if len(above) + len(at) > places:
        at = {"all": at, "none": [], "listed": at[: places - len(above)]}[rule["ties"]]
    return sorted(above + at, key=int)


def schulze(options, ballots):
    """Groups in the order of preference, by strongest paths."""
    wins = Counter()
    for ballot in ballots:
        place = {option: at for at, option in enumerate(ballot)}
        for a in options:
            for b in options:
                wins[a, b] += place.get(a, len(options)) < place.get(b, len(options))
    path = {
        (a, b): wins[a, b] if wins[a, b] > wins[b, a] else 0
        for a in options for b in options
    }  # fmt: skip
    for k in options:
        for a in options:
            for b in options:
                if len({a, b, k}) == 3:
                    path[a, b] = max(path[a, b], min(path[a, k], path[k, b]))
    beaten = {a: sum(path[a, b] > path[b, a] for b in options if b != a) for a in options}
    return [
        [a for a in options if beaten[a] == n] for n in sorted(set(beaten.values()), reverse=True)
    ]


def agrees(bundle, stated, areas, setup):
    """Whether one question's stated figures are what its ballots say."""
    rule, number = bundle["rule"], stated["number"]
    ballots = [ballot for ballot in bundle["ballots"] if ballot["question"] == number]
    if rule["method"] == "binary":
        return binary_agrees(bundle, ballots, areas, stated)
    answers = [b["choice"] for b in ballots if b["choice"] not in ("abstain", "spoilt")]
    question = next(q for q in setup["questions"] if q["number"] == number)
    options = [str(n) for n in range(1, len(question["options"]) + 1)]
    if rule["method"] == "score":
        lowest, highest, satisfied = rule["scale"]
        steps = Counter(map(int, answers))
        mean = Fraction(sum(map(int, answers)), len(answers)) if answers else None
        return (
            stated["counts"] == {str(n): steps[n] for n in range(lowest, highest + 1)}
            and stated["mean"] == ([mean.numerator, mean.denominator] if answers else None)
            and stated["satisfied"] == sum(n for step, n in steps.items() if step >= satisfied)
        )
    if rule["method"] == "ranked":
        return stated["order"] == schulze(options, [answer.split(">") for answer in answers])
    votes = {option: sum(option in a.split(",") for a in answers) for option in options}
    return stated["votes"] == votes and stated["elected"] == elected(rule, votes)


def same_result(bundle):
    return canon(bundle["result"]) == canon(only(bundle, "result")["result"])


def result_checks(bundle, areas, setup):
    result = bundle["result"]
    yield "the result is the one on the board", same_result(bundle)
    yield "the roll's sums are right", result["total"] == add(areas, areas)
    yield (
        "the sums of those who took part are right",
        (
            result["participating"] == add(areas, bundle["voted"])
            and sum(result["by_channel"].values()) == len(bundle["voted"])
        ),
    )
    numbers = [question["number"] for question in setup["questions"]]
    yield "every question has a result", [q["number"] for q in result["questions"]] == numbers
    for stated in result["questions"]:
        holds = agrees(bundle, stated, areas, setup)
        yield f"question {stated['number']} counts to what was announced", holds


def checks(bundle, root, older):
    """Each thing that must hold, in a sentence."""
    yield "the board is one unbroken chain", chain_holds(bundle)
    setup = only(bundle, "setup")
    yield "the board is of this poll", setup["poll"] == bundle["poll"]
    if older is not None:
        yield (
            "the older bundle is the beginning of this one",
            (
                older["poll"] == bundle["poll"]
                and older["board"] == bundle["board"][: len(older["board"])]
            ),
        )
    if "root" not in bundle:
        return
    want = merkle([bytes.fromhex(entry["hash"]) for entry in bundle["board"]])
    yield "the root is right", want == bundle["root"]
    if root:
        yield "the root is the one given", want == "".join(root.split()).lower()
    if "ballots" not in bundle:
        yield "the result is the one on the board", same_result(bundle)
        return
    areas, roll_hash = roll_of(bundle)
    yield "the roll is the one that was frozen", roll_hash == setup["roll_hash"]
    yield (
        "the roll's heads and area are those announced",
        add(areas, areas)
        == {
            "heads": setup["heads"],
            "area_cent": setup["area_cent"],
        },
    )
    yield "the rule is the one announced", canon(setup["rule"]) == canon(bundle["rule"])
    yield "the secrecy is the one announced", setup["secrecy"] == bundle["secrecy"]
    close = only(bundle, "close")
    for name in ("ballots", "voted", "superseded", "delivered"):
        yield f"the list of {name} is the one closed", list_hash(bundle[name]) == close[name]
    yield from ballot_checks(bundle, areas, setup)
    yield from result_checks(bundle, areas, setup)


def told_of(bundle, code):
    """What became of a receipt's code."""
    for ballot in bundle.get("ballots", []):
        if ballot["code"] == code:
            return f"counted for question {ballot['question']}: {ballot['choice']}", True
    if code in bundle.get("superseded", []):
        return "replaced by a later vote of the same voter", True
    if any(code in entry["codes"] for entry in entries(bundle, "batch")):
        return "posted on the board", True
    return "NOT FOUND: keep your receipt and show it to the scrutineers", False


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle")
    parser.add_argument("--root", default="")
    parser.add_argument("--older")
    parser.add_argument("--receipt", action="append", default=[])
    given = parser.parse_args(arguments)
    try:
        bundle = load(given.bundle)
        good = True
        for sentence, holds in checks(
            bundle, given.root, load(given.older) if given.older else None
        ):
            print("ok  " if holds else "BAD ", sentence)
            good = good and holds
        for code in given.receipt:
            sentence, found = told_of(bundle, code.strip().upper())
            print("ok  " if found else "BAD ", code, sentence)
            good = good and found
    except (Wrong, KeyError, TypeError, ValueError, IndexError, OSError) as problem:
        print("BAD  the bundle is damaged:", type(problem).__name__, problem)
        return 1
    if not good:
        print("This bundle is NOT what was announced: show it to the scrutineers.")
        return 1
    if "root" in bundle:
        print("root", bundle["root"])
        for question in bundle["result"]["questions"]:
            if "passed" in question:
                verdict = "passed" if question["passed"] else "not passed"
                print("question", question["number"], verdict)
        if "ballots" not in bundle:
            print("Only the board, its root and the result: who stands on the roll may recount.")
    else:
        print("This poll is not counted yet; only its board could be checked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
