"""``./dev demo``: the whole portal in one terminal; Ctrl-C stops all it started, nothing else."""

import argparse
import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.instance import ROOT, leave_note, own, running_url, start_over, state_folder
from local.prepare import accounts, prepare
from local.programs import Unavailable, die_with_parent
from local.progress import say, step

PROCESSES = ("web", "worker", "beat")  # commands of deploy/run, web first
PREFERRED_PORT = 8000
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass
class Process:
    """One of the portal's own processes, in a session of its own, with a log."""

    name: str
    popen: subprocess.Popen
    log: Path

    @classmethod
    def start(cls, name: str, base: Path, env: dict[str, str]) -> "Process":
        log = base / f"{name}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [str(ROOT / "deploy" / "run"), name],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 no lock is held here
            )
        return cls(name, popen, log)

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-15:])

    def stop(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(seconds)
        with contextlib.suppress(ProcessLookupError):  # also what a killed parent left
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


@contextlib.contextmanager
def portal(base: Path, host: str, port: int) -> Iterator[tuple[str, list[Process]]]:
    """Services, web, worker and beat up; yields the address and the processes."""
    processes: list[Process] = []
    with contextlib.ExitStack() as stack:
        with step("Database and queue"):
            ours = stack.enter_context(own(base, patient=False))
        stack.callback(_stop, processes)
        url = f"http://{'localhost' if host in LOCAL_HOSTS else _name_of(host)}:{port}/"
        ours |= {"HOST": host, "PORT": str(port), "PYTHON": sys.executable}
        ours |= {"SITE_URL": url.rstrip("/"), "BEAT_SCHEDULE": str(base / "beat")}
        env = {**os.environ, **ours}
        prepare(base, env)
        with step("Web server"):
            processes.append(Process.start(PROCESSES[0], base, env))
            _wait_for_livez(host, port, processes[0])
        processes += [Process.start(name, base, env) for name in PROCESSES[1:]]
        leave_note(base, ours, url)
        yield url, processes


def _stop(processes: list[Process]) -> None:
    for process in reversed(processes):
        if process.popen.poll() is None:
            process.popen.terminate()
    end = time.monotonic() + 15
    for process in processes:
        process.stop(max(0.1, end - time.monotonic()))


def _wait_for_livez(host: str, port: int, web: Process, timeout: float = 60) -> None:
    host = "127.0.0.1" if host in ("0.0.0.0", *LOCAL_HOSTS) else host
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if web.popen.poll() is not None:
            raise Unavailable(f"The web server ended at once:\n{web.last_words()}")
        client = http.client.HTTPConnection(host, port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            client.request("GET", "/livez")
            if client.getresponse().status == 200:
                return
        client.close()
        time.sleep(0.05)
    raise Unavailable(f"The web server does not answer:\n{web.last_words()}")


def _name_of(host: str) -> str:
    return socket.gethostname() if host in ("0.0.0.0", "::") else host


def free_port(host: str, wanted: int | None) -> int:
    """The wanted port, or the first free one from 8000 on."""
    candidates = [wanted] if wanted else range(PREFERRED_PORT, PREFERRED_PORT + 100)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in candidates:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as problem:
                if problem.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise Unavailable(f"Cannot listen on {host}: {problem.strerror}.") from problem
            else:
                return port
    raise Unavailable(
        f"Port {wanted} is taken." if wanted else "No port from 8000 to 8099 is free."
    )


def watch(processes: list[Process]) -> None:
    """Return only by raising: when a process ends, or on Ctrl-C."""
    while True:
        for process in processes:
            code = process.popen.poll()
            if code is not None:
                raise Unavailable(
                    f"{process.name} ended (code {code}); the last lines of {process.log}:\n"
                    f"{process.last_words()}"
                )
        time.sleep(0.3)


def announce(url: str, base: Path, seconds: float) -> None:
    print(f"\nThe portal is up ({seconds:.1f} s):  {url}\n")
    known = accounts(base)
    if known:
        print(f"Demo accounts, one click each on {url}demo/ (code by SMS: {known['code']})")
        for account in known["accounts"]:
            print(f"  {account['phone']}  {account['label']}  {account['name']}")
    print(f"\nData and logs: {base}\nCtrl-C stops it; ./dev demo continues, --fresh starts over.")
    sys.stdout.flush()


def stop_on_sigterm() -> None:
    """Make SIGTERM unwind like Ctrl-C; both are heeded once."""

    def interrupt(signum, frame):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget the data and start over")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from outside")
    parser.add_argument("--port", type=int, help="8000, or the next free one")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    base = state_folder()
    stop_on_sigterm()
    try:
        if options.fresh:
            start_over(base)
        port = free_port(options.host, options.port)
        with portal(base, options.host, port) as (url, processes):
            announce(url, base, time.monotonic() - began)
            watch(processes)
    except BlockingIOError:
        say(f"The demo of this folder is running already: {running_url(base) or 'starting'}")
        return 1
    except Unavailable as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
