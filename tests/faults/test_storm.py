"""Residents sign while everything is killed in turn (风暴): what they were told holds."""

import random
from collections import Counter

import pytest

from tests.faults import clients

pytestmark = pytest.mark.drill
SEED = 20261122
PHONES = 6


def test_every_receipt_that_was_shown_is_kept_through_kills_of_everything(portal, homes, tmp_path):
    chance = random.Random(SEED)
    acknowledged = clients.Acknowledged(tmp_path / "acknowledged.jsonl")
    whole = homes(6, "whole")
    signing = homes(300) + whole
    chance.shuffle(signing)
    with clients.Crowd(portal.port, signing, acknowledged, PHONES) as crowd:
        for kill in plan(portal, chance):
            crowd.stopping.wait(chance.uniform(0.8, 2.5))
            kill(chance)
        crowd.stopping.wait(2)
    told = acknowledged.lines()
    assert len(told) > 30  # or it was no storm

    nothing_told_is_lost(portal, crowd, told)
    retries_converge(portal, crowd, whole)
    portal.settle()
    everything_followed_once(portal, crowd.tried + whole)
    seals_are_made_once(portal, whole)


def plan(portal, chance):
    """What is killed, in an order that only the seed knows."""
    kills = [portal.kill_web_worker] * 3
    kills += [portal.kill_task_child] * 3
    kills += [portal.kill_postgres] * 2
    kills += [portal.kill_worker, portal.kill_valkey]
    chance.shuffle(kills)
    return kills


def nothing_told_is_lost(portal, crowd, told):
    kept = portal.signatures_of(crowd.tried)
    assert {agreement: n for agreement, n in kept.items() if len(n) > 1} == {}
    lost = [
        line
        for line in told
        if not kept[line["agreement"]] or line["receipt"] not in (*kept[line["agreement"]], "")
    ]
    assert lost == []


def retries_converge(portal, crowd, whole):
    """Whoever got no answer sends the same form again, and again; everybody else may too."""
    kept = portal.signatures_of(crowd.tried)
    for home in crowd.tried + whole:
        first = clients.sign_again(portal.port, home)
        assert kept.get(home["agreement"], []) in ([], [first])
    again = {
        home["agreement"]: [clients.sign_again(portal.port, home)] for home in crowd.unanswered
    }
    assert portal.signatures_of(crowd.unanswered) == again


def everything_followed_once(portal, signed):
    """One entry, one message to the signer, every delivery settled, and the ledger is whole."""
    agreements = [home["agreement"] for home in signed]
    entries = portal.rows(
        "SELECT subject_id, count(*) FROM ledger_entry"
        " WHERE act = 'households.sign_agreement' AND subject_id = ANY(%s) GROUP BY 1",
        agreements,
    )
    assert Counter(row["count"] for row in entries) == {1: len(set(agreements))}
    assert portal.one("SELECT count(*) FROM ledger_delivery WHERE settled_at IS NULL") == 0
    assert portal.one("SELECT count(*) FROM notices_sending WHERE state <> 'sent'") == 0
    assert portal.ledger_findings() == []
    sent = Counter(message["key"] for message in portal.messages())
    assert {key: times for key, times in sent.items() if times > 1} == {}
    numbers = [n for found in portal.signatures_of(signed).values() for n in found]
    texts = [message["text"] for message in portal.messages()]
    assert [n for n in numbers if sum(n in text for text in texts) != 1] == []


def seals_are_made_once(portal, whole):
    agreements = [home["agreement"] for home in whole]
    entries = portal.rows(
        "SELECT subject_id, count(*) FROM ledger_entry"
        " WHERE act = 'households.seal_agreement' AND subject_id = ANY(%s) GROUP BY 1",
        agreements,
    )
    assert {row["subject_id"]: row["count"] for row in entries} == dict.fromkeys(agreements, 1)
    sealed = portal.rows(
        "SELECT sealed_sha256, key FROM households_agreement a"
        " JOIN uploads_attachment f ON f.id = a.sealed_id WHERE a.id = ANY(%s::uuid[])",
        agreements,
    )
    assert len({row["sealed_sha256"] for row in sealed}) == len(whole)
    for row in sealed[:2]:
        file = f"{portal.env['MEDIA_ROOT']}/{row['key']}"
        portal.run("manage.py", "verify_agreement", file)  # exit code 1 unless as registered
