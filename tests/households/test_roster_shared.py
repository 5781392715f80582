"""The two rosters handed over with the project, where they lie beside it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from households.queries.roster_file.headings import best_sheet
from households.queries.roster_file.reading import read_rows
from households.queries.roster_file.workbook import read_workbook

BESIDE = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not BESIDE.exists(), reason="the rosters are not beside this clone")
@pytest.mark.parametrize("name", ["roster_caoyang_one", "roster_with_errors"])
def test_the_rosters_give_what_was_written_down_about_them(name):
    expected = json.loads((BESIDE / f"{name}.json").read_text())
    sheet, heading = best_sheet(read_workbook((BESIDE / f"{name}.xlsx").read_bytes()))
    rows = list(read_rows(sheet, heading))
    good = [row for row in rows if not row.errors]

    assert [
        {"sheet_row": row.sheet_row, "problem": error["problem"]}
        for row in rows
        for error in row.errors
    ] == expected["errors"]
    assert (len(rows), len(good)) == (expected["households"], expected["good_rows"])
    assert sum(Decimal(row.values["living_area"]) for row in good) == Decimal(
        str(expected["living_area_total_of_good_rows"])
    )
