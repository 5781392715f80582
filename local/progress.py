"""Show that something is going on: a line that ticks, on stderr."""

import contextlib
import signal
import sys
import time
from collections.abc import Iterator


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(words: str, *, patience: float = 2.0) -> Iterator[None]:
    """Say what is being done once it takes longer than ``patience``, and how long it took.

    A timer signal ticks, not a thread: threads and forks do not go together.
    """
    began = time.monotonic()
    on_terminal = sys.stderr.isatty()

    def tick(signum, frame):
        line = f"{words} … {time.monotonic() - began:.0f} s "
        if on_terminal:
            sys.stderr.write(f"\r{line}")
            sys.stderr.flush()
        else:
            say(line)

    before = signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, patience, 1 if on_terminal else 5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        took = time.monotonic() - began
        if took >= patience:
            start = "\r" if on_terminal else ""
            say(f"{start}{words}: {took:.1f} s   ")
