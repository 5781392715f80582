"""``manage.py poll_result CODE [--json]`` or ``--list``: the result every page shows (表决结果)."""

import json

from django.core.management.base import BaseCommand, CommandError

from consultation.models import Poll
from consultation.queries.bundle import COUNTED


class Command(BaseCommand):
    help = "Print a counted poll's result; CODE is its code, as in its address (表决结果)"

    def add_arguments(self, parser):
        parser.add_argument("code", nargs="?")
        parser.add_argument("--list", action="store_true", dest="as_list")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, code, as_list, as_json, **options):
        if as_list == bool(code):
            raise CommandError("Give either a poll's CODE or --list.")
        if as_list:
            self.list_polls(as_json)
            return
        poll = Poll.objects.filter(code=code).first()
        if poll is None:
            raise CommandError(f'There is no poll "{code}".')
        if poll.state not in COUNTED:
            raise CommandError(f'Poll "{code}" is {poll.state}; it has no result.')
        if as_json:
            facts = {"poll": poll.code, "state": poll.state, "root": poll.board_root}
            self.stdout.write(json.dumps(facts | poll.result.shown, ensure_ascii=False))
            return
        for question in poll.result.shown["questions"]:
            self.stdout.write(f"{question['number']}. {question['text']}: {_verdict(question)}")
        self.stdout.write(f"root {poll.board_root}")

    def list_polls(self, as_json):
        polls = Poll.objects.order_by("code").values("code", "state", "title")
        if as_json:
            self.stdout.write(json.dumps(list(polls), ensure_ascii=False))
            return
        for poll in polls:
            self.stdout.write(f"{poll['code']}\t{poll['state']}\t{poll['title']}")


def _verdict(question: dict) -> str:
    if "passed" in question:
        return "passed" if question["passed"] else "not passed"
    for key in ("elected", "order", "mean"):
        if key in question:
            return f"{key} {json.dumps(question[key])}"
    return ""
