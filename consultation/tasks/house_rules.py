"""The clock of house rules and evaluations."""

from celery import shared_task
from django.utils import timezone

from consultation.actions import evaluations, house_rules


@shared_task(name="consultation.watch_house_rules")
def watch_house_rules():
    """Every quarter of an hour: days for comments and for evaluations end."""
    today = timezone.localdate()
    house_rules.close_due_comments(today)
    evaluations.follow_days(today)
