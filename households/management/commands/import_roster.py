"""Check a roster file and import it (导入名册)."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from caoyang_portal.community.models import Neighbourhood, User, normalise_phone
from caoyang_portal.errors import Refused
from households.actions.roster import check_roster, import_batch
from households.models import ImportBatch

HELP = """Check an Excel roster and import it.

Rows with an error are listed and left out; the rest is imported, in one transaction. With
--all-or-nothing a single error keeps the whole file out (exit code 1). --dry-run imports nothing.
The same file again changes nothing. Without --by the ledger says that nobody signed in did it.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="an .xlsx file")
        parser.add_argument("--neighbourhood", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="check only")
        policy = parser.add_mutually_exclusive_group()
        policy.add_argument(
            "--only-good-rows", action="store_true", help="say the default out loud"
        )
        policy.add_argument("--all-or-nothing", action="store_true")
        parser.add_argument("--by", metavar="PHONE", help="the committee member who does it")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        by = self._user(options["by"]) if options["by"] else None
        neighbourhood = Neighbourhood.objects.filter(code=options["neighbourhood"]).first()
        if neighbourhood is None:
            raise CommandError(f"没有代码为 {options['neighbourhood']} 的居民区")
        try:
            content = options["file"].read_bytes()
        except OSError as problem:
            raise CommandError(f"打不开 {options['file']}：{problem.strerror}") from problem
        try:
            batch = check_roster(content, options["file"].name, neighbourhood=neighbourhood, by=by)
            kept_out = bool(options["all_or_nothing"] and batch.errors)
            if not options["dry_run"] and not kept_out and (batch.new or batch.changed):
                batch = import_batch(batch, only_good_rows=True, by=by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        answer = report(batch)
        if options["as_json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            self._tell(answer, batch)
        if kept_out and not options["dry_run"]:
            self.stderr.write("有错误，没有导入。改好再来，或去掉 --all-or-nothing。")
            sys.exit(1)

    def _user(self, phone: str) -> User:
        user = User.objects.by_phone(normalise_phone(phone))
        if user is None:
            raise CommandError("没有这个手机号的账号")
        return user

    def _tell(self, answer: dict[str, Any], batch: ImportBatch) -> None:
        self.stdout.write(
            f"{answer['rows']} 行：新增 {answer['new']}，有变化 {answer['changed']}，"
            f"无变化 {answer['same']}，有错误 {batch.errors}；{batch.get_state_display()}。"
        )
        for finding in answer["errors"]:
            self.stdout.write(
                f"第 {finding['sheet_row']} 行 {finding['column']}：{finding['message']}"
            )


def report(batch: ImportBatch) -> dict[str, Any]:
    """What a script reads; ``rows`` counts dwellings, findings carry Excel's row number."""
    rows = list(
        batch.importrow_set.order_by("sheet_row").values("sheet_row", "errors", "warnings")
    )
    return {
        "rows": batch.rows,
        "good_rows": batch.good_rows,
        "new": batch.new,
        "changed": batch.changed,
        "same": batch.same,
        "errors": [{"sheet_row": r["sheet_row"], **f} for r in rows for f in r["errors"]],
        "warnings": [{"sheet_row": r["sheet_row"], **f} for r in rows for f in r["warnings"]],
        "living_area_total_of_good_rows": float(batch.living_area_total),
        "imported": batch.state == ImportBatch.State.IMPORTED,
    }
