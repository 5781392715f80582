"""``./dev bench``: the measurements, on durable servers of their own."""

import os
import subprocess
import sys
from pathlib import Path

from local.environment import for_tests
from local.programs import Unavailable
from local.progress import say
from local.services import throw_away

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    try:
        with throw_away("bench", durable=True) as (base, up):
            env = {**os.environ, **for_tests(base), **up.env}
            command = [sys.executable, "-m", "tests.bench", *arguments]
            return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    except Unavailable as problem:
        say(str(problem))
    except KeyboardInterrupt:
        say("Stopped.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
