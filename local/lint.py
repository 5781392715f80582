"""``./dev lint``: what can be said about the code without running the tests."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local import messages
from local.environment import for_tests
from local.progress import say
from local.services import throw_away

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
PACKAGES = ["caoyang_portal", "households", "consultation", "mediation", "suggestions", "local"]

# As in production; each value only has to look like one.
PRODUCTION_ENV = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "check-deploy-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "CONFIDENTIAL_KEYS": "check-deploy-confidential-0123456789-abcdefgh",
    "CONFIDENTIAL_INDEX_KEY": "check-deploy-index-0123456789-abcdefghijklmn",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    "TRUSTED_PROXIES": "1",
}


def steps() -> dict[str, list[str]]:
    """Each check by the name it is reported under."""
    templates = [str(path.relative_to(ROOT)) for path in messages.templates()]
    manage = [PYTHON, "manage.py"]
    return {
        "mypy": [str(BIN / "mypy"), *PACKAGES],
        "ruff check": [str(BIN / "ruff"), "check", "."],
        "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
        "templates": [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates],
        "import contracts": [str(BIN / "lint-imports"), "--no-cache"],
        "translations": [PYTHON, "-m", "local.messages", "--check"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "production settings": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def _seal(base: Path, env: dict[str, str]) -> dict[str, str]:
    """A seal as an installation makes its own; the demonstration's is refused in production."""
    folder, secret = base / "seal", base / "seal-passphrase"
    secret.write_text("only for this check")
    command = [PYTHON, "manage.py", "make_seal_chain", str(folder), "--name", "Check"]
    subprocess.run(
        [*command, "--passphrase-file", str(secret)],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    files = {"SEAL_KEY": "seal.key", "SEAL_CERT": "seal.crt", "SEAL_CHAIN": "chain.crt"}
    named = {name: str(folder / file) for name, file in files.items()}
    return named | {"SEAL_DEMO": "0", "SEAL_PASSPHRASE": secret.read_text()}


def run(base: Path, services_env: dict[str, str]) -> list[str]:
    """Run every check, two at a time; returns the names of those that failed."""
    messages.compile_catalogues()
    env = {**os.environ, **for_tests(base), **services_env}
    failed = []
    production = env | PRODUCTION_ENV | _seal(base, env)

    def one(step: tuple[str, list[str]]) -> tuple[str, float, subprocess.CompletedProcess]:
        name, command = step
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=production if name == "production settings" else env,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return name, time.monotonic() - began, done

    with ThreadPoolExecutor(2) as pool:
        for name, took, done in pool.map(one, steps().items()):
            say(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name} ({took:.1f} s)")
            if done.returncode:
                failed.append(name)
                say(done.stdout.rstrip()[-6000:])
    return failed


def main() -> int:
    with throw_away("lint") as (base, up):
        failed = run(base, up.env)
    say(f"failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
