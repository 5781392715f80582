"""Counting, recounting and looking at polls of every size (计票、核验、页面)."""

import datetime as dt
import json
import random
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from consultation import tally
from consultation.actions import board, counting, polls
from consultation.commitments import ballot_code
from consultation.models import CastMark, OpenBallot, Poll
from consultation.queries.bundle import bundle
from consultation.tally_file import count as count_file
from tests.bench import homes, load, pages, servers, votes

VERIFIER = servers.ROOT / "static/verify_vote.py"


def tallies(sizes: tuple[int, ...]) -> dict:
    """Seconds to count so many ballots: two majorities in memory, and the same from a file's content."""
    chance, result = random.Random(278), {}
    for size in sizes:
        voters = [f"{n:06}" for n in range(size)]
        roll = {voter: tally.Weight(1, chance.randint(3000, 12_000)) for voter in voters}
        choices = {voter: chance.choice(tally.OPINIONS) for voter in voters}
        at = time.perf_counter()
        tally.decide(roll, choices, tally.RULES["art278_ordinary"])
        decided = time.perf_counter() - at
        file = {
            "rule": "art278_ordinary",
            "units": [{"unit": v, "owner": v, "area_cent": w.area_cent} for v, w in roll.items()],
            "ballots": [{"owner": v, "choice": c} for v, c in choices.items()],
        }
        at = time.perf_counter()
        count_file(file)
        result[size] = {
            "decide_s": round(decided, 3),
            "file_s": round(time.perf_counter() - at, 3),
        }
    return result


def recounts(sizes: tuple[int, ...]) -> dict:
    """A whole poll of each size: closing, counting, the bundle, and the verifier on it."""
    result = {}
    for size in sizes:
        poll = votes.made(f"bench-count-{size}", size)
        fill(poll)
        steps: dict[str, float] = {}
        at = time.perf_counter()
        Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
        polls.close_poll(poll)
        steps["close_s"] = time.perf_counter() - at
        at = time.perf_counter()
        counting.finish_count(poll)
        steps["count_s"] = time.perf_counter() - at
        poll.refresh_from_db()
        at = time.perf_counter()
        text = json.dumps(bundle(poll), ensure_ascii=False)
        steps["bundle_s"] = time.perf_counter() - at
        steps["verifier_s"], steps["verifier_cpu_s"] = _verified(text)
        result[size] = {name: round(took, 2) for name, took in steps.items()}
        result[size]["megabytes"] = round(len(text.encode()) / 1e6, 2)
    return result


def fill(poll: Poll) -> None:
    """Two of three voters have answered, each with a right code; and the board shows them."""
    chance, place = random.Random(1), {"neighbourhood_id": poll.neighbourhood_id, "poll": poll}
    marks, given = [], []
    for n, entry in enumerate(poll.roll.order_by("number").values_list("pk", flat=True)):
        if n % 3 == 2:
            continue
        choice, nonce = chance.choice(tally.OPINIONS), secrets.token_bytes(32)
        code = ballot_code(poll.code, 1, choice, nonce)
        answer = {"choice": choice, "nonce": nonce.hex(), "code": code}
        marks.append(
            CastMark(entry_id=entry, channel="online", cast_on=timezone.localdate(), **place)
        )
        given.append(OpenBallot(entry_id=entry, version=1, choices={"1": answer}, **place))
    CastMark.objects.bulk_create(marks, batch_size=5000)
    OpenBallot.objects.bulk_create(given, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consultation_castmark, consultation_openballot")
    board.post_batch(poll)


def _verified(text: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_text(text)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        at = time.perf_counter()
        subprocess.run([sys.executable, "-I", VERIFIER, file], check=True, capture_output=True)
        wall = time.perf_counter() - at
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent


def looks(sizes: tuple[int, ...], count: int) -> dict:
    """Server time of the pages of an open and of a counted poll, and of the desk's live turnout."""
    result: dict = {}
    with servers.web() as port:
        for size in sizes:
            going = votes.made(f"bench-look-{size}", size)
            fill(going)
            over = votes.made(f"bench-over-{size}", size)
            fill(over)
            Poll.objects.filter(pk=over.pk).update(
                closes_at=timezone.now() - dt.timedelta(seconds=1)
            )
            polls.close_poll(over)
            counting.finish_count(over)
            staff = homes.headers_of(pages.committee(going.neighbourhood))
            asked = {
                "public poll": (reverse("consultation:poll", args=[going.code]), {}),
                "result": (reverse("consultation:poll", args=[over.code]), {}),
                "turnout": (reverse("consultation:desk_turnout", args=[going.pk]), staff),
            }
            result[size] = {
                name: _looked(port, path, headers, count)
                for name, (path, headers) in asked.items()
            }
    return result


def _looked(port: int, path: str, headers: dict[str, str], count: int) -> dict:
    request = load.Request("GET", path, "", {"Host": "localhost"} | headers)
    load.run(port, [request] * 16, clients=8)
    return load.run(port, [request] * count, clients=8).figures()
