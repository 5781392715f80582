"""``manage.py verify_ledger``: exit code 1 and one line per finding if the record was touched."""

import json
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from caoyang_portal.ledger.verifying import verify


class Command(BaseCommand):
    help = "Verify the ledger: every entry, every head, every checkpoint."

    def add_arguments(self, parser):
        parser.add_argument("--chain", default="", help="only this chain")
        parser.add_argument(
            "--anchors",
            type=Path,
            help="a folder of the anchor files kept outside (YYYY-MM-DD.json)",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, chain, anchors, **options):
        begun = time.monotonic()
        report = verify(chain, _kept(anchors) if anchors else {})
        seconds = time.monotonic() - begun
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(report), "seconds": round(seconds, 3)}))
        else:
            for finding in report.findings:
                self.stdout.write(f"{finding.kind}: {finding.message}")
            self.stdout.write(
                f"{report.entries} entries in {report.chains} chains, "
                f"{report.checkpoints} checkpoints, {len(report.findings)} findings, "
                f"{seconds:.2f} s"
            )
        if report.findings:
            sys.exit(1)


def _kept(folder: Path) -> dict[date, bytes]:
    """Roots by day from the anchor files in ``folder``."""
    roots = {}
    for file in sorted(folder.glob("*.json")):
        try:
            anchor = json.loads(file.read_text())
            roots[date.fromisoformat(anchor["day"])] = bytes.fromhex(anchor["root"])
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{file} is no anchor file: {error}") from error
    if not roots:
        raise CommandError(f"no anchor files in {folder}")
    return roots
