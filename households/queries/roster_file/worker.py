"""Open one workbook in a process of its own (隔离读表): run as a script, bytes in, JSON out.

A few bytes can claim a million columns; the limits below end this process, never its parent.
"""

import datetime
import io
import json
import resource
import sys
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 30
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 60_000, 120, 30


def plain(cell: Any) -> Any:
    """A cell as JSON has it: a number, or text."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat()[:10]
    if isinstance(cell, (datetime.time, datetime.timedelta)):
        return str(cell)
    return cell


def trimmed(row: list[Any]) -> list[Any]:
    """The row without its empty tail."""
    cells = [plain(cell) for cell in row[:MOST_COLUMNS]]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def read(content: bytes) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 after the limits

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for index, about in enumerate(book.sheets_metadata[:MOST_SHEETS]):
        if about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(index)
        # Keeping the empty area keeps Excel's own row and column numbers.
        rows = [trimmed(row) for row in sheet.to_python(skip_empty_area=False)]
        if len(rows) > MOST_ROWS:
            return {"refusal": "too_many_rows"}
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
        sheets.append({"name": about.name, "rows": rows, "merged": merged})
    return {"sheets": sheets}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    try:
        answer = read(content)
    except MemoryError:
        answer = {"refusal": "too_big"}
    except Exception:  # whatever a stranger's file provokes, it is the file
        answer = {"refusal": "damaged"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
