"""The task queue. The outbox in the ledger is the truth; Celery only wakes it."""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caoyang_portal.settings")
app = Celery("caoyang_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)  # a task logs the id of the request that asked
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_portal(**kwargs):
    """Keep Celery from bringing its own format."""
    logging.config.dictConfig(settings.LOGGING)
