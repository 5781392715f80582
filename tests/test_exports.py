"""Exported tables: text is text in the file itself, whatever it looks like."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from caoyang_portal.exports import annotate_workbook, csv_text, workbook

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://evil")',
]
MARK = "导出人 陈静 · 2026-11-21 10:00 · 核对名册"


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith(".xml")
        }


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text):
    content = workbook([[text, "王桂芳"]], ["姓名", "备注"], watermark=MARK)
    assert [name for name, xml in parts(content).items() if "<f>" in xml or "<f " in xml] == []
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A3"]
    assert (cell.value.strip(), cell.data_type, cell.quotePrefix) == (text.strip(), "s", True)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_csv_is_run(text):
    [_heading, [cell, name]] = csv.reader(
        io.StringIO(csv_text([[text, "王桂芳"]], ["备注", "姓名"]))
    )
    assert (cell, name) == (f"'{text}", "王桂芳")


def test_a_heading_is_guarded_too():
    assert "<f>" not in "".join(parts(workbook([], ["=1+1"], watermark="=2")).values())


def test_numbers_dates_and_absent_values_stay_what_they_are():
    noon = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
    row = [Decimal("20.50"), 101, dt.date(2026, 1, 5), noon, None, True, "-"]
    content = workbook([row], list("abcdefg"), watermark=MARK)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[3]] == [
        20.5,
        101,
        dt.datetime(2026, 1, 5),
        dt.datetime(2026, 11, 21, 12, 0),
        None,
        "是",
        "-",
    ]
    assert csv_text([row], list("abcdefg")).splitlines()[1] == (
        "20.50,101,2026-01-05,2026-11-21 12:00:00,,True,'-"
    )


def test_who_took_it_stands_on_the_sheet_and_on_every_print():
    content = workbook([["王桂芳"]], ["姓名"], watermark=MARK, title="签约/名册*")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet["A1"].value, sheet.oddHeader.center.text, sheet.title) == (
        MARK,
        MARK,
        "签约名册",
    )


def test_characters_xml_cannot_hold_do_not_spoil_the_file():
    content = workbook([["王\x00桂\x0b芳\ud800\uffff"]], ["姓名"], watermark=MARK)
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A3"].value == "王桂芳"


def test_csv_begins_with_the_mark_excel_wants():
    assert csv_text([["王桂芳"]], ["姓名"]) == "\ufeff姓名\r\n王桂芳\r\n"


@pytest.fixture
def their_file():
    """The committee's roster: a title, headings in row 2, a formula of their own, two rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet["A1"] = "曹杨一村名册"
    sheet.merge_cells("A1:C1")
    sheet.append(["门牌", "承租人", "面积"])
    sheet.append(["3号101", "王桂芳", 20.5])
    sheet.append(["3号102", "孙丽", "二十"])
    sheet["C5"] = "=SUM(C3:C4)"
    sheet.column_dimensions["C"].width = 20
    book.create_sheet("说明")["A1"] = "请勿修改"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_their_own_file_comes_back_with_a_red_column(their_file):
    back = annotate_workbook(their_file, {4: "面积不是数字：二十"}, sheet="名册", heading_row=2)
    book = openpyxl.load_workbook(io.BytesIO(back))
    sheet = book["名册"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["门牌", "承租人", "面积", "错误原因"],
        ["3号101", "王桂芳", 20.5, None],
        ["3号102", "孙丽", "二十", "面积不是数字：二十"],
        [None, None, "=SUM(C3:C4)", None],
    ]
    assert sheet["D4"].font.color.rgb == "FFB00020"
    assert (book.sheetnames, sheet.column_dimensions["C"].width) == (["名册", "说明"], 20)


def test_a_second_round_replaces_the_reasons_of_the_first(their_file):
    first = annotate_workbook(their_file, {3: "门牌重复"}, heading_row=2)
    second = annotate_workbook(first, {4: "=cmd"}, heading_row=2)
    sheet = openpyxl.load_workbook(io.BytesIO(second))["名册"]
    assert [sheet.cell(row, 4).value for row in (2, 3, 4)] == ["错误原因", None, "=cmd"]
    assert (sheet["D4"].data_type, sheet.max_column) == ("s", 4)
