"""The instance of this checkout: one state folder, held by one process, used by many.

Whoever starts the services holds the folder's lock and leaves their environment in ``running.json``;
``./dev manage`` finds them there. Its users share a second lock, so that an owner which is only
another ``./dev manage`` lets them finish.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from local.environment import for_demo
from local.programs import ROOTS_PLACE, Unavailable
from local.progress import say
from local.services import hold, services

ROOT = Path(__file__).resolve().parent.parent
STARTING_SECONDS = 120


def state_folder() -> Path:
    """Where this checkout keeps its data: CAOYANG_STATE, else .data, for root in /var/lib."""
    if os.environ.get("CAOYANG_STATE"):
        folder = Path(os.environ["CAOYANG_STATE"])
    elif os.geteuid() == 0:  # the service account may not reach the checkout
        name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
        folder = ROOTS_PLACE / f"{ROOT.name}-{name}"
    else:
        folder = ROOT / ".data" / "instance"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder.resolve()


@contextlib.contextmanager
def own(base: Path, *, patient: bool) -> Iterator[dict[str, str]]:
    """Start the services in ``base`` and yield the portal's environment.

    Raises BlockingIOError when another process has them. ``patient``: at the end, wait for users.
    """
    note = base / "running.json"
    with hold(base):
        note.unlink(missing_ok=True)
        with services(base) as up:
            env = for_demo(base) | up.env
            leave_note(base, env)
            try:
                yield env
            finally:
                note.unlink(missing_ok=True)
                if patient:
                    _wait_for_users(base)


@contextlib.contextmanager
def attach(base: Path) -> Iterator[dict[str, str]]:
    """The environment of the services that run in ``base``, started if they do not."""
    with contextlib.ExitStack() as stack:
        env = None
        while env is None:
            with contextlib.suppress(BlockingIOError):
                env = stack.enter_context(own(base, patient=True))
                break
            users = stack.enter_context((base / ".users").open("a"))
            fcntl.flock(users, fcntl.LOCK_SH)
            env = _find_running(base)
        yield env


def _find_running(base: Path) -> dict[str, str] | None:
    """Wait until the owner has left its note; None when it went away instead."""
    end = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError):
            return json.loads((base / "running.json").read_text())["env"]
        with contextlib.suppress(BlockingIOError), hold(base):
            return None
        time.sleep(0.1)
    raise Unavailable(f"Another ./dev has held {base} for {STARTING_SECONDS} s without starting.")


def leave_note(base: Path, env: dict[str, str], url: str = "") -> None:
    """Tell other commands how to reach what runs here; only its owner may read it."""
    draft = base / "running.draft"
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text(json.dumps({"pid": os.getpid(), "url": url, "env": env}))
    draft.replace(base / "running.json")


def running_url(base: Path) -> str:
    """The address of the demo that runs in ``base``; "" when none does."""
    try:
        with hold(base):
            return ""
    except BlockingIOError:
        with contextlib.suppress(OSError, ValueError):
            return json.loads((base / "running.json").read_text())["url"]
    return ""


def start_over(base: Path) -> None:
    """Forget everything in the state folder (``--fresh``); the lock stays ours or we refuse."""
    with hold(base):
        for thing in base.iterdir():
            if thing.name == ".lock":
                continue
            if thing.is_dir() and not thing.is_symlink():
                shutil.rmtree(thing)
            else:
                thing.unlink()


def _wait_for_users(base: Path) -> None:
    with (base / ".users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another ./dev command still uses these services; waiting for it.")
            fcntl.flock(users, fcntl.LOCK_EX)
