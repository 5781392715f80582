"""Write the made-up roster that is shipped for trying the import (演示名册)."""

from pathlib import Path

from django.core.management.base import BaseCommand

from households.demo import made_up

SHIPPED = Path(made_up.__file__).with_name("roster.xlsx")


class Command(BaseCommand):
    help = "Write the made-up roster of 1,499 households (the one shipped as households/demo/roster.xlsx)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)

    def handle(self, **options):
        options["file"].write_bytes(made_up.workbook())
        self.stdout.write(str(options["file"]))
