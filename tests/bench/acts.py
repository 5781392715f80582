"""Signing acts beside a minimal view and a plain transaction that write as many rows (签约).

The three take turns at every number of clients, so that what else the machine does hits all alike.
"""

import threading
import time
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from statistics import median
from uuid import uuid4

import psycopg
from django.db import connection

from caoyang_portal.community.models import Neighbourhood
from households.actions import signatures
from households.models import Signature
from tests.bench import homes, load, minimal, servers

CLIENTS = (1, 8, 32)
ROUNDS = 3
KINDS = ("act", "signed_in_view", "minimal_view", "plain_sql")


def measure(per_level: int) -> dict:
    """Rates and p99 at 1, 8 and 32 clients for the act, the minimal view and the plain transaction."""
    codes = [f"bench-{n}" for n in range(2, 15)]
    places = iter(Neighbourhood.objects.filter(code__in=codes).order_by("code"))
    spare = homes.ready(next(places), 180)
    result: dict = {
        "rows_written_by_one": _rows(spare[:3]),
        "sql": _sql(spare[3:63], spare[63:123]),
        **{kind: {} for kind in KINDS},
    }
    with (
        servers.web() as ours,
        servers.web("tests.bench.signed_in_settings") as signed_in,
        servers.web("tests.bench.minimal_settings") as bare,
    ):
        load.run(ours, _acts(spare[123:142]), clients=8, expect=302)
        load.run(signed_in, _signed_in(spare[142:161]), clients=8)
        load.run(bare, _minimal(spare[161:]), clients=8)
        ways = {
            "act": lambda some, n: load.run(ours, _acts(some), clients=n, expect=302),
            "signed_in_view": lambda some, n: load.run(signed_in, _signed_in(some), clients=n),
            "minimal_view": lambda some, n: load.run(bare, _minimal(some), clients=n),
            "plain_sql": plain,
        }
        for clients in CLIENTS:
            sets = {kind: homes.ready(next(places), per_level) for kind in KINDS}
            for kind, run in take_turns(ways, sets, clients).items():
                result[kind][clients] = run.figures()
                _refuse_unless_signed(kind, sets[kind])
    return result | {"ratios": ratios(result)}


def take_turns(ways: dict, sets: dict[str, list], clients: int) -> dict[str, load.Run]:
    """Every way with its own set, a part at a time, so that what else the machine does hits all alike."""
    turns: dict[str, list[load.Run]] = {kind: [] for kind in ways}
    for turn in range(ROUNDS):
        for kind, way in ways.items():
            turns[kind].append(way(sets[kind][turn::ROUNDS], clients))
    return {kind: load.together(runs) for kind, runs in turns.items()}


def _refuse_unless_signed(kind: str, ready: list[homes.Home]) -> None:
    signed = Signature.objects.filter(agreement__in=[home.agreement.pk for home in ready]).count()
    if signed != len(ready):
        raise RuntimeError(f"{kind}: {len(ready)} homes, {signed} signatures")


def ratios(result: dict) -> dict[str, float]:
    """What the goals are about."""
    rate = {
        kind: {clients: figures["per_second"] for clients, figures in result[kind].items()}
        for kind in KINDS
    }
    return {
        **{
            f"act/{kind} at {n}": round(rate["act"][n] / rate[kind][n], 2)
            for kind in ("signed_in_view", "minimal_view")
            for n in CLIENTS
        },
        "act at 32/act at 8": round(rate["act"][32] / rate["act"][8], 2),
        "sql of act/plain sql": round(result["sql"]["act_ms"] / result["sql"]["plain_ms"], 2),
    }


def _acts(ready: list[homes.Home]) -> list[load.Request]:
    return [home.request for home in ready]


def _signed_in(ready: list[homes.Home]) -> list[load.Request]:
    """The very form and cookies of the act, to a view that only writes."""
    return [
        load.Request("POST", f"/signed-in/{_ids(home)}", home.request.body, home.request.headers)
        for home in ready
    ]


def _minimal(ready: list[homes.Home]) -> list[load.Request]:
    return [load.Request("GET", f"/write/{_ids(home)}", "", {}) for home in ready]


def _ids(home: homes.Home) -> str:
    return f"{home.agreement.pk}/{home.signatory.pk}/{home.code.pk}/"


def _rows(three: list[homes.Home]) -> dict[str, int]:
    """How many rows one signing inserts by table; the floors must insert as many."""
    raw = connect()
    ways = (
        _sign,
        lambda home: minimal.write(None, home.agreement.pk, home.signatory.pk, home.code.pk),
        lambda home: minimal.Plain(raw).write(home),
    )
    written = []
    for way, home in zip(ways, three, strict=True):
        before = minimal.counts()
        way(home)
        written.append({name: n - before[name] for name, n in minimal.counts().items()})
    raw.close()
    if written != written[:1] * 3:
        raise RuntimeError(f"the floors do not write what the act writes: {written}")
    return written[0]


def _sql(signing: list[homes.Home], plain: list[homes.Home]) -> dict[str, float]:
    """Milliseconds one act spends in its statements and its commit, beside the plain transaction."""
    return spent(zip(signing, plain, strict=True), _sign, minimal.Plain)


def spent(pairs: Iterable[tuple], act: Callable, writer: Callable) -> dict[str, float]:
    """The same for any act: median milliseconds of the database, ours beside the plain writer's."""
    timer, raw = Timer(), connect()
    bare = writer(raw)
    times: dict[str, list[float]] = {"act": [], "plain": []}
    for ours, theirs in pairs:
        timer.spent = 0.0
        with connection.execute_wrapper(timer.statement), timer.commits():
            act(ours)
        times["act"].append(1000 * timer.spent)
        at = time.perf_counter()
        bare.write(theirs)
        times["plain"].append(1000 * (time.perf_counter() - at))
    raw.close()
    return {f"{name}_ms": round(median(found[10:]), 2) for name, found in times.items()}


class Timer:
    """Adds up the time spent waiting for PostgreSQL."""

    spent = 0.0

    def statement(self, execute, sql, params, many, context):
        at = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.spent += time.perf_counter() - at

    def commits(self):
        return _TimedCommits(self, connection.connection)


class _TimedCommits:
    def __init__(self, timer, raw):
        self.timer, self.raw = timer, raw

    def __enter__(self):
        commit = self.raw.commit

        def timed():
            at = time.perf_counter()
            commit()
            self.timer.spent += time.perf_counter() - at

        self.raw.commit = timed

    def __exit__(self, *_error):
        del self.raw.commit


def _sign(home: homes.Home) -> None:
    signatures.sign_online(
        home.agreement,
        signatory=home.signatory,
        code=homes.CODE,
        strokes=homes.HAND,
        document_sha256=home.agreement.document_sha256,
        idempotency_key=str(uuid4()),
        session_key=home.session,
        device={"ip": "127.0.0.1", "user_agent": "bench"},
        by=home.user,
    )


def plain(ready: list, clients: int, writer=minimal.Plain) -> load.Run:
    """The same rows by psycopg alone, from as many connections in two processes."""
    context = get_context("fork")
    start, parts = context.Event(), []
    for part in range(min(2, clients)):
        ours, theirs = context.Pipe(duplex=False)
        shares = [ready[n::clients] for n in range(part, clients, 2)]
        worker = context.Process(target=_plain_part, args=(writer, shares, theirs, start))
        worker.start()
        parts.append((worker, ours))
    for _worker, pipe in parts:
        pipe.recv()  # connected
    began = time.perf_counter()
    start.set()
    took = [millis for _worker, pipe in parts for millis in pipe.recv()]
    seconds = time.perf_counter() - began
    for worker, _pipe in parts:
        worker.join()
    return load.Run(clients, seconds, took, 0)


def _plain_part(writer, shares: list[list], pipe, start) -> None:
    took: list[float] = []
    writers = [writer(connect()) for _share in shares]

    def work(bare, share):
        for home in share:
            at = time.perf_counter()
            bare.write(home)
            took.append(1000 * (time.perf_counter() - at))

    threads = [
        threading.Thread(target=work, args=job) for job in zip(writers, shares, strict=True)
    ]
    pipe.send("connected")
    start.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send(took)


def connect() -> psycopg.Connection:
    given = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: given[name] for name in known if given.get(name)})
