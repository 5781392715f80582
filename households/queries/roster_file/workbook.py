"""Refuse what is no plain workbook, then have the rest read in a process of its own (读表)."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.errors import Refused

WORKER = Path(__file__).with_name("worker.py")
WORKER_SECONDS = 40
MOST_UNPACKED = 120 * 1024 * 1024
MOST_PARTS = 2_000

REFUSALS = {
    "damaged": gettext_lazy("表格打不开，请用 Excel 另存为 .xlsx 再传。"),
    "too_big": gettext_lazy("表格太大，请删去空白行列后再传。"),
    "too_many_rows": gettext_lazy("表格超过 60000 行，请分开再传。"),
    "macro": gettext_lazy("表格带有宏，请另存为 .xlsx 再传。"),
    "old_format": gettext_lazy("这是旧格式，请另存为 .xlsx 再传。"),
    "locked": gettext_lazy("表格有密码或是旧格式，请另存为 .xlsx 再传。"),
    "csv": gettext_lazy("只收 Excel 表格，请另存为 .xlsx 再传。"),
}

Cell = str | float | int
Row = list[Cell]


@dataclass(frozen=True)
class Sheet:
    """One visible sheet (工作表): ``rows[0]`` is Excel's row 1, ``merged`` counts from 0."""

    name: str
    rows: list[Row]
    merged: list[list[int]]


def read_workbook(content: bytes) -> list[Sheet]:
    """Every visible sheet of the workbook; ``Refused`` says what is wrong with the file."""
    _inspect(content)
    try:
        done = subprocess.run(  # noqa: S603 our own script, bytes by pipe
            [sys.executable, str(WORKER)],
            input=content,
            capture_output=True,
            timeout=WORKER_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise Refused(str(REFUSALS["too_big"])) from problem
    answer = json.loads(done.stdout)
    if "refusal" in answer:
        raise Refused(str(REFUSALS[answer["refusal"]]))
    if not answer["sheets"]:
        raise Refused(_("表格里没有可见的工作表，请检查后再传。"))
    return [Sheet(**sheet) for sheet in answer["sheets"]]


def _inspect(content: bytes) -> None:
    """Look at the parts before anyone unpacks them: no macro, no bomb."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(str(REFUSALS["locked"]))
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(str(REFUSALS["csv"]))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as problem:
        raise Refused(str(REFUSALS["damaged"])) from problem
    names = {part.filename for part in parts}
    if any(name.lower().endswith(("vbaproject.bin", "xlmacrosheet.xml")) for name in names):
        raise Refused(str(REFUSALS["macro"]))
    if "xl/workbook.xml" not in names:
        raise Refused(str(REFUSALS["damaged"]))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(str(REFUSALS["too_big"]))
