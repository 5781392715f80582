"""Run one errand outside the request, in this process (随送): for codes, which cannot wait for a worker."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.db import connections

logger = logging.getLogger(__name__)

MOST_WAITING = 50  # a gateway that hangs must not pile up work; the minute beat sends the rest


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="courier")


def run(errand: Callable, *arguments) -> None:
    """Call ``errand`` soon; the caller does not wait, and a failure is only logged."""
    threads = _threads()
    if threads._work_queue.qsize() < MOST_WAITING:
        threads.submit(_run, errand, arguments)


def _run(errand: Callable, arguments: tuple) -> None:
    try:
        errand(*arguments)
    except Exception:
        logger.exception("errand failed")
    finally:
        connections.close_all()
