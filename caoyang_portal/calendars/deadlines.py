"""Deadlines (期限): working days by the official calendar, calendar days by the Civil Code.

Civil Code arts. 201-204: the day a period starts on is not counted; a period whose last day is a
statutory holiday ends on the first day after the holiday. Working days leave out weekends and
holidays and count rest days worked in exchange (调休).
"""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models.functions import ExtractYear

from .models import SpecialDay

SATURDAY = 5
ONE_DAY = timedelta(days=1)
# Holidays fixed to a date by law (全国年节及纪念日放假办法 art. 2), for years not yet announced.
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}

Special = Mapping[date, str]  # day -> SpecialDay.Kind


def special_days(first: date, last: date) -> dict[date, str]:
    """The special days from ``first`` to ``last``, in one query; fixed holidays of unknown years."""
    whole_years = (date(first.year, 1, 1), date(last.year, 12, 31))
    found = dict(SpecialDay.objects.filter(day__range=whole_years).values_list("day", "kind"))
    known = {day.year for day in found}
    for year in range(first.year, last.year + 1):
        if year not in known:
            found |= {date(year, *day): SpecialDay.Kind.HOLIDAY.value for day in FIXED_HOLIDAYS}
    return found


def is_working_day(day: date, special: Special | None = None) -> bool:
    """Whether offices work on ``day`` (工作日)."""
    if special is None:
        special = special_days(day, day)
    kind = special.get(day)
    return kind == SpecialDay.Kind.WORKDAY if kind else day.weekday() < SATURDAY


def add_working_days(day: date, n: int, special: Special | None = None) -> date:
    """The ``n``-th working day after ``day``; for 0, ``day`` or the first working day after it."""
    _at_least_zero(n)
    if special is None:
        special = special_days(day, day + timedelta(days=2 * n + 40))
    if n == 0:
        return _moved_off_rest_days(day, special)
    while n:
        day += ONE_DAY
        n -= is_working_day(day, special)
    return day


def add_days(day: date, n: int, special: Special | None = None) -> date:
    """The last day of a period of ``n`` calendar days starting on ``day`` (arts. 201, 203)."""
    _at_least_zero(n)
    last = day + timedelta(days=n)
    if special is None:
        special = special_days(last, last + timedelta(days=40))
    return _moved_off_rest_days(last, special)


def add_months(day: date, n: int, special: Special | None = None) -> date:
    """The last day of a period of ``n`` calendar months: the same day of the month, or its last one."""
    _at_least_zero(n)
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    last = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    if special is None:
        special = special_days(last, last + timedelta(days=40))
    return _moved_off_rest_days(last, special)


def _at_least_zero(n: int) -> None:
    if n < 0:
        raise ValueError("a period does not run backwards")


def _moved_off_rest_days(day: date, special: Special) -> date:
    while not is_working_day(day, special):
        day += ONE_DAY
    return day


def year_is_known(year: int) -> bool:
    """Whether the arrangement of ``year`` has been entered."""
    return SpecialDay.objects.of_year(year).exists()


def known_years() -> list[int]:
    """The years entered so far, in order."""
    years = SpecialDay.objects.order_by().values_list(ExtractYear("day"), flat=True).distinct()
    return sorted(years)


def missing_year(today: date) -> int | None:
    """The year whose arrangement should be entered by now: the next one, from 1 October on."""
    if not year_is_known(today.year):
        return today.year
    if today.month >= 10 and not year_is_known(today.year + 1):
        return today.year + 1
    return None
