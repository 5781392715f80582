"""Scanned ballots page by page (识读扫描件), read by a worker process; call it outside a transaction."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from caoyang_portal.uploads.intake import keep, read
from caoyang_portal.uploads.models import Attachment
from consultation.models import Poll

WORKER = Path(__file__).with_name("scan_worker.py")
SECONDS = 300
PREFIX = "caoyang-ballot"


@dataclass(frozen=True)
class ScannedPage:
    """One page as kept, with the serial read on it; "" where none could be."""

    scan: Attachment
    serial: str


def qr_text(poll: Poll, serial: str) -> str:
    """What the QR on a printed ballot says: the poll and the serial, nothing of the voter."""
    return f"{PREFIX}:{poll.code}:{serial}"


def read_pages(poll: Poll, files: Iterable[Attachment], *, by) -> list[ScannedPage]:
    """Every page of ``files`` kept as a picture of its own, with what its QR says."""
    found = []
    for file in files:
        for number, (codes, jpeg) in enumerate(_pages(read(file)), 1):
            name = f"{file.shown_name.rsplit('.', 1)[0]}-{number}.jpg"
            page = keep(jpeg, name, "image/jpeg", neighbourhood_id=poll.neighbourhood_id, by=by)
            found.append(ScannedPage(page, _serial(poll, codes)))
    return found


def _serial(poll: Poll, codes: Iterable[str]) -> str:
    lead = qr_text(poll, "")
    return next((code.removeprefix(lead) for code in codes if code.startswith(lead)), "")


def _pages(content: bytes) -> Iterable[tuple[list[str], bytes]]:
    try:
        done = subprocess.run(  # noqa: S603 our own script, bytes by pipe
            [sys.executable, "-I", str(WORKER)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise Refused(_("扫描件打不开，请重新扫描后再传。")) from problem
    for line in done.stdout.splitlines():
        page = json.loads(line)
        yield page["codes"], base64.b64decode(page["jpeg"])
