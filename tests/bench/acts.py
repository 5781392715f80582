"""Signing acts beside a minimal view and a plain transaction that write as many rows (签约).

The three take turns at every number of clients, so that what else the machine does hits all alike.
"""

import threading
import time
from dataclasses import dataclass
from multiprocessing import get_context
from uuid import uuid4

import psycopg
from django.db import connection

from caoyang_portal.community.models import Neighbourhood
from households.actions import signatures
from households.models import Signature
from tests.bench import homes, load, minimal, servers

CLIENTS = (1, 8, 32)
ROUNDS = 3


@dataclass(frozen=True)
class Rows:
    """What one signing writes, by PostgreSQL's own count."""

    inserts: int
    updates: int


def measure(per_level: int) -> dict:
    """Rates and p99 at 1, 8 and 32 clients for the act, the minimal view and the plain transaction."""
    places = [Neighbourhood.objects.get(code=f"bench-{n + 1}") for n in range(len(CLIENTS) + 1)]
    spare = homes.ready(places[-1], 60)
    sets = [homes.ready(place, per_level) for place in places[:-1]]
    rows = _rows_of_one_act(spare[:10])
    subjects = [uuid4() for _n in range(per_level)]
    minimal.prepare(subjects)
    result: dict = {
        "rows_written_by_one_act": {"inserts": rows.inserts, "updates": rows.updates},
        "sql": _sql(spare[10:60], subjects, rows),
        "act": {},
        "minimal_view": {},
        "plain_sql": {},
    }
    with servers.web() as ours, servers.web("tests.bench.minimal_settings") as theirs:
        load.run(ours, [home.receipt for home in spare[:10]] * 8, clients=8)
        load.run(theirs, _minimal(subjects, rows)[:64], clients=8)
        for clients, ready in zip(CLIENTS, sets, strict=True):
            turns: dict[str, list[load.Run]] = {"act": [], "minimal_view": [], "plain_sql": []}
            for turn in range(ROUNDS):
                acts = [home.request for home in ready[turn::ROUNDS]]
                shares = subjects[turn::ROUNDS]
                turns["act"].append(load.run(ours, acts, clients=clients, expect=302))
                turns["minimal_view"].append(
                    load.run(theirs, _minimal(shares, rows), clients=clients)
                )
                turns["plain_sql"].append(_plain(shares, rows, clients))
            for name, runs in turns.items():
                result[name][clients] = load.together(runs).figures()
            signed = Signature.objects.filter(
                agreement__neighbourhood=places[len(result["act"]) - 1]
            )
            if signed.count() != len(ready):
                raise RuntimeError(f"{len(ready)} signed, {signed.count()} signatures")
    return result | {"ratios": _ratios(result)}


def _ratios(result: dict) -> dict[str, float]:
    """What the goals are about."""
    rate = {
        name: {clients: figures["per_second"] for clients, figures in result[name].items()}
        for name in ("act", "minimal_view")
    }
    return {
        **{
            f"act/minimal at {n}": round(rate["act"][n] / rate["minimal_view"][n], 2)
            for n in CLIENTS
        },
        "act at 32/act at 8": round(rate["act"][32] / rate["act"][8], 2),
        "sql of act/plain sql": round(result["sql"]["act_ms"] / result["sql"]["plain_ms"], 2),
    }


def _minimal(subjects, rows: Rows) -> list[load.Request]:
    return [
        load.Request("GET", f"/write/{pk}/{rows.inserts}/{rows.updates}/", "", {})
        for pk in subjects
    ]


def _rows_of_one_act(few: list[homes.Home]) -> Rows:
    """Sent one after the other; a server that ends has handed in its count."""
    with servers.web() as port:
        load.run(port, [few[0].request], clients=1, expect=302)
    before = _counts()
    with servers.web() as port:
        ran = load.run(port, [home.request for home in few[1:]], clients=1, expect=302)
    if ran.wrong:
        raise RuntimeError("the measured acts were refused")
    inserts, updates = (then - now for then, now in zip(_counts(), before, strict=True))
    return Rows(round(inserts / (len(few) - 1)), round(updates / (len(few) - 1)))


def _counts() -> tuple[int, int]:
    time.sleep(0.5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT sum(n_tup_ins)::int, sum(n_tup_upd)::int FROM pg_stat_user_tables")
        return cursor.fetchone()


def _sql(ready: list[homes.Home], subjects, rows: Rows) -> dict[str, float]:
    """Milliseconds one act spends in its statements and its commit, beside the plain transaction."""
    timer = _Timer()
    acts, plain = [], []
    raw = _connect()
    for home, pk in zip(ready, subjects, strict=False):
        timer.spent = 0.0
        with connection.execute_wrapper(timer.statement), timer.commits():
            _sign(home)
        acts.append(1000 * timer.spent)
        at = time.perf_counter()
        _plain_one(raw, pk, rows)
        plain.append(1000 * (time.perf_counter() - at))
    raw.close()
    return {"act_ms": _median(acts), "plain_ms": _median(plain)}


def _median(times) -> float:
    return round(sorted(times)[len(times) // 2], 2)


class _Timer:
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


def _plain(subjects, rows: Rows, clients: int) -> load.Run:
    """The same rows by psycopg alone, from as many connections in two processes."""
    context = get_context("fork")
    start, parts = context.Event(), []
    for part in range(min(2, clients)):
        ours, theirs = context.Pipe(duplex=False)
        shares = [subjects[n::clients] for n in range(part, clients, 2)]
        worker = context.Process(target=_plain_process, args=(shares, rows, theirs, start))
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


def _plain_process(shares, rows: Rows, pipe, start) -> None:
    took: list[float] = []
    links = [_connect() for _share in shares]

    def work(raw, share):
        for pk in share:
            at = time.perf_counter()
            _plain_one(raw, pk, rows)
            took.append(1000 * (time.perf_counter() - at))

    threads = [threading.Thread(target=work, args=job) for job in zip(links, shares, strict=True)]
    pipe.send("connected")
    start.wait()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send(took)


def _connect() -> psycopg.Connection:
    given = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: given[name] for name in known if given.get(name)})


def _plain_one(raw: psycopg.Connection, pk, rows: Rows) -> None:
    with raw.transaction(), raw.cursor() as cursor:
        cursor.execute("SELECT n FROM bench_state WHERE id = %s FOR UPDATE", [pk])
        for _n in range(rows.updates):
            cursor.execute("UPDATE bench_state SET n = n + 1 WHERE id = %s", [pk])
        for _n in range(rows.inserts):
            cursor.execute(
                "INSERT INTO bench_row (subject, text, at) VALUES (%s, %s, now())", [pk, "x" * 400]
            )
