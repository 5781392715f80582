"""``manage.py signing_rate PROJECT``: the rate that every page shows, for a script (签约率)."""

import json

from django.core.management.base import BaseCommand, CommandError

from households.models import Project
from households.queries.rates import project_rates, rates_by_building


class Command(BaseCommand):
    help = "Print a project's signing rate; PROJECT is its code, as in its public address."

    def add_arguments(self, parser):
        parser.add_argument("project")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, project, **options):
        found = Project.objects.filter(code=project, snapshot__isnull=False).first()
        if found is None:
            raise CommandError(f'There is no project "{project}" with a frozen roster.')
        rates = project_rates(found)
        figures = {
            "project": found.code,
            "stage": found.stage,
            "signed": rates.total.signed,
            "total": rates.total.total,
            "rate": rates.total.shown,
            "threshold_pct": found.threshold_pct,
            "reached": rates.total.reaches(found.threshold_pct),
            "missing": rates.total.missing(found.threshold_pct),
            "tenants": {"signed": rates.tenants.signed, "total": rates.tenants.total},
            "owners": {"signed": rates.owners.signed, "total": rates.owners.total},
            "buildings": [
                {"building": place.name, "signed": place.rate.signed, "total": place.rate.total}
                for place in rates_by_building(found)
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        self.stdout.write(
            f"{rates.total.shown} %  {rates.total.signed} / {rates.total.total}"
            f"  threshold {found.threshold_pct} %, missing {figures['missing']}"
        )
