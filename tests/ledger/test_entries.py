"""An entry stands in the act's own transaction, chained, and cannot be changed."""

import contextlib
import threading
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from caoyang_portal.ledger.actions import take_checkpoint
from caoyang_portal.ledger.canonical import canonical_json, genesis
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.models import Delivery, Entry, Head
from caoyang_portal.ledger.verifying import verify


def test_an_entry_says_who_did_what_to_what(people, thing, enter):
    entry = enter("households.sign", thing, by=people["wang"], version=3, sha256="ab")

    stored = Entry.objects.get()
    assert stored == entry
    for each in (stored, entry):
        assert (each.act, each.actor, each.chain, each.seq) == (
            "households.sign",
            people["wang"],
            "household:1",
            1,
        )
        assert each.facts == {"version": 3, "sha256": "ab"}
        assert each.neighbourhood_id == thing.neighbourhood_id
        assert (each.subject_type, each.subject_id) == ("tests.thing", str(thing.pk))
    assert (stored.at, bytes(stored.hash)) == (entry.at, bytes(entry.hash))
    assert bytes(stored.prev_hash) == genesis("household:1")


def test_each_entry_follows_the_one_before(thing, other, enter):
    first, second = enter("a.b", thing), enter("a.c", thing)
    elsewhere = enter("a.b", other)

    assert [(e.chain, e.seq) for e in (first, second, elsewhere)] == [
        ("household:1", 1),
        ("household:1", 2),
        ("household:2", 1),
    ]
    assert bytes(second.prev_hash) == bytes(first.hash)
    assert list(Head.objects.order_by("chain").values_list("chain", "seq")) == [
        ("household:1", 2),
        ("household:2", 1),
    ]
    assert bytes(Head.objects.get(chain="household:1").hash) == bytes(second.hash)


def test_python_and_the_database_hash_alike(people, thing, enter):
    enter("households.sign", thing, by=people["wang"], name="é王㛃", sums=[Decimal("23.50"), None])
    enter("households.lapse", thing)
    thing.neighbourhood_id = None
    enter("households.lapse", thing, on=date(2026, 11, 22))

    assert verify().findings == []


def test_facts_are_written_in_one_canonical_way():
    key = uuid.UUID(int=7)
    facts = {"b": Decimal("1.50"), "a": "e\u0301", "c": [key, date(2026, 2, 10)], "d": {"z": True}}
    assert canonical_json(facts) == (
        '{"a":"é","b":"1.50",'
        '"c":["00000000-0000-0000-0000-000000000007","2026-02-10"],"d":{"z":true}}'
    )


@pytest.mark.parametrize("value", [0.1, {1, 2}, object()])
def test_what_has_no_canonical_form_is_no_fact(value, thing, enter):
    with pytest.raises(TypeError):
        enter("a.b", thing, value=value)
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_a_bug(thing):
    with pytest.raises(RuntimeError, match=r"a\.b recorded outside a transaction"):
        record("a.b", thing)
    assert Entry.objects.count() == 0


def test_what_is_rolled_back_was_never_recorded(thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": print}
    enter("a.b", thing)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        record("a.b", thing)
        _ = 1 / 0
    assert enter("a.b", thing).seq == 2
    assert Delivery.objects.count() == 2
    assert verify().findings == []


def test_a_legal_act_costs_the_ledger_one_statement(
    people, thing, subscribers, django_assert_num_queries
):
    subscribers["a.b"] = {f"t.hear_{n}": print for n in range(3)}
    with transaction.atomic(), django_assert_num_queries(1):
        record("a.b", thing, by=people["wang"], n=1)
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET payload = '{}'",
        "UPDATE ledger_entry SET at = at",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "DELETE FROM ledger_head",
        "TRUNCATE ledger_head",
        "UPDATE ledger_checkpoint SET entries = 0",
        "DELETE FROM ledger_checkpoint",
        "TRUNCATE ledger_checkpoint CASCADE",
        "UPDATE ledger_checkpointhead SET seq = 9",
        "DELETE FROM ledger_checkpointhead",
        "TRUNCATE ledger_checkpointhead",
    ],
)
def test_the_database_refuses_to_change_what_was_written(statement, thing, enter):
    enter("a.b", thing)
    take_checkpoint(date(2026, 11, 22))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE stops at pending checks
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)


@pytest.fixture
def app_role(transactional_db):
    """The role a careful installation runs the portal under: it may append and read, no more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE ROLE careful; GRANT SELECT, INSERT ON ledger_entry, ledger_delivery TO careful;"
            "GRANT SELECT, INSERT, UPDATE ON ledger_head TO careful;"
            "GRANT USAGE ON SEQUENCE ledger_delivery_id_seq TO careful;"
        )
        yield "careful"
        cursor.execute("DROP OWNED BY careful; DROP ROLE careful")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET payload = '{}'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DELETE FROM ledger_head",
    ],
)
def test_a_role_that_owns_nothing_can_append_and_nothing_else(statement, app_role, thing):
    def as_app(do):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {app_role}")
            do(cursor)

    as_app(lambda cursor: record("a.b", thing))
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        as_app(lambda cursor: cursor.execute(statement))
    assert [entry.act for entry in Entry.objects.all()] == ["a.b"]


def test_a_line_break_cannot_pass_for_a_border(thing, enter):
    with pytest.raises(IntegrityError, match="a_hashed_line_is_one_line"), transaction.atomic():
        enter("a.b\nc", thing)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_on_one_chain_leave_no_gap(thing):
    start = threading.Barrier(8)

    def work(n):
        start.wait(timeout=10)
        for _ in range(10):
            with transaction.atomic():
                record("a.b", thing, worker=n)
        connection.close()

    _run(work, 8)
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 81))
    assert verify().findings == []


@pytest.mark.django_db(transaction=True)
def test_different_chains_do_not_wait_for_each_other(thing, other):
    """Both workers meet with their entries written and uncommitted; one lock would keep them apart."""
    meeting = threading.Barrier(2)
    met = []

    def work(n):
        with transaction.atomic():
            record("a.b", (thing, other)[n])
            met.append(meeting.wait(timeout=5))
        connection.close()

    _run(work, 2)
    assert sorted(met) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_the_same_chain_waits(thing):
    """The rendezvous of the test before must fail on one chain, or it proves nothing."""
    meeting = threading.Barrier(2)
    met = []

    def work(n):
        with transaction.atomic():
            record("a.b", thing)
            try:
                met.append(meeting.wait(timeout=0.5))
            except threading.BrokenBarrierError:
                met.append("alone")
        connection.close()

    _run(work, 2)
    assert met == ["alone", "alone"]


def _run(work, count):
    workers = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
