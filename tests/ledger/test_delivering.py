"""What is owed to subscribers is settled, whatever breaks on the way."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from caoyang_portal.errors import Refused
from caoyang_portal.ledger import actions, entries, nudging
from caoyang_portal.ledger.entries import MOST_ATTEMPTS, deliver_pending, record, subscribe
from caoyang_portal.ledger.models import Delivery, Entry
from caoyang_portal.ledger.queries import Outbox, outbox_state


def due_again():
    Delivery.objects.open().update(next_try_at="2020-01-01T00:00Z")


def test_every_subscriber_hears_of_the_act_once(thing, other, enter, subscribers):
    heard = []
    subscribers["a.b"] = {"t.first": lambda e: heard.append(("first", e.chain))}
    subscribers["a.b"]["t.second"] = lambda e: heard.append(("second", e.chain))
    enter("a.b", thing)
    enter("a.c", thing)
    enter("a.b", other)

    assert deliver_pending() == 4
    assert deliver_pending() == 0
    assert sorted(heard) == [
        ("first", "household:1"),
        ("first", "household:2"),
        ("second", "household:1"),
        ("second", "household:2"),
    ]


def test_subscribe_names_the_function(subscribers):
    from collections import defaultdict

    entries._subscribers = defaultdict(dict)  # the fixture puts the old one back

    @subscribe("a.b")
    def hear(entry):
        """Nothing."""

    assert entries._subscribers == {"a.b": {f"{__name__}.hear": hear}}


def test_what_a_handler_wrote_before_it_failed_is_undone(thing, other, enter, subscribers):
    def write_and_fail(entry):
        record("a.heard", other)
        raise LookupError("no such thing as 王桂芳")

    subscribers["a.b"] = {"t.hear": write_and_fail}
    enter("a.b", thing)

    assert deliver_pending() == 0
    assert [e.act for e in Entry.objects.all()] == ["a.b"]
    owed = Delivery.objects.get()
    assert (owed.attempts, owed.settled_at, owed.dead_at) == (1, None, None)
    assert owed.last_error == "LookupError"  # not the message: it may name people


def test_a_failed_delivery_waits_longer_each_time(thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": fail}
    enter("a.b", thing)
    waits = []
    for _ in range(10):
        due_again()
        before = timezone.now()
        deliver_pending()
        waits.append(round((Delivery.objects.get().next_try_at - before).total_seconds()))
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]
    assert deliver_pending() == 0
    assert Delivery.objects.get().attempts == 10  # not before its time


def fail(entry):
    raise LookupError


def test_after_the_last_attempt_it_is_a_dead_letter_until_somebody_revives_it(
    people, thing, enter, subscribers
):
    subscribers["a.b"] = {"t.hear": fail}
    enter("a.b", thing)
    for _ in range(MOST_ATTEMPTS + 3):
        due_again()
        deliver_pending()
    dead = Delivery.objects.dead().get()
    assert (dead.attempts, dead.settled_at) == (MOST_ATTEMPTS, None)
    assert outbox_state() == Outbox(owed=0, dead=1, oldest_seconds=0)

    subscribers["a.b"] = {"t.hear": lambda e: None}
    assert deliver_pending() == 0
    actions.retry_delivery(dead, by=people["adi"])
    assert deliver_pending() == 1
    assert [(e.act, e.actor, e.chain) for e in Entry.objects.order_by("at")] == [
        ("a.b", None, "household:1"),
        ("ledger.retry_delivery", people["adi"], f"upkeep:{thing.neighbourhood_id}"),
    ]


def test_only_a_dead_letter_is_revived(people, thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": lambda e: None}
    enter("a.b", thing)
    with pytest.raises(Refused, match="不用重投"):
        actions.retry_delivery(Delivery.objects.get(), by=people["adi"])
    with pytest.raises(PermissionDenied):
        actions.retry_delivery(Delivery.objects.get(), by=people["shen"])
    assert Entry.objects.count() == 1


def test_a_subscriber_that_is_no_more_becomes_a_dead_letter(thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": print}
    enter("a.b", thing)
    subscribers["a.b"] = {}
    deliver_pending()
    assert Delivery.objects.get().last_error == "KeyError"


def test_delivering_stops_in_time(thing, enter, subscribers):
    subscribers["a.b"] = {f"t.hear{n}": lambda e: time.sleep(0.05) for n in range(20)}
    enter("a.b", thing)
    begun = time.monotonic()
    settled = deliver_pending(seconds=0.3)
    assert settled < 20
    assert time.monotonic() - begun < 2
    assert deliver_pending(limit=2) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_side_by_side_deliver_each_once(thing, subscribers):
    """The workers meet inside the handler: each holds one delivery, and neither waits for the other."""
    meeting = threading.Barrier(2)
    heard = []

    def hear(entry):
        heard.append(entry.pk)
        meeting.wait(timeout=25)

    subscribers["a.b"] = {"t.hear": hear}
    for _ in range(6):
        with transaction.atomic():
            record("a.b", thing)
    settled = []

    def work():
        settled.append(deliver_pending())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert sorted(settled) == [3, 3]
    assert sorted(heard) == sorted(Entry.objects.values_list("pk", flat=True))


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from caoyang_portal.ledger import entries
entries._subscribers["a.b"] = {"t.hear": lambda entry: os.kill(os.getpid(), signal.SIGKILL)}
entries.deliver_pending()
"""


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_kills_its_worker_is_counted_and_lets_others_pass(thing, subscribers):
    subscribers["a.b"] = {"t.hear": print}
    with transaction.atomic():
        record("a.b", thing)
    database = connection.settings_dict["NAME"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "caoyang_portal.settings"},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    owed = Delivery.objects.get()
    assert (owed.attempts, owed.settled_at) == (1, None)
    assert deliver_pending() == 0  # backed off, so the next in line is tried first

    Delivery.objects.update(attempts=MOST_ATTEMPTS)
    due_again()
    deliver_pending()
    assert Delivery.objects.dead().get().last_error == "every attempt killed its worker"


@pytest.fixture
def closed_port(monkeypatch):
    """A broker nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    point_broker_at(monkeypatch, f"redis://127.0.0.1:{port}/0")


def point_broker_at(monkeypatch, url):
    from celery import current_app

    monkeypatch.setattr(nudging, "_nudger", None)
    monkeypatch.setattr(current_app.conf, "broker_url", url)
    monkeypatch.setattr(current_app.conf, "broker_write_url", url)


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_nothing_is_lost_and_nobody_waits(
    thing, subscribers, closed_port, caplog
):
    heard = []
    subscribers["a.b"] = {"t.hear": lambda e: heard.append(e.act)}
    begun = time.monotonic()
    for _ in range(20):
        with transaction.atomic():
            record("a.b", thing)
    assert time.monotonic() - begun < 1

    until(lambda: "nudge not sent" in caplog.text)
    assert deliver_pending() == 20
    assert heard == ["a.b"] * 20


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_is_not_waited_for_either(thing, subscribers, monkeypatch, caplog):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        point_broker_at(monkeypatch, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        subscribers["a.b"] = {"t.hear": print}
        begun = time.monotonic()
        for _ in range(5):
            with transaction.atomic():
                record("a.b", thing)
        assert time.monotonic() - begun < 1
        until(lambda: "nudge not sent" in caplog.text, seconds=20)
    assert Delivery.objects.open().count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_nudge_reaches_the_queue_once_per_transaction(thing, subscribers, monkeypatch):
    nudged = []
    monkeypatch.setattr(entries, "nudge", nudged.append)
    subscribers["a.b"] = {"t.hear": print}
    with transaction.atomic():
        for _ in range(3):
            record("a.b", thing)
        record("a.c", thing)
    with transaction.atomic():
        record("a.c", thing)  # nobody listens
    assert nudged == ["ledger.deliver"]


def test_the_nudger_publishes_to_a_broker_that_is_there(settings, monkeypatch):
    from celery import current_app

    url = settings.CELERY_BROKER_URL
    point_broker_at(monkeypatch, url)
    with current_app.connection_for_read() as broker:
        queue = broker.SimpleQueue("celery")
        queue.clear()
        nudging.nudge("ledger.deliver")
        nudging.nudge("ledger.deliver")
        message = queue.get(timeout=10)
        assert message.headers["task"] == "ledger.deliver"
        message.ack()
        queue.clear()
        queue.close()


def until(condition, seconds=10):
    stop = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < stop
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.WARNING)
