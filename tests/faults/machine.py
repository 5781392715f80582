"""The whole portal on one machine of its own (整机): its servers and processes, started, killed, read."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from local.environment import TEST_ENV, for_tests
from local.programs import die_with_parent
from local.services import Services, throw_away
from tests.faults import clients, gateway

ROOT = Path(__file__).resolve().parents[2]
NAMED_ELSEWHERE = (
    *("DB_HOST", "DB_PORT", "DB_USER", "DB_PASSWORD", "DB_NAME"),
    *("CACHE_URL", "CELERY_BROKER_URL", "STATIC_ROOT", "MEDIA_ROOT", "SEAL_DEMO_DIR"),
)


class Machine:
    """Start, kill and restart by name: web, worker, beat; postgres, valkey. Own processes only."""

    def __init__(self, base: Path, up: Services, env: dict[str, str]):
        self.base, self.up = base, up
        self.port = _free_port()
        self.env = env | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PORT": str(self.port),
            "PYTHON": sys.executable,
            "BEAT_SCHEDULE": str(base / "beat"),
            "LOG_LEVEL": "WARNING",
            "C_FORCE_ROOT": "1",
            gateway.FILE: str(base / "sms.jsonl"),
        }
        self.processes: dict[str, subprocess.Popen] = {}

    # processes

    def run(self, *command: str) -> str:
        """A command of the portal to its end; its standard output."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{command} said:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def start(self, *names: str) -> None:
        for name in names:
            with (self.base / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [ROOT / "deploy/run", name],
                    cwd=ROOT,
                    env=self.env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 started by the main thread
                )
        if "web" in names:
            self.wait_for(lambda: clients.ask(self.port, "GET", "/livez").status == 200, "web")

    def stop(self, *names: str) -> None:
        for name in names:
            process = self.processes.pop(name, None)
            if process is not None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(15)
                _kill_group(process)

    def kill_web_worker(self, chance) -> None:
        """kill -9 of one of the web server's workers; the server replaces it."""
        self._kill_child("web", chance)

    def kill_task_child(self, chance) -> None:
        """kill -9 of one of Celery's children, in the middle of whatever it does."""
        self._kill_child("worker", chance)

    def kill_worker(self, chance) -> None:
        """kill -9 of Celery whole; whoever keeps processes up starts it again."""
        _kill_group(self.processes["worker"])
        self.start("worker")

    def kill_postgres(self, chance) -> None:
        """kill -9 of the postmaster, then a start that recovers."""
        _kill(self.up.postgres.process)
        time.sleep(chance.uniform(0.2, 1.0))
        self.wait_for(self._postgres_starts, "PostgreSQL")

    def kill_valkey(self, chance) -> None:
        """kill -9 of the broker; it is back after a while."""
        _kill(self.up.valkey.process)
        time.sleep(chance.uniform(0.5, 2.0))
        self.up.valkey.start()

    def _postgres_starts(self) -> bool:
        try:
            self.up.postgres.start()
        except Exception:  # the last backends of the killed server may still be going
            _kill(self.up.postgres.process)
            return False
        return True

    def _kill_child(self, name: str, chance) -> None:
        children = _workers_of(self.processes[name].pid)
        if children:
            os.kill(chance.choice(children), signal.SIGKILL)

    def close(self) -> None:
        for process in self.processes.values():
            _kill_group(process)

    # reading

    def rows(self, sql: str, *values) -> list[dict[str, Any]]:
        with psycopg.connect(
            host=self.env["DB_HOST"],
            user=self.env["DB_USER"],
            dbname=self.env["DB_NAME"],
            row_factory=dict_row,
            autocommit=True,
        ) as link:
            cursor = link.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql: str, *values) -> Any:
        (row,) = self.rows(sql, *values)
        (value,) = row.values()
        return value

    def signatures_of(self, homes: list[dict]) -> dict[str, list[str]]:
        """Receipt numbers by agreement."""
        found: dict[str, list[str]] = {home["agreement"]: [] for home in homes}
        for row in self.rows(
            "SELECT agreement_id, receipt_number FROM households_signature WHERE agreement_id = ANY(%s)",
            list(found),
        ):
            found[str(row["agreement_id"])].append(row["receipt_number"])
        return found

    def ledger_findings(self) -> list[dict]:
        return json.loads(self.run("manage.py", "verify_ledger", "--json"))["findings"]

    def messages(self) -> list[dict[str, str]]:
        return gateway.messages(Path(self.env[gateway.FILE]))

    # waiting

    def wait_for(self, true: Callable[[], bool], what: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {what}; {self.last_words()}")
            time.sleep(0.2)

    def settle(self, seconds: float = 90) -> None:
        """Wait until the outbox owes nothing.

        What a killed worker had in hand is taken up after a wait of a minute or so: that is over now.
        """
        for table, owed in OWED.items():
            self.rows(f"UPDATE {table} SET next_try_at = now() WHERE {owed}")
        self.wait_for(lambda: not any(self.owed().values()), "the outbox", seconds)

    def owed(self) -> dict[str, int]:
        return {
            table: self.one(f"SELECT count(*) FROM {table} WHERE {condition}")
            for table, condition in OWED.items()
        }

    def last_words(self) -> str:
        words = [f"owed: {self._owed_if_it_answers()}"]
        for name in ("web", "worker", "beat", "postgres", "valkey"):
            log = self.base / f"{name}.log"
            if log.exists():
                words.append(f"{name}: {log.read_text(errors='replace')[-1500:]}")
        return "\n".join(words)

    def _owed_if_it_answers(self) -> object:
        try:
            return self.owed()
        except psycopg.Error as problem:
            return problem


OWED = {
    "ledger_delivery": "settled_at IS NULL AND dead_at IS NULL",
    "notices_sending": "state IN ('queued', 'unknown')",
    "households_sealing": "state NOT IN ('sealed', 'failed')",
}


@contextlib.contextmanager
def machine(patch) -> Iterator[Machine]:
    """A machine with its database migrated and nothing of the portal running yet."""
    for name in (*NAMED_ELSEWHERE, *TEST_ENV):
        patch.delenv(name, raising=False)
    with throw_away("drill", durable=True) as (base, up):
        env = {**os.environ, **for_tests(base), **up.env}
        patch.undo()
        made = Machine(base, up, env)
        try:
            made.run("manage.py", "migrate", "-v0")
            yield made
        finally:
            made.close()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _kill(process: subprocess.Popen) -> None:
    process.kill()
    process.wait(30)


def _kill_group(process: subprocess.Popen) -> None:
    """kill -9 of a process and of everything it started in its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def _workers_of(pid: int) -> list[int]:
    """The children of ours that do the work; Python's own resource tracker is none."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return [child for child in found if b"resource_tracker" not in _words(child)]


def _words(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"resource_tracker"  # gone
