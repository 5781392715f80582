"""Seal what is owed, now: ``manage.py seal_due [--json]``."""

import json

from django.core.management.base import BaseCommand

from households.actions import sealing
from households.models import Sealing


class Command(BaseCommand):
    help = "Seal the signed agreements that are due (盖章)"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json, **options):
        sealed = sealing.seal_due(seconds=3600)
        figures = {"sealed": sealed, "owed": Sealing.objects.owed().count()}
        if as_json:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(f"盖章 {figures['sealed']} 份，还欠 {figures['owed']} 份")
