"""The year's page, and an administrator at work on it."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caoyang_portal.calendars import checks
from caoyang_portal.calendars.models import SpecialDay

YEAR = reverse("calendars:year")
NOVEMBER = dt.datetime(2026, 11, 21, 2, tzinfo=dt.UTC)


@pytest.fixture
def adi(client, people, announced):
    client.force_login(people["adi"])
    return client


@time_machine.travel(NOVEMBER, tick=False)
def test_adi_is_warned_that_the_coming_year_is_missing(adi):
    page = adi.get(YEAR)
    assert "2027 年的放假安排还没有登记" in page.text
    assert [w.id for w in checks.next_year_is_entered(None, ["default"])] == ["calendars.W001"]


@time_machine.travel(dt.datetime(2026, 6, 1, tzinfo=dt.UTC), tick=False)
def test_nobody_is_warned_in_june(adi):
    assert "还没有登记，期限可能算错" not in adi.get(YEAR).text
    assert checks.next_year_is_entered(None, ["default"]) == []


def test_a_resident_reads_the_year_and_cannot_change_it(client, people, announced):
    client.force_login(people["wang"])
    page = client.get(YEAR, {"year": 2026}).text
    assert "全年工作日" in page
    assert "登记一天" not in page
    form = {"day": "2026-11-23", "kind": "holiday", "name": "台风"}
    assert client.post(reverse("calendars:set_special_day"), form).status_code == 403
    assert (
        client.post(reverse("calendars:remove_special_day"), {"day": "2026-10-01"}).status_code
        == 403
    )


def test_2026_has_the_working_days_the_announcement_makes(adi):
    assert adi.get(YEAR, {"year": 2026}).context["year"].working_days == 248


def test_adi_enters_and_removes_a_day(adi):
    form = {"day": "2026-11-23", "kind": "holiday", "name": "台风停工", "source": ""}
    done = adi.post(reverse("calendars:set_special_day"), form)
    assert (done.status_code, done.url) == (302, f"{YEAR}?year=2026")
    assert SpecialDay.objects.get(day="2026-11-23").name == "台风停工"
    adi.post(reverse("calendars:remove_special_day"), {"day": "2026-11-23"})
    assert not SpecialDay.objects.filter(day="2026-11-23").exists()


def test_a_day_nobody_entered_cannot_be_removed(adi):
    for day in ("2026-11-23", "rubbish"):
        assert adi.post(reverse("calendars:remove_special_day"), {"day": day}).status_code == 404


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_adi_imports_the_announcement_excel_wrote(adi, encoding):
    text = "日期,安排,节日\n2027-01-01,放假,元旦\n2027-01-03,上班,元旦\n"
    file = SimpleUploadedFile("2027.csv", text.encode(encoding))
    adi.post(reverse("calendars:import_special_days"), {"file": file, "source": "国办通知"})
    assert list(SpecialDay.objects.of_year(2027).values_list("kind", "name")) == [
        ("holiday", "元旦"),
        ("workday", "元旦"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("2027-13-01,放假,元旦\n".encode(), "第 1 条看不懂"),
        ("2027-01-01,休息,元旦\n".encode(), "第 1 条看不懂"),
        (b"\xff\xfe\x00\x01\x81", "打不开"),
        ("2027-01-04,上班,元旦\n".encode(), "本来就要上班"),
        ("1999-01-01,放假,元旦\n".encode(), "年份不对"),
    ],
)
def test_a_bad_file_comes_back_with_the_reason(adi, content, said):
    file = SimpleUploadedFile("2027.csv", content)
    page = adi.post(reverse("calendars:import_special_days"), {"file": file})
    assert page.status_code == 422
    assert said in page.text
    assert not SpecialDay.objects.of_year(2027).exists()


def test_the_page_asks_the_same_questions_of_a_full_and_an_empty_year(adi):
    adi.get(YEAR)
    asked = []
    for year in (2026, 2031):
        with CaptureQueriesContext(connection) as queries:
            adi.get(YEAR, {"year": year})
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 9


@pytest.mark.parametrize("asked", ["0", "99999", "x", "-1"])
def test_a_year_out_of_reach_shows_this_year(adi, asked):
    page = adi.get(YEAR, {"year": asked})
    assert page.context["year"].number == dt.date.today().year
