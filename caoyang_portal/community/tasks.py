"""Housekeeping of the front door (清理)."""

from celery import shared_task
from django.core.management import call_command

from caoyang_portal.community.actions import forget_what_is_over


@shared_task(name="community.sweep")
def sweep() -> None:
    """Once a night: sessions, counters and unknown numbers whose time is over."""
    call_command("clearsessions")
    forget_what_is_over()
