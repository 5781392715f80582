"""Redis and the broker gone (降级): legal acts and boards go on; what they owe is done later."""

import re
import socket
import time
from urllib.parse import urlencode

import pytest

from tests.faults import clients

pytestmark = pytest.mark.drill
TOKEN = "y" * 32


@pytest.fixture
def without_redis(machine, seeded):
    """A web server that has never seen a broker; the broker and the worker come back afterwards."""
    machine.stop("web", "worker", "beat")
    machine.up.valkey.stop()
    machine.start("web")
    yield machine
    if machine.up.valkey.process.poll() is not None:
        machine.up.valkey.start()


def post(port, path, cookies, **form):
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Host": "localhost",
    }
    answer = clients.ask(
        port, "POST", path, urlencode(form | {"csrfmiddlewaretoken": TOKEN}), headers
    )
    cookies.update(answer.cookies)
    return answer


def test_a_resident_signs_in_and_signs_and_the_boards_move(without_redis, homes, seeded):
    port, (home,) = without_redis.port, homes(1)
    public = f"/open/{seeded['code']}/board.json"
    assert clients.ask(port, "GET", public, headers={"Host": "localhost"}).status == 200

    cookies = {"csrf": TOKEN}
    asked = post(port, "/accounts/login/code/", cookies, phone=home["phone"])
    assert (asked.status, asked.location) == (302, "/accounts/login/code/confirm/")
    without_redis.wait_for(lambda: code_for(without_redis, home["phone"]) != "", "the SMS", 20)
    code = code_for(without_redis, home["phone"])
    entered = post(port, asked.location, cookies, code=code)
    assert (entered.status, "session" in cookies) == (302, True)

    began = time.monotonic()
    number = clients.sign(port, home)
    assert time.monotonic() - began < 5  # nobody waits for the broker
    assert without_redis.signatures_of([home]) == {home["agreement"]: [number]}
    for path in ("/households/", f"/board/{seeded['project']}/"):
        page = clients.ask(port, "GET", path, headers=seeded["committee"])
        assert (path, page.status) == (path, 200)
    assert without_redis.owed()["ledger_delivery"] > 0

    without_redis.up.valkey.start()
    without_redis.start("worker", "beat")
    without_redis.settle(45)
    told = [message for message in without_redis.messages() if number in message["text"]]
    assert len(told) == 1


def test_a_queue_that_is_emptied_is_filled_again_from_the_outbox(portal, homes):
    portal.stop("worker")
    signed = {clients.sign(portal.port, home) for home in homes(5)}
    assert portal.owed()["ledger_delivery"] >= 5
    with socket.socket(socket.AF_UNIX) as broker:
        broker.settimeout(5)
        broker.connect(str(portal.up.valkey.socket))
        broker.sendall(b"FLUSHALL\r\n")
        assert broker.recv(64) == b"+OK\r\n"
    portal.start("worker")
    portal.wait_for(lambda: not any(portal.owed().values()), "the outbox", 45)
    told = [n for message in portal.messages() for n in signed if n in message["text"]]
    assert sorted(told) == sorted(signed)


def code_for(machine, phone) -> str:
    texts = [message["text"] for message in machine.messages() if message["to"] == phone]
    found = re.search(r"\b(\d{3} ?\d{3})\b", texts[-1]) if texts else None
    return found.group().replace(" ", "") if found else ""
