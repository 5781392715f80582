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

ROOT = Path(__file__).resolve().parent.parent
APPS = ("caoyang_portal", "households", "consultation", "mediation", "suggestions")
SOURCES = (*APPS, "static", "locale")
WITHOUT_PAPERS = 3  # exit code: everything but the demo neighbourhood, which has papers


def prepare(base: Path, env: dict[str, str]) -> None:
    """Do it in a process of its own, unless it was done for exactly this code."""
    messages.compile_catalogues()
    code = _fingerprint()
    stamp = base / ".prepared"
    if stamp.exists() and stamp.read_text() == code:
        return
    done = subprocess.run(
        [sys.executable, "-m", "local.prepare", str(base)],
        cwd=ROOT,
        env={**env, "LOG_LEVEL": "WARNING"},
        check=False,
        stdout=sys.stderr,
        start_new_session=True,  # Ctrl-C ends it through us, without a traceback
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    if done.returncode == WITHOUT_PAPERS:
        return
    if done.returncode:
        raise Unavailable("The portal could not be prepared; see above.")
    stamp.write_text(code)


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for source in SOURCES:
        for folder, subfolders, names in os.walk(ROOT / source):
            subfolders[:] = sorted(name for name in subfolders if name != "__pycache__")
            for name in sorted(names):
                if not name.endswith(".mo"):
                    stat = (Path(folder) / name).stat()
                    seen.update(f"{folder}/{name} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return seen.hexdigest()


def main(base: Path) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caoyang_portal.settings")
    with step("Loading the portal"):
        import django

        django.setup()
    from django.core.management import call_command

    with step("Database: migrations"):
        call_command("migrate", interactive=False, verbosity=0)
    with step("Static files"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    try:
        import weasyprint  # noqa: F401
    except OSError:
        say("The demo neighbourhood has papers: it is loaded once the PDF libraries are there.")
        return WITHOUT_PAPERS
    with step("Demo neighbourhood"):
        call_command("load_demo", stdout=sys.stderr)
    out = io.StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    (base / "accounts.json").write_text(out.getvalue())
    return 0


def accounts(base: Path) -> dict:
    """The demo's accounts as the portal named them when it was prepared."""
    kept = base / "accounts.json"
    return json.loads(kept.read_text()) if kept.exists() else {}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
