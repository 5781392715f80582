"""``manage.py poll_bundle CODE``: what ``static/verify_vote.py`` recounts, as JSON (核验包)."""

import json

from django.core.management.base import BaseCommand, CommandError

from consultation.models import Poll
from consultation.queries.bundle import bundle


class Command(BaseCommand):
    help = "Print a poll's bundle; until it is counted, its public board only (核验包)"

    def add_arguments(self, parser):
        parser.add_argument("code")

    def handle(self, *, code, **options):
        poll = Poll.objects.filter(code=code).select_related("kind").first()
        if poll is None:
            raise CommandError(f'There is no poll "{code}".')
        self.stdout.write(json.dumps(bundle(poll), ensure_ascii=False))
