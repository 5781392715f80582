"""Wake a worker now rather than at the next minute (提醒): never needed, never waited for.

A daemon thread per process publishes, so that a request pays nothing for the broker, be it up,
down or hanging. Nudges for one task that arrive while it waits become one.
"""

import logging
import os
import threading
import time

from celery import current_app

logger = logging.getLogger(__name__)

CALM = 5  # seconds of silence after the broker failed
PAUSE = 0.05  # under load, nudges of this time become one
BRIEFLY = {"socket_connect_timeout": 1, "socket_timeout": 3, "max_retries": 0}


class Nudger:
    """The thread of one process and the tasks it is to wake."""

    def __init__(self):
        self.pid = os.getpid()
        self.tasks: set[str] = set()
        self.something = threading.Condition()
        self.connection = None
        threading.Thread(target=self.run, name="nudger", daemon=True).start()

    def add(self, task: str) -> None:
        with self.something:
            self.tasks.add(task)
            self.something.notify()

    def run(self) -> None:
        while True:
            with self.something:
                self.something.wait_for(lambda: self.tasks)
                tasks, self.tasks = self.tasks, set()
            try:
                for task in tasks:
                    self.publish(task)
                time.sleep(PAUSE)
            except Exception as error:
                logger.warning("nudge not sent: %s", type(error).__name__)
                self.connection = None
                time.sleep(CALM)

    def publish(self, task: str) -> None:
        if self.connection is None:
            self.connection = current_app.connection_for_write(
                connect_timeout=1,
                transport_options={**(current_app.conf.broker_transport_options or {}), **BRIEFLY},
            )
        current_app.send_task(task, connection=self.connection, retry=False, expires=60)


_nudger: Nudger | None = None
_making = threading.Lock()


def nudge(task: str) -> None:
    """Ask a worker to run ``task`` soon. Returns at once and never raises."""
    global _nudger  # noqa: PLW0603 one thread per process, made after the fork
    if _nudger is None or _nudger.pid != os.getpid():
        with _making:
            if _nudger is None or _nudger.pid != os.getpid():
                _nudger = Nudger()
    _nudger.add(task)
