"""Deadlines: Civil Code arts. 201-204, and working days by the announced calendar."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from caoyang_portal.calendars.deadlines import (
    add_days,
    add_months,
    add_working_days,
    is_working_day,
    known_years,
    missing_year,
    special_days,
    year_is_known,
)
from caoyang_portal.calendars.models import SpecialDay


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        ("2026-01-05", 30, "2026-02-04"),  # an agreement in effect on 5 January: the 30th day
        ("2026-01-05", 0, "2026-01-05"),
        ("2026-09-20", 10, "2026-09-30"),
        ("2026-09-21", 10, "2026-10-08"),  # 1 October: the first day after National Day
        ("2026-11-20", 1, "2026-11-23"),  # a Saturday: Monday
        ("2026-02-04", 10, "2026-02-14"),  # a Saturday, but worked in exchange
        ("2026-02-05", 10, "2026-02-24"),  # the eve of Spring Festival week: its end
    ],
)
def test_calendar_days_end_after_the_holiday(announced, start, n, last):
    assert add_days(day(start), n) == day(last)


@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        ("2026-02-10", 5, "2026-02-24"),  # 11-14 February (the 14th is made up for), then the 24th
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-16", 5, "2026-11-23"),
        ("2026-09-30", 2, "2026-10-09"),
        ("2025-12-31", 1, "2026-01-04"),  # over New Year into a Sunday worked in exchange
        ("2026-10-01", 0, "2026-10-08"),
    ],
)
def test_working_days_leave_out_rest_days_and_count_those_made_up_for(announced, start, n, last):
    assert add_working_days(day(start), n) == day(last)


def test_one_query_however_long_the_period(announced, django_assert_num_queries):
    with django_assert_num_queries(1):
        add_working_days(day("2026-01-05"), 90)
    with django_assert_num_queries(1):
        add_days(day("2026-01-05"), 3)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-10", 2, "2026-05-11"),  # 10 May is a Sunday
        ("2025-12-31", 2, "2026-02-28"),  # February has no 31st; a Saturday worked in exchange
        ("2026-08-01", 2, "2026-10-08"),  # National Day
        ("2025-12-16", 2, "2026-02-24"),  # Spring Festival
        ("2026-11-30", 3, "2027-03-01"),  # over the turn of the year; 28 February is a Sunday
    ],
)
def test_months_end_on_their_day_or_the_last_of_the_month(announced, start, months, end):
    assert add_months(day(start), months) == day(end)


def test_an_administrator_s_entry_moves_the_deadline_at_once(announced):
    assert add_working_days(day("2026-11-20"), 1) == day("2026-11-23")
    SpecialDay.objects.create(day=day("2026-11-23"), kind="holiday", name="台风停工")
    assert add_working_days(day("2026-11-20"), 1) == day("2026-11-24")


def test_an_unannounced_year_still_knows_the_fixed_holidays(announced):
    assert not year_is_known(2031)
    assert not is_working_day(day("2031-01-01"))  # a Wednesday
    assert not is_working_day(day("2031-10-03"))  # a Friday
    assert is_working_day(day("2031-10-06"))  # a Monday; nobody can know yet
    assert known_years() == list(range(2020, 2027))


@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-09-30", None), ("2026-10-01", 2027), ("2027-01-01", 2027), ("2025-11-01", None)],
)
def test_the_coming_year_is_asked_for_from_october_on(announced, today, missing):
    assert missing_year(day(today)) == missing


days = st.dates(dt.date(2024, 1, 1), dt.date(2026, 10, 1))
special = {
    **{dt.date(2024, 1, 1) + dt.timedelta(days=n): "holiday" for n in range(0, 1100, 61)},
    **{
        start + dt.timedelta(days=5): "workday"  # some Saturdays
        for start in (dt.date(2024, 1, 1) + dt.timedelta(weeks=n) for n in range(0, 150, 9))
    },
}


@given(days, st.integers(0, 400), st.integers(0, 60))
def test_a_period_in_two_parts_is_the_period(start, n, m):
    whole = add_working_days(start, n + m + 1, special)
    assert add_working_days(add_working_days(start, n + 1, special), m, special) == whole


@given(days, st.integers(1, 200))
def test_the_last_day_is_worked_and_the_days_between_are_counted(start, n):
    last = add_working_days(start, n, special)
    between = (start + dt.timedelta(days=d) for d in range(1, (last - start).days + 1))
    assert is_working_day(last, special)
    assert sum(is_working_day(d, special) for d in between) == n


@given(days, st.integers(0, 400))
def test_calendar_days_move_only_over_rest_days(start, n):
    last = add_days(start, n, special)
    moved = (last - start).days - n
    assert is_working_day(last, special)
    assert [
        is_working_day(start + dt.timedelta(days=n + extra), special) for extra in range(moved)
    ] == [False] * moved


@given(days, st.integers(0, 100), st.integers(0, 100))
def test_a_longer_period_never_ends_earlier(start, n, m):
    shorter, longer = sorted((n, m))
    assert add_working_days(start, shorter, special) <= add_working_days(start, longer, special)
    assert add_days(start, shorter, special) <= add_days(start, longer, special)


def test_no_period_runs_backwards(announced):
    with pytest.raises(ValueError, match="backwards"):
        add_days(day("2026-01-05"), -1)


def test_special_days_span_whole_years(announced):
    found = special_days(day("2026-12-30"), day("2027-01-02"))
    assert found[day("2026-10-01")] == "holiday"
    assert found[day("2027-01-01")] == "holiday"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2026-02-10", "--working-days", "5"], "2026-02-24\n"),
        (["2026-01-05", "--days", "30"], "2026-02-04\n"),
    ],
)
def test_the_command_prints_the_date(announced, arguments, said):
    out = StringIO()
    call_command("deadline", *arguments, stdout=out)
    assert out.getvalue() == said


def test_the_command_answers_a_script(announced):
    out = StringIO()
    call_command("deadline", "2026-12-25", "--days", "7", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "start": "2026-12-25",
        "working_days": None,
        "days": 7,
        "deadline": "2027-01-04",
        "calendar_known": False,
    }


@pytest.mark.parametrize(
    "arguments", [["yesterday", "--days", "1"], ["2026-01-05", "--days", "-1"]]
)
def test_the_command_refuses_what_is_no_period(announced, arguments):
    with pytest.raises(CommandError):
        call_command("deadline", *arguments)
