"""The public board: how many screens one machine serves, how soon a signature is on them (看板)."""

import http.client
import json
import time

from django.urls import reverse

from caoyang_portal.community.models import Neighbourhood
from households.models import Project
from tests.bench import homes, load, servers

VIEWERS, EVERY = 10_000, 15  # seconds
SIGNATURES = 5
LONGEST = 10  # seconds to wait for a figure to move


def measure(count: int, place: Neighbourhood) -> dict:
    """Polls with an ETag at 8 and 32 clients, and the delay from a receipt to every worker's figures."""
    project = Project.objects.get(neighbourhood=place)
    path = reverse("households:board_json", args=[project.code])
    ready = homes.ready(place, SIGNATURES)
    with servers.web() as port:
        etag, _signed = _poll(port, path)
        polls = [load.Request("GET", path, "", {"Host": "localhost", "If-None-Match": etag})]
        load.run(port, polls * 64, clients=8, expect=304)
        served = {
            clients: load.run(port, polls * count, clients=clients, expect=304).figures()
            for clients in (8, 32)
        }
        delays = [_delay(port, path, home) for home in ready]
    best = max(figures["per_second"] for figures in served.values())
    return {
        "polls not modified": served,
        "viewers": {"needed_per_second": VIEWERS // EVERY, "served_per_second": best},
        "figures move after": {"worst_s": round(max(delays), 2)},
    }


def _poll(port: int, path: str) -> tuple[str, int]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("GET", path, headers={"Host": "localhost"})
    answer = link.getresponse()
    figures = json.load(answer)
    link.close()
    return answer.getheader("ETag"), figures["total"]["signed"]


def _delay(port: int, path: str, home: homes.Home) -> float:
    """Seconds from the receipt until eight polls in a row, whichever worker answers, have it."""
    _etag, before = _poll(port, path)
    load.run(port, [home.request], clients=1, expect=302)
    began = moved = time.monotonic()
    in_a_row = 0
    while in_a_row < 8 and time.monotonic() < began + LONGEST:
        if _poll(port, path)[1] > before:
            in_a_row += 1
        else:
            in_a_row, moved = 0, time.monotonic()
        time.sleep(0.05)
    return moved - began
