"""Say what a file is: ``manage.py verify_agreement FILE [--json]``; exits 1 unless it is as registered."""

import dataclasses
import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from households.queries.verification import by_file


class Command(BaseCommand):
    help = "Check an agreement's file against its registration (查验协议文件)"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, file, as_json, **options):
        try:
            finding = by_file(file.read_bytes())
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        if as_json:
            self.stdout.write(_as_json(finding))
        else:
            self.stdout.write(
                " ".join(filter(None, [finding.number, finding.sentence, finding.warning]))
            )
        if not finding.good:
            sys.exit(1)


def _as_json(finding) -> str:
    facts = dataclasses.asdict(finding) | {"good": finding.good}
    return json.dumps(facts, ensure_ascii=False, cls=DjangoJSONEncoder)
