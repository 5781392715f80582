"""Count a deadline: ``deadline 2026-02-10 --working-days 5``."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from caoyang_portal.calendars.deadlines import add_days, add_working_days, year_is_known


class Command(BaseCommand):
    help = "Print the last day of a period that starts on a day (which is not counted)."

    def add_arguments(self, parser):
        parser.add_argument("day", help="the day the period starts on, e.g. 2026-02-10")
        length = parser.add_mutually_exclusive_group(required=True)
        length.add_argument("--working-days", type=int, metavar="N")
        length.add_argument("--days", type=int, metavar="N", help="calendar days")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, day, working_days, days, **options):
        try:
            start = date.fromisoformat(day)
            if working_days is not None:
                last = add_working_days(start, working_days)
            else:
                last = add_days(start, days)
        except (ValueError, OverflowError) as problem:
            raise CommandError(str(problem)) from problem
        if not options["json"]:
            self.stdout.write(last.isoformat())
            return
        answer = {
            "start": start.isoformat(),
            "working_days": working_days,
            "days": days,
            "deadline": last.isoformat(),
            "calendar_known": year_is_known(last.year),
        }
        self.stdout.write(json.dumps(answer))
