"""``python -m tests.faults.seed_roll FILE``: a poll whose roll is asked for, in the drill's database."""

import datetime as dt
import json
import os
import sys
from pathlib import Path

import django

NUMBER = 90  # a neighbourhood of its own


def main(file: Path) -> None:
    from django.utils import timezone

    from caoyang_portal.community.models import Neighbourhood, User
    from consultation.actions import polls, roll_jobs
    from consultation.models import PollKind
    from tests.bench import generated, pages

    code = f"bench-{NUMBER}"
    if not Neighbourhood.objects.filter(code=code).exists():
        generated.neighbourhoods(NUMBER, NUMBER)
    place = Neighbourhood.objects.get(code=code)
    pages.committee(place)
    clerk, now = User.objects.by_phone("+8613911111111"), timezone.now()
    poll = polls.draft_poll(
        place,
        kind=PollKind.objects.get(code="house-rules", version=1, neighbourhood=None),
        code=f"roll-{now:%H%M%S%f}",
        title="住户守则",
        secrecy="separated",
        opens_at=now + dt.timedelta(days=20),
        closes_at=now + dt.timedelta(days=30),
        by=clerk,
    )
    job = roll_jobs.order_roll(poll, by=clerk)
    file.write_text(json.dumps({"poll": str(poll.pk), "job": str(job.pk), "homes": job.total}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    main(Path(sys.argv[1]))
