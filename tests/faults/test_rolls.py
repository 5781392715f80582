"""A roll is being built and its worker is killed, or the broker is gone (名册演练): whole, and once."""

import json
import random

import psycopg
import pytest

pytestmark = pytest.mark.drill


def ordered(machine):
    """A poll of a whole neighbourhood whose roll was asked for a moment ago."""
    file = machine.base / "roll.json"
    machine.run("-m", "tests.faults.seed_roll", str(file))
    return json.loads(file.read_text())


def job(machine, asked):
    (row,) = machine.rows(
        "SELECT state, done, attempts FROM consultation_rolljob WHERE id = %s", asked["job"]
    )
    return row


def lines(machine, asked):
    return machine.one(
        "SELECT count(*) FROM consultation_rollentry WHERE poll_id = %s", asked["poll"]
    )


def built(machine, asked):
    return machine.one(
        "SELECT count(*) FROM ledger_entry WHERE act = 'consultation.build_roll' AND subject_id = %s",
        asked["poll"],
    )


def is_writing(machine, asked):
    """All files are read, the new roll lies in an open transaction and waits for the ledger."""
    waits = machine.one("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return job(machine, asked)["done"] == asked["homes"] and waits > 0


def test_a_worker_killed_over_a_half_written_roll_leaves_none_of_it_and_another_builds_it(machine):
    machine.stop("worker", "beat")
    asked = ordered(machine)
    with psycopg.connect(
        host=machine.env["DB_HOST"], user=machine.env["DB_USER"], dbname=machine.env["DB_NAME"]
    ) as held:
        held.execute(
            "SELECT 1 FROM ledger_head WHERE chain = %s FOR UPDATE", [f"poll:{asked['poll']}"]
        )
        machine.start("worker", "beat")
        machine.wait_for(lambda: is_writing(machine, asked), "the roll being written", 90)
        machine.kill_worker(random.Random(278))
        held.rollback()
    assert (lines(machine, asked), built(machine, asked)) == (0, 0)
    assert job(machine, asked)["state"] == "working"
    machine.rows("UPDATE consultation_rolljob SET lease_until = now() WHERE id = %s", asked["job"])
    machine.wait_for(lambda: job(machine, asked)["state"] == "done", "the roll", 100)
    assert (lines(machine, asked), built(machine, asked)) == (asked["homes"], 1)
    assert job(machine, asked)["attempts"] == 2


def test_asked_for_while_the_broker_is_gone_it_is_found_by_the_minute_clock(machine):
    machine.stop("worker", "beat")
    machine.up.valkey.stop()
    try:
        asked = ordered(machine)
    finally:
        machine.up.valkey.start()
    assert job(machine, asked)["state"] == "queued"
    machine.start("worker", "beat")
    machine.wait_for(lambda: job(machine, asked)["state"] == "done", "the roll", 100)
    assert (lines(machine, asked), built(machine, asked)) == (asked["homes"], 1)
