"""A list of representatives from Excel: every row is looked through, and all are entered or nobody."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from consultation.actions import representatives as acts
from consultation.documents.representatives import representatives_template
from consultation.models import Representative
from consultation.queries.representative_file import HEADINGS, MOST, read_lines, table_of
from tests.consultation.congress_builders import prepared, seat, second_area

COLUMNS = list(HEADINGS.values())
WANG = ["曹杨一村", "王桂芳", 13800000101, "楼组长", "居民推选", dt.date(2026, 1, 1), "2028.12.31"]
ZHOU = ["曹杨一村", "周律师", "", "列席", "会议邀请", "20260101", "2028年12月31日"]


def sheet(*rows, headings=COLUMNS, above=()) -> bytes:
    book = openpyxl.Workbook()
    for row in (*above, headings, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def but(row, **changes):
    return [changes.get(of, cell) for of, cell in zip(HEADINGS, row, strict=True)]


@pytest.fixture
def congress(people, places, households):
    return prepared(places, people["gu"])


@pytest.fixture
def gu(client, people):
    client.force_login(people["gu"])
    return client


def at(name, congress):
    return reverse(f"consultation:{name}", args=[congress.pk])


def upload(client, congress, content):
    file = SimpleUploadedFile("名单.xlsx", content)
    return client.post(at("check_representatives", congress), {"file": file})


def why(places, *rows):
    """What is wrong with each row as it is read."""
    return [line.problems for line in read_lines(table_of(sheet(*rows)), [places.here])]


def test_a_list_is_looked_through_and_entered_whole(gu, congress, places, people):
    page = upload(gu, congress, sheet(WANG, [], ZHOU, above=[["曹杨新村街道社区代表名单"]]))
    assert (page.status_code, page.context["wrong"], Representative.objects.count()) == (200, 0, 0)
    assert [(line.row, line.shown["phone"]) for line in page.context["lines"]] == [
        (3, "138****0101"), (5, ""),  # as Excel counts them
    ]  # fmt: skip
    assert not Entry.objects.filter(act__contains="representative").exists()
    data = {"table": page.context["table"]}
    answer = gu.post(at("import_representatives", congress), data, follow=True)
    assert "登记了 2 位社区代表" in answer.content.decode()
    kept = Representative.objects.order_by("name").values_list(
        "name", "user__name", "category", "votes", "way", "since", "until", "added_by__name"
    )
    days = (dt.date(2026, 1, 1), dt.date(2028, 12, 31))
    assert list(kept) == [
        ("周律师", None, "non_voting", False, "invited", *days, "顾伟"),
        ("王桂芳", "王桂芳", "building_leader", True, "elected", *days, "顾伟"),
    ]
    [entry] = Entry.objects.filter(act="consultation.import_representatives")
    assert entry.facts["entered"] == 2
    assert Entry.objects.filter(act="consultation.add_representative").count() == 2


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"neighbourhood": "曲阳一村"}, "居民区：没有“曲阳一村”，请从列表里选"),
        ({"neighbourhood": ""}, "居民区：没有填"),
        ({"name": ""}, "姓名：没有填"),
        ({"name": "王" * 81}, "姓名：太长了"),
        ({"phone": "1380000"}, "手机号：要 11 位数字"),
        ({"category": "组长"}, "类别：没有“组长”，请从列表里选"),
        ({"way": "抽签"}, "怎样产生：没有“抽签”，请从列表里选"),
        ({"since": "今年"}, "任期起：看不懂日期，请写成 2026-01-01"),
        ({"until": ""}, "任期止：没有填"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_beside_it(changes, problem, places):
    assert why(places, but(WANG, **changes), ZHOU) == [[problem], []]


def test_several_mistakes_of_a_row_are_said_at_once(places):
    wrong = but(WANG, name="", category="", until="待定")
    assert why(places, wrong) == [
        ["姓名：没有填", "类别：没有填", "任期止：看不懂日期，请写成 2026-01-01"]
    ]


def test_what_the_portal_knows_better_is_said_before_anything_is_entered(gu, congress, people):
    """A login that is not there, a seat taken, twice in one file, a term that ends before it begins."""
    seat(congress, people["zhao"], people["gu"])
    before = Entry.objects.count()
    rows = [
        WANG,
        WANG,
        but(WANG, name="赵大勇", phone="13800000202"),
        but(WANG, name="陌生人", phone="13911112222"),
        but(ZHOU, until="2025-01-01"),
        ZHOU,
        ZHOU,
    ]
    page = upload(gu, congress, sheet(*rows))
    sits, twice = (
        "这个人已经是这一届的代表",
        "这个居民区已经有同名的代表。真是两个人，请在姓名后面注明",
    )
    assert [line.problems for line in page.context["lines"]] == [
        [],
        [sits],
        [sits],
        ["这个手机号还没有账号。请代表先登录一次，或不填手机号"],
        ["任期止要在任期起以后"],
        [],
        [twice],
    ]
    assert (page.context["table"], Entry.objects.count()) == ("", before)
    assert Representative.objects.count() == 1
    assert "登记这" not in page.content.decode()


def test_nothing_is_half_done(gu, congress, people):
    """What became wrong between looking and entering keeps out all, whoever sends it."""
    page = upload(gu, congress, sheet(ZHOU, WANG))
    seat(congress, people["wang"], people["gu"])
    answer = gu.post(at("import_representatives", congress), {"table": page.context["table"]})
    assert (answer.status_code, Representative.objects.count()) == (422, 1)
    assert [line.problems for line in answer.context["lines"]] == [
        [],
        ["这个人已经是这一届的代表"],
    ]
    for odd in ("", "7", "[[1]]", json.dumps([[2, {"name": "甲"}]]), page.context["table"][:-9]):
        answer = gu.post(at("import_representatives", congress), {"table": odd})
        assert (answer.status_code, Representative.objects.count()) == (422, 1), odd
    with pytest.raises(Refused, match="一个也没有登记"):
        acts.import_representatives(congress, people=[], by=people["gu"])


def test_only_the_street_brings_a_list(congress, people, places, client):
    lines = read_lines(table_of(sheet(WANG)), [places.here])
    for who in ("chen", "wang", "root"):
        with pytest.raises(PermissionDenied):
            acts.import_representatives(congress, people=[lines[0].values], by=people[who])
    client.force_login(people["chen"])
    assert upload(client, congress, sheet(WANG)).status_code == 403


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,phone", "请上传 Excel 文件（.xlsx）"),
        (sheet(headings=["甲", "乙"]), "没有找到表头"),
        (sheet(), "名单里没有人"),
        (sheet(*[ZHOU] * (MOST + 1)), "一次最多 300 人"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(content, said, gu, congress):
    page = upload(gu, congress, content)
    assert (page.status_code, said in page.content.decode()) == (422, True)


def test_the_template_is_what_is_read(gu, congress, places):
    """Its headings are ours, its lists hold our words; empty it enters nobody, filled in it does."""
    second_area(places)
    given = gu.get(at("representatives_template", congress)).content
    book = openpyxl.load_workbook(io.BytesIO(given))
    assert [cell.value for cell in book["社区代表"][1]] == COLUMNS
    assert [row[0].value for row in book["列表"].iter_rows(max_row=2)] == ["曹杨一村", "曹杨二村"]
    assert len(book["社区代表"].data_validations.dataValidation) == 3
    with pytest.raises(Refused, match="没有人"):
        table_of(given)
    for column, cell in enumerate(WANG, 1):
        book["社区代表"].cell(2, column, cell)
    out = io.BytesIO()
    book.save(out)
    [line] = read_lines(table_of(out.getvalue()), [places.here])
    assert (line.problems, line.values["category"]) == (
        [],
        Representative.Category.BUILDING_LEADER,
    )
    assert representatives_template([places.here])[:2] == b"PK"


def test_the_page_costs_the_same_however_many_there_are(gu, congress, people):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert gu.get(at("check_representatives", congress)).status_code == 200
        return len(counted)

    asked()
    one = asked()
    for name in ("甲", "乙", "丙"):
        seat(congress, None, people["gu"], name=name)
    assert asked() == one
