"""Figures of suggestions: exact, on page and in file alike, and small numbers in neither."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community.models import Organisation
from suggestions.queries.cells import percent
from suggestions.queries.figures import MEASURES, figures
from tests.suggestions.finding_builders import suggested

TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def year(places, people):
    """Of 20 for 城建中心: 12 answered in time, 6 late, 2 owed; 3 for 房管所; 7 nobody has yet."""
    units = [
        Organisation.objects.create(sub_district=places.street, kind="department", name=name)
        for name in ("城建中心", "房管所")
    ]

    def answer(one, verdict, on, level=""):
        one.replied_at = timezone.make_aware(dt.datetime.combine(on, dt.time(23, 59)))
        one.state = "replied"
        one.save(update_fields=["replied_at", "state"])
        one.replies.create(
            neighbourhood=places.here, round=1, unit=one.unit, verdict=verdict, text="好。",
            why="有理由。", replied_by=people["chen"],
        )  # fmt: skip
        if level:
            one.satisfactions.create(
                neighbourhood=places.here, round=1, attitude="satisfied", result=level,
                rated_by=people["wang"],
            )  # fmt: skip

    due = dt.date(2026, 5, 1)
    for n in range(20):
        one = suggested(places.here, f"第{n}条", unit=units[0], state="assigned", reply_by=due)
        if n < 12:
            level = "mostly" if n < 6 else "unsatisfied"
            answer(one, "adopted", due, level if n < 11 else "")
        elif n < 18:
            answer(one, "not_adopted", due + dt.timedelta(days=1))
    for _n in range(3):
        suggested(places.here, "少", unit=units[1], state="assigned")
    for _n in range(7):
        suggested(places.here, "新", submitted_at=dt.datetime(2026, 4, 30, 17, tzinfo=dt.UTC))
    suggested(places.here, "撤", state="withdrawn", next_step="", next_on=None)
    suggested(places.there, "别处的")
    suggested(places.here, "去年的", submitted_at=dt.datetime(2025, 12, 31, 15, 59, tzinfo=dt.UTC))
    return places.here


def seen(table):
    return {
        line.label: {part.measure.key: part.cells for part in line.parts}
        for line in (*table.lines, table.whole)
    }


def test_by_unit_what_is_small_is_hidden_with_company(year):
    by_unit, _by_month = figures(year, 2026, TODAY)
    assert seen(by_unit) == {
        "城建中心": {
            "made": [20], "prompt": [12, 8], "verdict": [12, 0, 6], "attitude": [11, 0],
            "result": [6, 5],
        },
        "房管所": {
            "made": [None], "prompt": [None, None], "verdict": [0, 0, 0], "attitude": [0, 0],
            "result": [0, 0],
        },
        "还没交办": {
            "made": [None], "prompt": [None, None], "verdict": [0, 0, 0], "attitude": [0, 0],
            "result": [0, 0],
        },
        "合计": {
            "made": [30], "prompt": [12, 18], "verdict": [12, 0, 6], "attitude": [11, 0],
            "result": [6, 5],
        },
    }  # fmt: skip
    assert by_unit.lines[1].parts[1].share == "60.0 %"


def test_by_month_of_the_neighbourhood_s_own_clock(year):
    _by_unit, by_month = figures(year, 2026, TODAY)
    assert {label: parts["made"] for label, parts in seen(by_month).items()} == {
        "2026-03": [23], "2026-05": [7], "合计": [30],
    }  # fmt: skip


def test_page_and_file_say_the_same(client, year):
    asked = {"place": year.pk, "year": 2026}
    page = client.get(reverse("suggestions:suggestion_figures"), asked).content.decode()
    file = client.get(reverse("suggestions:suggestion_figures_csv"), asked).content.decode()
    heading, *rows = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    assert len(heading) == 4 + sum(len(measure.columns) for measure in MEASURES)
    tables = figures(year, 2026, timezone.localdate())
    lines = [line for table in tables for line in (*table.lines, table.whole)]
    assert [row[4:] for row in rows] == [
        ["—" if cell is None else str(cell) for part in line.parts for cell in part.cells]
        for line in lines
    ]
    assert page.count("—</td>") == sum(row.count("—") for row in rows)


def test_a_year_without_any_says_so_and_a_strange_one_is_this_year(client, year):
    address = reverse("suggestions:suggestion_figures")
    assert "这一年还没有。" in client.get(address, {"year": 2031}).content.decode()
    strange = client.get(address, {"year": "x", "place": "'"}).content.decode()
    assert f"{timezone.localdate().year} 年" in strange


def test_figures_take_the_same_queries_for_every_unit(year, places):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            figures(year, 2026, TODAY)
        return len(queries)

    before = asked()
    for name in ("绿化所", "城管"):
        unit = Organisation.objects.create(
            sub_district=places.street, kind="department", name=name
        )
        suggested(places.here, "又一条", unit=unit)
    assert asked() == before == 2


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 3, "33.3 %"), (2, 3, "66.6 %"), (1999, 2000, "99.9 %"), (5, 5, "100.0 %"), (0, 0, "")],
)
def test_a_share_is_cut_off_and_never_rounded_up(part, whole, words):
    assert percent(part, whole) == words
