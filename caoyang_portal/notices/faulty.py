"""A gateway that misbehaves on demand (故障网关), for tests and drills."""

import threading
import time
from collections import Counter, deque

from .senders import Receipt, RefusedByGateway, TimedOut

OK = "ok"
TIMES_OUT = "times out"  # and did nothing
LIES = "lies"  # delivers, then says nothing
LATE = "late"  # delivers after ``delay`` seconds
REFUSES = "refuses"  # isv.BUSINESS_LIMIT_CONTROL
BUSY = "busy"  # refuses, but later may do


class FaultySender:
    """Behaves as ``script`` says, one word per call, then as ``otherwise``; counts what arrives."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self, *script: str, otherwise: str = OK, delay: float = 0.0, knows: bool = True):
        self.script = deque(script)
        self.otherwise = otherwise
        self.delay = delay
        self.knows = knows  # whether look_up() tells the truth about what arrived
        self.calls = 0
        self.delivered: Counter[str] = Counter()  # key -> how often the phone rang
        self.texts: list[tuple[str, str]] = []

    def send(self, to: str, text: str, key: str) -> Receipt:
        with self.lock:
            self.calls += 1
            how = self.script.popleft() if self.script else self.otherwise
        if how == TIMES_OUT:
            raise TimedOut("no answer")
        if how == REFUSES:
            raise RefusedByGateway("isv.BUSINESS_LIMIT_CONTROL")
        if how == BUSY:
            raise RefusedByGateway("isp.SYSTEM_BUSY", try_later=True)
        if how == LATE:
            time.sleep(self.delay)
        with self.lock:
            self.delivered[key] += 1
            self.texts.append((to, text))
        if how == LIES:
            raise TimedOut("delivered, but the answer was lost")
        return Receipt(f"faulty-{key[-12:]}")

    def look_up(self, to: str, key: str) -> Receipt | None:
        return Receipt(f"faulty-{key[-12:]}") if self.knows and self.delivered[key] else None
