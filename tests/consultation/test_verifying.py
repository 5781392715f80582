"""Whoever holds the bundle recounts the poll; whatever was touched is found."""

import copy
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey

from consultation import tally
from consultation.actions import board, counting
from consultation.queries.bundle import bundle
from tests.consultation.builders import (
    SHARES,
    again,
    cast,
    closed,
    counted,
    kind,
    neighbours,
    opened,
)

STATIC = Path(__file__).resolve().parents[2] / "static"


def load(name):
    spec = importlib.util.spec_from_file_location(name, STATIC / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify_vote, scrutineer_key = load("verify_vote"), load("scrutineer_key")


def broken(facts, **options):
    """The sentences that do not hold."""
    values = {"root": "", "older": None} | options
    try:
        return [said for said, holds in verify_vote.checks(facts, **values) if not holds]
    except (verify_vote.Wrong, KeyError, TypeError, ValueError, IndexError) as damage:
        return [repr(damage)]


@pytest.fixture
def open_bundle(people, places, households):
    """Ten voters by name, one of whom changed their mind; another was never asked again."""
    voters = neighbours(places, 8)
    poll = opened(people, places, of=kind("lift-compound"))
    for n, voter in enumerate(voters):
        cast(poll, voter, {"1": "yes" if n else "no"})
    cast(poll, people["wang"], {"1": "no"})
    cast(poll, people["wang"])
    return json.loads(json.dumps(bundle(counted(poll))))


@pytest.fixture
def secret_bundle(people, places, households):
    poll = opened(people, places, of=kind("residents"), secrecy="separated")
    cast(poll, people["wang"])
    cast(poll, people["zhao"], {"1": "no"})
    return json.loads(json.dumps(bundle(counted(poll))))


@pytest.fixture
def sealed_bundle(people, places, households):
    poll = opened(people, places, of=kind("house-rules", revote=True), secrecy="sealed")
    cast(poll, people["wang"], {"1": "no"})
    cast(poll, people["wang"])
    cast(poll, people["zhao"])
    poll = closed(poll)
    counting.open_envelopes(poll, shares=SHARES, by=people["chen"])
    return json.loads(json.dumps(bundle(counted(poll))))


@pytest.mark.parametrize("secrecy", ["open", "secret", "sealed"])
def test_what_was_announced_is_what_is_recounted(request, secrecy):
    assert broken(request.getfixturevalue(f"{secrecy}_bundle")) == []


def flip(facts):
    ballot = facts["ballots"][0]
    ballot["choice"] = "no" if ballot["choice"] == "yes" else "yes"


def drop(facts):
    facts["ballots"].pop()


def stuff(facts):
    extra = dict(facts["ballots"][0], nonce="ab" * 32)
    facts["ballots"].append(extra | {"code": verify_vote.code_of(facts["poll"], extra)})


def replace(facts):
    ballot = facts["ballots"][0] | {"choice": "abstain", "nonce": "cd" * 32}
    facts["ballots"][0] = ballot | {"code": verify_vote.code_of(facts["poll"], ballot)}


def vote_twice(facts):
    facts["voted"].append(facts["voted"][0])


def change_area(facts):
    facts["roll"][0][2] += 1


def change_result(facts):
    facts["result"]["questions"][0]["passed"] ^= True


def remove_batch(facts):
    facts["board"] = [
        entry for entry in facts["board"] if '"kind":"batch"' not in entry["payload"]
    ]


def change_rule(facts):
    facts["rule"]["passing"] = [1, 100]


TAMPERS = [
    flip, drop, stuff, replace, vote_twice, change_area, change_result, remove_batch, change_rule,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERS)
@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_whatever_was_touched_is_found(request, secrecy, tamper):
    facts = copy.deepcopy(request.getfixturevalue(f"{secrecy}_bundle"))
    tamper(facts)
    assert broken(facts)


def rechained(facts):
    """What an operator would do who rewrites the whole board after the fact."""
    prev = verify_vote.sha(f"board/v1/genesis\n{facts['poll']}")
    for seq, entry in enumerate(facts["board"], 1):
        line = f"board/v1\n{facts['poll']}\n{seq}\n"
        now = verify_vote.sha(line, prev, verify_vote.sha(entry["payload"]))
        entry.update(seq=seq, prev_hash=prev.hex(), hash=now.hex())
        prev = now
    hashes = [bytes.fromhex(entry["hash"]) for entry in facts["board"]]
    facts["root"] = verify_vote.merkle(hashes)


def test_a_board_rewritten_as_a_whole_is_found_by_the_root_or_an_older_copy(open_bundle):
    older = copy.deepcopy(open_bundle)
    older["board"] = older["board"][:2]
    root = open_bundle["root"]
    assert broken(open_bundle, root=root, older=older) == []
    forged = copy.deepcopy(open_bundle)
    setup = json.loads(forged["board"][0]["payload"])
    forged["board"][0]["payload"] = verify_vote.canon(setup | {"title": "别的题目"})
    rechained(forged)
    assert broken(forged) == []
    assert broken(forged, root=root) == ["the root is the one given"]
    assert broken(forged, older=older) == ["the older bundle is the beginning of this one"]


def test_from_the_command_to_the_verdict(open_bundle, tmp_path, capsys):
    call_command("poll_bundle", open_bundle["poll"])
    path = tmp_path / "bundle.json"
    path.write_text(capsys.readouterr().out)
    code = open_bundle["ballots"][0]["code"]
    command = [sys.executable, "-I", str(STATIC / "verify_vote.py"), str(path)]
    done = subprocess.run(
        [*command, "--receipt", code, "--root", open_bundle["root"]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "BAD" in done.stdout) == (0, False)
    assert subprocess.run(
        [*command, "--receipt", "0000-0000-0000-0000"], capture_output=True, check=False
    ).returncode == 1  # fmt: skip
    path.write_text("{}")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_poll_result(open_bundle, capsys):
    call_command("poll_result", open_bundle["poll"], "--json")
    told = json.loads(capsys.readouterr().out)
    assert told == open_bundle["result"] | {
        "poll": open_bundle["poll"], "state": "counted", "root": open_bundle["root"],
    }  # fmt: skip
    call_command("poll_result", "--list")
    assert capsys.readouterr().out.split("\t")[:2] == [open_bundle["poll"], "counted"]
    for wrong in ([], ["nothing"], [open_bundle["poll"], "--list"]):
        with pytest.raises(CommandError):
            call_command("poll_result", *wrong)


def test_codes_are_posted_in_batches_and_never_one_by_one(people, places, households):
    voters = neighbours(places, 8)
    poll = opened(people, places)
    for voter in voters[:7]:
        cast(poll, voter)
    assert board.post_due_batches() == 0
    receipt = cast(poll, voters[7])
    assert board.post_due_batches() == 1
    batch = poll.board.last().facts["codes"]
    assert (len(batch), batch == sorted(batch), receipt.codes["1"] in batch) == (8, True, True)
    now = bundle(again(poll))
    assert "ballots" not in now
    assert broken(now) == []


def test_the_scrutineers_key_is_made_without_any_library(tmp_path, monkeypatch, capsys):
    private = bytes(range(32))
    assert scrutineer_key.public_of(private) == bytes(PrivateKey(private).public_key)
    monkeypatch.chdir(tmp_path)
    assert scrutineer_key.main(["甲", "乙", "丙"]) == 0
    shares = [
        bytes.fromhex("".join(path.read_text().splitlines()[1].split()))
        for path in tmp_path.iterdir()
    ]
    key = bytes(a ^ b ^ c for a, b, c in zip(*shares, strict=True))
    printed = capsys.readouterr().out.split("public key ")[1].strip()
    assert bytes(PrivateKey(key).public_key).hex() == printed
    assert scrutineer_key.main(["甲"]) == 2


ballots = st.lists(st.permutations("123").map(tuple) | st.permutations("123").map(lambda b: tuple(b)[:2]), max_size=30)  # fmt: skip


@settings(deadline=None)
@given(ballots)
def test_the_verifier_ranks_as_the_library_does(cast_):
    piles = {}
    for ballot in cast_:
        piles[ballot] = piles.get(ballot, 0) + 1
    assert verify_vote.schulze(list("123"), cast_) == tally.ranked("123", piles)


@given(
    st.lists(st.sets(st.sampled_from("12345"), min_size=1), max_size=20),
    st.integers(1, 5),
    st.sampled_from(["all", "none", "listed"]),
)
def test_the_verifier_elects_as_the_count_does(cast_, places, ties):
    ranking = tally.top("12345", cast_, places, ties)
    rule = {"places": places, "ties": ties}
    assert verify_vote.elected(rule, dict(ranking.votes)) == sorted(ranking.elected, key=int)
