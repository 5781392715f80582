"""Single faults, each at its point (故障点)."""

import threading

import pytest

from tests.faults import clients, hooks

pytestmark = pytest.mark.drill


def together(deeds):
    """Do all at the same moment."""
    results = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def work(n, deed):
        gate.wait(10)
        results[n] = deed()

    threads = [threading.Thread(target=work, args=job) for job in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_twenty_taps_at_once_are_one_signature_and_each_shows_its_receipt(portal, homes):
    (home,) = homes(1)
    shown = together([lambda: clients.sign(portal.port, home)] * 20)
    (number,) = portal.signatures_of([home])[home["agreement"]]
    assert shown == [number] * 20


def test_a_worker_that_dies_after_the_commit_has_signed_and_the_retry_shows_the_receipt(
    portal, homes
):
    (home,) = homes(1)
    assert clients.sign(portal.port, home, fault=hooks.BEFORE_ANSWER) is None
    (number,) = portal.signatures_of([home])[home["agreement"]]
    assert [clients.sign_again(portal.port, home) for _retry in range(3)] == [number] * 3
    assert portal.signatures_of([home])[home["agreement"]] == [number]


def test_a_worker_that_dies_before_the_commit_has_signed_nothing_and_the_same_code_still_signs(
    portal, homes
):
    (home,) = homes(1)
    assert clients.sign(portal.port, home, fault=hooks.BEFORE_COMMIT) is None
    assert portal.signatures_of([home])[home["agreement"]] == []
    number = clients.sign_again(portal.port, home)
    assert portal.signatures_of([home])[home["agreement"]] == [number]


def test_after_a_crash_of_postgresql_the_next_request_of_every_thread_is_answered(portal, homes):
    """The workers' connections are dead, and nobody restarts the workers."""
    (home,) = homes(1)
    clients.sign_again(portal.port, home)  # both workers are up

    def page():
        answer = clients.ask(portal.port, "GET", home["receipt_path"], headers=home["headers"])
        return answer.status

    assert together([page] * 24) == [200] * 24
    before = portal.processes["web"].pid
    portal.up.postgres.process.kill()
    portal.up.postgres.process.wait(30)
    assert set(together([page] * 8)) <= {500, 503}
    portal.wait_for(portal._postgres_starts, "PostgreSQL")
    assert together([page] * 48) == [200] * 48
    assert portal.processes["web"].pid == before
    (other,) = homes(1)
    assert clients.sign(portal.port, other)
