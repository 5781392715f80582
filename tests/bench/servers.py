"""The portal's web server, as the demo and production start it, for the length of a measurement."""

import contextlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextlib.contextmanager
def web(
    settings: str = "caoyang_portal.settings", path: str = "/livez", server: str = "granian"
) -> Iterator[int]:
    """Start ``deploy/run web`` with ``settings`` and yield its port; stop it at the end."""
    port = _free_port()
    env = {**os.environ, "PORT": str(port), "DJANGO_SETTINGS_MODULE": settings}
    env |= {"PYTHON": str(ROOT / ".venv/bin/python"), "LOG_LEVEL": "ERROR"}
    env["WEB_SERVER"] = server
    server = subprocess.Popen(
        [ROOT / "deploy/run", "web"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port, path, server)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait(port: int, path: str, server: subprocess.Popen) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            link.request("GET", path)
            if link.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server did not come up")
