"""``manage.py load_demo``: the demonstration's stories, each once (装载演示数据)."""

import time
from importlib import import_module

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Load the demonstration's neighbourhoods and polls; does nothing when they are there."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration is loaded with DEMO=1 only.")
        began = time.monotonic()

        def say(step: str) -> None:
            self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {step}")
            self.stdout.flush()

        # Each for itself: a demonstration of yesterday gains today's polls.
        told = [import_module(story).tell_story(say) for story in settings.DEMO_STORIES]
        if not any(told):
            self.stdout.write("The demonstration is already loaded.")
