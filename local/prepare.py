"""Bring a database and its files up to the code: one process, so that Django is loaded once.

Run as ``python -m local.prepare STATE_FOLDER`` with the portal's environment.
"""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from local import messages
from local.programs import Unavailable, die_with_parent
from local.progress import say, step


def prepare(base: Path, env: dict[str, str]) -> None:
    """Do it in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "local.prepare", str(base)],
        cwd=Path(__file__).resolve().parent.parent,
        env=env,
        check=False,
        stdout=sys.stderr,
        start_new_session=True,  # Ctrl-C ends it through us, without a traceback
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        raise Unavailable("The portal could not be prepared; see above.")


def main(base: Path) -> None:
    messages.compile_catalogues()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caoyang_portal.settings")
    with step("Loading the portal"):
        import django

        django.setup()
    from django.core.management import call_command, get_commands

    with step("Database: migrations"):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    with step("Static files"):
        _collect_static(base)
    if "load_demo" in get_commands():
        with step("Demo neighbourhood"):
            call_command("load_demo", stdout=sys.stderr)
    else:
        say("The demo neighbourhood cannot be loaded yet: there is no command load_demo.")
    if "demo_accounts" in get_commands():
        out = io.StringIO()
        call_command("demo_accounts", "--json", stdout=out)
        (base / "accounts.json").write_text(out.getvalue())
    (base / ".prepared").touch()


def _collect_static(base: Path) -> None:
    """Collect again only when a source file changed."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{storage.path(name)} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    stamp = base / ".static-sources"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())


def accounts(base: Path) -> list[dict]:
    """The demo's accounts as the portal named them when it was prepared."""
    kept = base / "accounts.json"
    return json.loads(kept.read_text()) if kept.exists() else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
