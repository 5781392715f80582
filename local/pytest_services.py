"""The pytest plugin that brings throw-away servers, unless the environment names its own.

It is loaded by ``-p`` because pytest-django reads the settings before any conftest.py.
"""

import atexit
import contextlib
import json
import os
from pathlib import Path

from local.environment import for_tests
from local.services import throw_away


def _start() -> None:
    stack = contextlib.ExitStack()
    base, up = stack.enter_context(throw_away())
    atexit.register(stack.close)
    os.environ.update(for_tests(base) | up.env)
    # Playwright's sync API runs an event loop in the test's own thread.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def _share(worker: str) -> None:
    """Give an xdist worker its own corner of the servers its parent started."""
    number = int(worker.removeprefix("gw")) + 2
    os.environ["CACHE_URL"] = os.environ["CACHE_URL"].partition("?")[0] + f"?db={number}"
    media = Path(os.environ["MEDIA_ROOT"]) / worker
    media.mkdir(exist_ok=True)
    os.environ["MEDIA_ROOT"] = str(media)


def pytest_terminal_summary(terminalreporter):
    """Leave the figures for ``./dev test``, which adds up several runs."""
    if "TALLY_FILE" in os.environ:
        outcomes = ("passed", "failed", "error", "skipped")
        tally = {outcome: len(terminalreporter.stats.get(outcome, [])) for outcome in outcomes}
        Path(os.environ["TALLY_FILE"]).write_text(json.dumps(tally))


if "PYTEST_XDIST_WORKER" in os.environ:
    _share(os.environ["PYTEST_XDIST_WORKER"])
else:
    _start()
