"""A bounded load from processes of its own (负载): keep-alive, one thread a client, only to 127.0.0.1."""

import http.client
import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One request, ready to send."""

    method: str
    path: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Run:
    """What a load gave: latencies in milliseconds of the answers that were right."""

    clients: int
    seconds: float
    latencies: list[float]
    wrong: int

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def figures(self) -> dict[str, float]:
        return {
            "per_second": round(self.rate, 1),
            "p50_ms": round(self.percentile(0.50), 1),
            "p99_ms": round(self.percentile(0.99), 1),
            "wrong": self.wrong,
        }


def together(runs: Sequence[Run]) -> Run:
    """Several turns of one load as one."""
    return Run(
        runs[0].clients,
        sum(run.seconds for run in runs),
        [millis for run in runs for millis in run.latencies],
        sum(run.wrong for run in runs),
    )


def _client(port: int, requests: Sequence[Request], expect: int, out: list) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for request in requests:
        began = time.perf_counter()
        try:
            link.request(request.method, request.path, request.body or None, request.headers)
            answer = link.getresponse()
            answer.read()
            status = answer.status
        except OSError:
            link.close()
            status = 0
        out.append((1000 * (time.perf_counter() - began), status == expect))


def _process(port: int, shares: list[list[Request]], expect: int, pipe, start) -> None:
    out: list[tuple[float, bool]] = []
    clients = [
        threading.Thread(target=_client, args=(port, share, expect, out)) for share in shares
    ]
    start.wait()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    pipe.send(out)


def run(port: int, requests: Sequence[Request], *, clients: int, expect: int = 200) -> Run:
    """Send ``requests`` once each, shared out over ``clients`` connections."""
    shares = [list(requests[n::clients]) for n in range(clients)]
    context = multiprocessing.get_context("fork")
    start = context.Event()
    workers = []
    for part in range(min(2, clients)):
        ours, theirs = context.Pipe(duplex=False)
        mine = shares[part :: min(2, clients)]
        worker = context.Process(target=_process, args=(port, mine, expect, theirs, start))
        worker.start()
        workers.append((worker, ours))
    began = time.perf_counter()
    start.set()
    answers = [answer for _worker, pipe in workers for answer in pipe.recv()]
    seconds = time.perf_counter() - began
    for worker, _pipe in workers:
        worker.join()
    right = [millis for millis, ok in answers if ok]
    return Run(clients, seconds, right, len(answers) - len(right))
