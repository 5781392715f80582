"""Work on bulk generation in this process: ``manage.py generate_due [--seconds N]``."""

from django.core.management.base import BaseCommand

from households.actions import generation


class Command(BaseCommand):
    help = "Make the agreements that a job still owes (批量生成)"

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=float, default=3600)

    def handle(self, *, seconds, **options):
        made = generation.generate_due(seconds=seconds)
        self.stdout.write(f"生成 {made} 份")
