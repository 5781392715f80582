"""The rows of a workbook, read in a process of its own (读表)."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.errors import Refused
from caoyang_portal.uploads.packages import check_workbook

WORKER = Path(__file__).with_name("worker.py")
WORKER_SECONDS = 40

REFUSALS = {
    "damaged": gettext_lazy("表格打不开，请用 Excel 另存为 .xlsx 再传。"),
    "too_big": gettext_lazy("表格太大，请删去空白行列后再传。"),
    "too_many_rows": gettext_lazy("表格超过 60000 行，请分开再传。"),
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
    check_workbook(io.BytesIO(content))
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
