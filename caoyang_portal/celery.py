"""The task queue. The outbox in the ledger is the truth; Celery only wakes it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caoyang_portal.settings")
app = Celery("caoyang_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
