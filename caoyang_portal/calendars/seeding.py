"""The holidays announced so far (历年安排), as the chinesecalendar package has them."""

from datetime import date

import chinese_calendar
from chinese_calendar import Holiday

FIRST_YEAR = 2020
SOURCE = "国务院办公厅节假日安排通知"
NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def announced_days() -> list[tuple[date, str, str, str]]:
    """Day, kind, name, source of every special day since ``FIRST_YEAR``."""
    kinds = [("holiday", chinese_calendar.holidays), ("workday", chinese_calendar.workdays)]
    return sorted(
        (day, kind, NAMES[name], SOURCE)
        for kind, days in kinds
        for day, name in days.items()
        if day.year >= FIRST_YEAR and (kind == "holiday" or day.weekday() >= 5)
    )


def seed(special_day_model) -> None:
    """Enter what is announced and not entered yet; what people have entered stays."""
    special_day_model.objects.bulk_create(
        (
            special_day_model(day=day, kind=kind, name=name, source=source)
            for day, kind, name, source in announced_days()
        ),
        ignore_conflicts=True,
    )
