"""A warning when the coming year's holidays are missing (check --database default, and migrate)."""

from django.core.checks import Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from .deadlines import missing_year


@register(Tags.database)
def next_year_is_entered(app_configs, databases, **kwargs):
    if not databases:
        return []
    try:
        missing = missing_year(timezone.localdate())
    except DatabaseError:  # not migrated yet
        return []
    if missing is None:
        return []
    return [
        Warning(
            f"The holidays of {missing} have not been entered; deadlines may fall on a holiday.",
            hint="An administrator enters them at /calendar/, or upgrade chinesecalendar.",
            id="calendars.W001",
        )
    ]
