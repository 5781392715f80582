"""The calendar as a page shows it."""

import calendar
from dataclasses import dataclass
from datetime import date

from .deadlines import is_working_day, missing_year, special_days
from .models import SpecialDay


@dataclass(frozen=True)
class Cell:
    """One square of a month; ``day`` is None before the first and after the last."""

    day: date | None
    mark: str = ""  # "off" (休), "worked" (班), "rest" (a plain weekend), "" (a working day)
    name: str = ""


@dataclass(frozen=True)
class Month:
    number: int
    weeks: list[list[Cell]]


@dataclass(frozen=True)
class Year:
    number: int
    months: list[Month]
    special: list[SpecialDay]
    working_days: int
    is_known: bool
    missing: int | None  # the year whose announcement should be entered by now


def year_page(year: int, today: date) -> Year:
    """The twelve months of ``year`` with their days off and made up for."""
    special = list(SpecialDay.objects.of_year(year))
    names = {day.day: day.name for day in special}
    kinds = special_days(date(year, 1, 1), date(year, 12, 31))
    weeks_of = calendar.Calendar(calendar.MONDAY).monthdatescalendar
    months = [
        Month(
            month,
            [
                [_cell(day, kinds, names) if day.month == month else Cell(None) for day in week]
                for week in weeks_of(year, month)
            ],
        )
        for month in range(1, 13)
    ]
    working = sum(
        1
        for month in months
        for week in month.weeks
        for cell in week
        if cell.day and cell.mark in ("", "worked")
    )
    return Year(year, months, special, working, bool(special), missing_year(today))


def _cell(day: date, kinds: dict[date, str], names: dict[date, str]) -> Cell:
    if day in kinds:
        mark = "worked" if kinds[day] == SpecialDay.Kind.WORKDAY else "off"
        return Cell(day, mark, names.get(day, ""))
    return Cell(day, "" if is_working_day(day, kinds) else "rest")
