"""A committee's workbook, read as it is: every problem by its row and column, every kind of mess borne."""

import io
import struct
import zipfile
import zlib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from caoyang_portal.errors import Refused
from households.demo import made_up
from households.models import CareTag, Household
from households.queries.roster_file import cells, identity, kinds
from households.queries.roster_file.headings import best_sheet, guess, heading_at
from households.queries.roster_file.reading import read_rows
from households.queries.roster_file.workbook import read_workbook

from .roster_files import HEADINGS, home, id_number, saved, sheet_of


def read(content: bytes):
    sheet, heading = best_sheet(read_workbook(content))
    return list(read_rows(sheet, heading))


def only(**different):
    """The one row of a workbook that has it."""
    (row,) = read(sheet_of(home(**different)))
    return row


def problems(rows):
    return [(r.sheet_row, e["column"], e["problem"]) for r in rows for e in r.errors]


def warned(row):
    return [(w["column"], w["problem"]) for w in row.warnings]


ERRORS = [
    ({"name": ""}, "承租人/产权人", "missing_name"),
    ({"building": "—"}, "幢号", "missing_building"),
    ({"room": " "}, "室号", "missing_room"),
    ({"tenure": "商铺？"}, "房屋类型", "unknown_tenure"),
    ({"tenure": ""}, "房屋类型", "unknown_tenure"),
    ({"living": -12.5}, "居住面积(㎡)", "negative_area"),
    ({"floor": "-3㎡"}, "建筑面积(㎡)", "negative_area"),
    ({"living": "约二十"}, "居住面积(㎡)", "area_not_a_number"),
    ({"living": "1,23.5"}, "居住面积(㎡)", "area_not_a_number"),
    ({"id_number": "310999195501011234"}, "证件号码", "bad_id_number"),
    ({"id_number": "310999195502301018"}, "证件号码", "bad_id_number"),
    ({"id_number": 3.10999195501012e17}, "证件号码", "id_number_damaged"),
    ({"id_number": "3.10999E+17"}, "证件号码", "id_number_damaged"),
    ({"id_number": "310999195501012000"}, "证件号码", "id_number_damaged"),
    ({"phone": "1990012"}, "联系电话", "bad_phone"),
    ({"phone": "13800138000、12345"}, "联系电话", "bad_phone"),
    ({"registered": "几个"}, "户籍人数", "bad_count"),
    ({"resident": -1}, "实住人数", "bad_count"),
    ({"resident": 2.5}, "实住人数", "bad_count"),
    ({"certificate": "证" * 81}, "租赁凭证号/产证号", "too_long"),
]


@pytest.mark.parametrize(("different", "column", "problem"), ERRORS)
def test_a_wrong_cell_is_named_by_row_heading_and_reason(different, column, problem):
    rows = read(sheet_of(home("101"), home(**{"room": "102"} | different), home("103")))

    assert problems(rows) == [(5, column, problem)]
    (error,) = rows[1].errors
    assert error["message"].endswith("。")
    assert len(error["message"]) <= 40


def test_of_two_rows_of_one_dwelling_the_later_is_the_duplicate():
    rows = read(sheet_of(home("101"), home("102"), home(" １０１室 ", id_number=id_number(9))))

    assert problems(rows) == [(6, "室号", "duplicate_dwelling")]
    assert rows[2].errors[0]["message"] == "与第 4 行是同一套房，请删去一行或补部位。"


def test_one_row_can_have_several_errors():
    row = only(name="", living=-1, phone="12")

    assert {e["problem"] for e in row.errors} == {"missing_name", "bad_phone", "negative_area"}


WARNINGS = [
    ({"phone": ""}, [("联系电话", "missing_phone")]),
    ({"phone": 19900000101}, [("联系电话", "numeric_phone")]),
    ({"phone": "021-62345678"}, [("联系电话", "landline")]),
    ({"phone": "62345678/13800138000"}, [("联系电话", "several_phones")]),
    ({"id_number": ""}, [("证件号码", "missing_id_number")]),
    ({"id_number": "E12345678"}, [("证件号码", "other_document")]),
    ({"living": 2.5}, [("居住面积(㎡)", "area_improbable")]),
    (
        {"living": 999, "floor": 1200},
        [("居住面积(㎡)", "area_improbable"), ("建筑面积(㎡)", "area_improbable")],
    ),
    ({"living": 0}, [("居住面积(㎡)", "zero_area")]),
    ({"living": 40}, [("居住面积(㎡)", "living_above_floor")]),
    ({"tags": "独居老人、爱猫"}, [("特殊情况", "unknown_tag")]),
    ({"kitchen": "走廊"}, [("厨房", "unknown_facility")]),
    ({"name": "王桂芳2"}, [("承租人/产权人", "odd_name")]),
    ({"name": "王桂芳、王强"}, [("承租人/产权人", "several_holders")]),
]


@pytest.mark.parametrize(("different", "expected"), WARNINGS)
def test_what_is_odd_but_usable_is_a_warning(different, expected):
    row = only(**different)

    assert row.errors == []
    assert warned(row) == expected


def test_one_person_or_certificate_twice_is_a_warning_on_the_later_row():
    same = {"id_number": id_number(1), "certificate": "普曹租1"}
    rows = read(sheet_of(home("101", **same), home("102", **same)))

    assert [warned(row) for row in rows] == [
        [],
        [
            ("证件号码", "possible_duplicate_person"),
            ("租赁凭证号/产证号", "duplicate_certificate"),
        ],
    ]


def test_a_row_is_stored_in_one_form_however_it_was_written():
    row = only(
        room="１０１室",
        building="３幢",
        door=" 曹杨一村 3号",
        name="王　桂 芳",
        id_number=f"'{id_number(101).lower()}",
        phone="+86 199-0000-0101",
        living=" 23.5 平方米",
        floor="35.20㎡",
        kitchen="合用(3户)",
        toilet="独立",
        registered="3人",
        resident="两人",
        others="王强(子)、李 梅",
        tags="独居老人；残疾（二级）",
        remark="承租人已故待变更",
    )

    assert (row.errors, row.warnings) == ([], [])
    assert row.values == {
        "zone": "第一工区",
        "building": "3号楼",
        "door": "曹杨一村3号",
        "room": "101",
        "tenure": "public_tenant",
        "name": "王桂芳",
        "id_number": id_number(101),
        "phone": "+8619900000101",
        "certificate_number": "普曹租000101",
        "living_area": "23.50",
        "floor_area": "35.20",
        "kitchen": "shared",
        "shared_with": 3,
        "toilet": "own",
        "registered_count": 3,
        "resident_count": 2,
        "remark": "承租人已故待变更",
        "special": "inheritance",
        "is_deceased": True,
        "tags": [
            {"kind": "living_alone", "note": ""},
            {"kind": "disability", "note": "二级"},
        ],
        "co_residents": [
            {"name": "王强", "relation": "子"},
            {"name": "李梅", "relation": ""},
        ],
    }


@pytest.mark.parametrize(
    ("remark", "occupancy"),
    [("长期出租", "sublet"), ("空关", "vacant"), ("人户分离", "elsewhere"), ("已去世", None)],
)
def test_a_remark_says_who_lives_there(remark, occupancy):
    assert only(remark=remark).values.get("occupancy") == occupancy


def test_titles_blanks_totals_notes_and_repeated_headings_are_no_households():
    blank, numbered = [None] * len(HEADINGS), [3, *[None] * (len(HEADINGS) - 1)]
    content = sheet_of(
        home("101"),
        blank,
        ["小计", None, None, None, "1户"],
        HEADINGS,
        home("102"),
        numbered,
        ["总 计", None, None, None, "2户"],
        ["制表人：陈静", None, None, "审核：林红"],
        ["说明：面积以凭证为准"],
        before=2,
    )

    assert [row.sheet_row for row in read(content)] == [6, 10]


def test_merged_and_dittoed_cells_speak_for_the_rows_below():
    book = Workbook()
    sheet = book.active
    sheet.append(["楼栋", "门牌号", "房号", "产别", "户主"])
    for row in [
        ["3幢", "曹杨一村3号", 101, "公房", "王桂芳"],
        [None, None, 102, "同上", "孙丽"],
        [None, None, 103, "〃", "李强"],
        ["9幢", "曹杨一村9号", 101, "私房", "赵大勇"],
        [None, None, 102, "公房", "无幢"],
    ]:
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B2:B4")
    rows = read(saved(book))

    assert [
        (r.values.get("building"), r.values.get("door"), r.values["room"], r.values["tenure"])
        for r in rows
    ] == [
        ("3号楼", "曹杨一村3号", "101", "public_tenant"),
        ("3号楼", "曹杨一村3号", "102", "public_tenant"),
        ("3号楼", "曹杨一村3号", "103", "public_tenant"),
        ("9号楼", "曹杨一村9号", "101", "private_owner"),
        (None, None, "102", "public_tenant"),
    ]
    assert problems(rows) == [(6, "楼栋", "missing_building")]


def test_headings_are_guessed_by_what_they_mean_and_not_by_their_place():
    said = "序号 户主姓名 手机号码 楼号 房间号 房屋性质 身份证号 居住面积（平方米） 共同居住人姓名 联系人"
    texts = dict(enumerate([*said.split(), "备 注"], start=1))

    assert guess(texts) == {
        2: "name",
        3: "phone",
        4: "building",
        5: "room",
        6: "tenure",
        7: "id_number",
        8: "living_area",
        9: "co_residents",
        11: "remark",
    }


def test_headings_in_two_rows_under_group_headings_are_read_together():
    book = Workbook()
    sheet = book.active
    sheet.append(["幢号", "室号", "房屋类型", "承租人", "面积", None])
    sheet.append([None, None, None, None, "居住面积", "建筑面积"])
    sheet.append(["3号楼", "101", "公房", "王桂芳", 23.5, 35.2])
    sheets = read_workbook(saved(book))
    sheet, heading = best_sheet(sheets)

    assert (heading.row, list(heading.mapping.values())) == (
        2,
        ["building", "room", "tenure", "name", "living_area", "floor_area"],
    )
    assert heading_at(sheet, 2) == heading
    assert [row.sheet_row for row in read_rows(sheet, heading)] == [3]


def test_the_sheet_whose_headings_fit_is_read_and_hidden_ones_are_not():
    book = Workbook()
    book.active.append(["这是填表说明，姓名要写全。"])
    old = book.create_sheet("去年")
    old.append(HEADINGS)
    old.append(home("999"))
    old.sheet_state = "hidden"
    sheet = book.create_sheet("今年")
    sheet.append(HEADINGS)
    sheet.append(home("101"))
    sheets = read_workbook(saved(book))

    assert [s.name for s in sheets] == ["Sheet", "今年"]
    assert best_sheet(sheets)[0].name == "今年"


# --- files that are none ------------------------------------------------------------------------


def test_a_bomb_a_macro_and_other_files_are_refused_with_a_sentence():
    good = sheet_of(home("101"))
    macro = _with_part(good, "xl/vbaProject.bin", b"\x00" * 10)
    bomb = _with_part(good, "xl/media/image1.bin", b"\x00" * 40_000_000)
    for content in (
        b"",
        b"a,b\n1,2",
        b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
        good[:900],
        macro,
        bomb,
    ):
        with pytest.raises(Refused) as refused:
            read_workbook(content)
        assert str(refused.value).endswith("。")


def test_a_sheet_that_claims_every_cell_of_excel_ends_its_reader_and_not_us():
    sheet = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        '2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
        '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    content = _with_part(sheet_of(home("101")), "xl/worksheets/sheet1.xml", sheet.encode())

    with pytest.raises(Refused, match="表格太大"):
        read_workbook(content)


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(sheet_of(home("101")))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<L", content, at + 24, 10)
    struct.pack_into("<L", content, at + 16, zlib.crc32(b"<worksheet"))
    assert part.file_size > 10

    with pytest.raises(Refused):
        read_workbook(bytes(content))


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return out.getvalue()


# --- one cell -----------------------------------------------------------------------------------

anything = st.one_of(st.text(max_size=40), st.floats(allow_nan=False), st.integers())


@settings(max_examples=200, deadline=None)
@given(cell=anything)
def test_no_cell_breaks_a_reader_and_reading_twice_changes_nothing(cell):
    for clean in (cells.word, cells.person, cells.room, cells.building, cells.door):
        once = clean(cell)
        assert clean(once) == once
    for parse in (cells.area, cells.count, cells.floor, cells.day, cells.yes):
        try:
            value = parse(cell)
        except cells.Unfit:
            continue
        if parse is cells.area and value is not None:
            assert value >= 0
            assert cells.area(str(value)) == value
    for parse in (identity.id_number, identity.phones):
        try:
            parse(cell)
        except cells.Unfit:
            continue
    assert kinds.tenure(cell) in ("", *Household.Tenure.values)
    known, _unknown = kinds.tags(cell)
    assert {tag["kind"] for tag in known} <= set(CareTag.Kind.values)


@given(area=st.decimals(min_value="0.01", max_value="99999", places=2))
def test_an_area_is_read_whatever_surrounds_it(area):
    for text in (
        f"{area}㎡",
        f" {area} 平方米",
        f"{area}平米",
        f"{area:,}",
        f"{area} m²",
        float(area),
    ):
        assert cells.area(text) == Decimal(area).quantize(Decimal("0.01"))


@given(
    body=st.from_regex(
        r"[1-9][0-9]{5}19[3-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True
    )
)
def test_one_wrong_digit_of_an_id_number_is_always_found(body):
    number = body + identity.check_digit(body)

    assert identity.is_id_number(number)
    for place in range(17):
        other = str((int(number[place]) + 1) % 10)
        assert not identity.is_id_number(number[:place] + other + number[place + 1 :])


@given(tail=st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_a_mobile_is_one_number_in_every_form(tail):
    local = f"13{tail}"
    forms = [
        local,
        int(local),
        float(local),
        f"+86{local}",
        f"0086 {local}",
        f"{local[:3]} {local[3:7]} {local[7:]}",
        f"{local[:3]}-{local[3:7]}-{local[7:]}",
        local.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ]

    assert {tuple(identity.phones(form)) for form in forms} == {(f"+86{local}",)}


def test_buildings_and_rooms_have_one_name():
    assert {
        cells.building(b) for b in ("3号楼", "3幢", "３栋", "三号楼", "第3幢", 3, 3.0, "3#")
    } == {"3号楼"}
    assert cells.building("红楼") == "红楼"
    assert [cells.room(r) for r in ("101室", 101.0, " 101 ", "一〇一", "12a", "前楼")] == [
        "101", "101", "101", "101", "12A", "前楼",
    ]  # fmt: skip


def test_every_word_we_know_means_a_choice_we_have():
    assert set(kinds.TENURES.values()) <= set(Household.Tenure.values)
    assert set(kinds.USES.values()) <= set(Household.Use.values)
    assert set(kinds.TAGS.values()) == set(CareTag.Kind.values)


# --- a whole neighbourhood ----------------------------------------------------------------------


def test_the_made_up_roster_of_1499_households_has_no_error():
    rows = read(made_up.workbook())

    assert (len(rows), problems(rows)) == (1499, [])
    assert {w["problem"] for r in rows for w in r.warnings} == {"numeric_phone"}
    expected = sum(
        Decimal(str(row[10]).replace("㎡", "").replace("平方米", "").strip())
        for row in made_up.rows()
    )
    assert sum(Decimal(r.values["living_area"]) for r in rows) == expected


def test_28_rows_made_wrong_in_seven_ways_are_exactly_those_found():
    spoil = [
        ("missing_name", 6, ""),
        ("negative_area", 10, -12.5),
        ("area_not_a_number", 10, "约二十"),
        ("bad_id_number", 7, "310999195501019999"),
        ("bad_phone", 8, "1990012"),
        ("unknown_tenure", 5, "商铺？"),
        ("duplicate_dwelling", 4, None),
    ]
    listed = list(made_up.rows())
    expected = []
    for turn in range(28):
        problem, column, wrong = spoil[turn % 7]
        at = 40 + turn * 50
        if problem == "duplicate_dwelling":
            listed[at][2:5] = listed[at - 3][2:5]
        else:
            listed[at][column] = wrong
        expected.append((at + 4, problem))
    rows = read(made_up.workbook(iter(listed)))

    assert [(row, problem) for row, _column, problem in problems(rows)] == expected
    assert sum(not row.errors for row in rows) == 1471
