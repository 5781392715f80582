"""``manage.py load_demo``: the demonstration's neighbourhoods, once (装载演示数据)."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from households.demo.story import tell_story


class Command(BaseCommand):
    help = "Load the demonstration's neighbourhoods; does nothing when they are there."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration is loaded with DEMO=1 only.")
        began = time.monotonic()

        def say(step: str) -> None:
            self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {step}")
            self.stdout.flush()

        if not tell_story(say):
            self.stdout.write("The demonstration is already loaded.")
