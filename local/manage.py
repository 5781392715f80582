"""``./dev manage``: manage.py with the services up; stdout and the exit code are the command's."""

import os
import signal
import subprocess
import sys

from local.instance import ROOT, attach, state_folder
from local.prepare import prepare
from local.programs import Unavailable, die_with_parent
from local.progress import say


def main(arguments: list[str]) -> int:
    if "DB_HOST" in os.environ and "CELERY_BROKER_URL" in os.environ:
        return _run(arguments, dict(os.environ))  # the environment brings its own servers
    base = state_folder()
    try:
        with attach(base) as portal_env:
            env = {"LOG_LEVEL": "WARNING"} | dict(os.environ) | portal_env
            if not (base / ".prepared").exists():
                prepare(base, env)  # the first command finds tables and people
            return _run(arguments, env)
    except Unavailable as problem:
        say(str(problem))
        return 1


def _run(arguments: list[str], env: dict[str, str]) -> int:
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=os.environ.get("CALLED_FROM"),  # so that names of files mean what they say
        env=env,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 no thread runs here
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the command's to answer
    signal.signal(signal.SIGTERM, lambda signum, frame: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
