"""Count a roll and its ballots from a file: ``manage.py tally FILE [--json]`` (计票); no database."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from consultation.tally_file import BadFile, count


class Command(BaseCommand):
    help = "Count a poll from a JSON file, for a recount, a what-if or a lesson (计票)"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, file, as_json, **options):
        try:
            result = count(json.loads(file.read_bytes()))
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        except (ValueError, RecursionError) as problem:
            raise CommandError(f"{file}: 不是 JSON / not JSON ({problem})") from problem
        except BadFile as problem:
            raise CommandError(f"{file}: {problem}") from problem
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write("通过 / passed" if result["passed"] else "未通过 / not passed")
        for reason in result["reasons"]:
            self.stdout.write(f"  {reason}")
