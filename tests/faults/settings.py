"""The portal's settings for drills: a gateway that keeps count, faults on request, a quick clock."""

from caoyang_portal.settings import *  # noqa: F403
from caoyang_portal.settings import CELERY_BEAT_SCHEDULE, MIDDLEWARE

MIDDLEWARE = ["tests.faults.hooks.die_on_request", *MIDDLEWARE]
SMS_SENDER = "tests.faults.gateway.ToFile"
EVERY = 4  # what comes every minute comes every so many seconds, and nothing else changes
for _job in CELERY_BEAT_SCHEDULE.values():
    if _job["schedule"] == 60:
        _job["schedule"] = EVERY
