"""``./dev test``: everything, or with arguments what pytest is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

from local import lint
from local.messages import compile_catalogues
from local.programs import Unavailable
from local.progress import say
from local.services import throw_away

ROOT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5
RUNS = {  # the drills kill processes and measure at scale: alone, last
    "tests": ["-m", "not drill", "-n", "2", "--dist", "load", "--maxschedchunk", "8"],
    "drills": ["-m", "drill"],
}


def main(arguments: list[str]) -> int:
    try:
        if arguments:
            return subprocess.run(_pytest(arguments), cwd=ROOT, check=False).returncode
        return _everything()
    except Unavailable as problem:
        say(str(problem))
    except KeyboardInterrupt:
        say("Stopped.")
    return 1


def _everything() -> int:
    """Lint, tests, drills, each whatever the ones before it said; the last line adds up."""
    compile_catalogues()
    with throw_away("lint") as (base, up):
        failed = lint.run(base, up.env)
        tallies = []
        for name, options in RUNS.items():
            say(f"\n== {name}")
            tally = base / f"{name}.json"
            env = {**os.environ, "TALLY_FILE": str(tally)}
            command = _pytest(["-q", "--durations=12", *options])
            done = subprocess.run(command, cwd=ROOT, env=env, check=False)
            if done.returncode not in (0, NOTHING_COLLECTED):
                failed.append(name)
            if tally.exists():
                tallies.append(json.loads(tally.read_text()))
    if failed:
        say(f"\nfailed: {', '.join(failed)}")
    passed, broken, errors, skipped = (
        sum(tally[outcome] for tally in tallies)
        for outcome in ("passed", "failed", "error", "skipped")
    )
    print(f"{passed} passed, {broken + errors} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


def _pytest(options: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *options]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
