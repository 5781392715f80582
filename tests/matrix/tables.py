"""What the tables hold, as a word for each; and whether a row points into another neighbourhood."""

from django.apps import apps
from django.db import connection, models

PORTAL = ("households", "community", "ledger", "notices", "uploads", "calendars")


def business_models():
    for label in PORTAL:
        yield from (
            model for model in apps.get_app_config(label).get_models() if model._meta.managed
        )


def contents(*, but=()) -> dict[str, str]:
    """A checksum of every business table."""
    tables = [model._meta.db_table for model in business_models() if model.__name__ not in but]
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()[0]
    return found


def contents_of(neighbourhood) -> dict[str, str]:
    """A checksum of every row of one neighbourhood, and of who may do what anywhere."""
    found = {}
    with connection.cursor() as cursor:
        for model in business_models():
            table = model._meta.db_table
            if model.__name__ in ("User", "Posting"):
                where, values = "true", []
            elif _has_place(model):
                where, values = "neighbourhood_id = %s", [neighbourhood.pk]
            else:
                continue
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) "
                f'FROM "{table}" t WHERE {where}',
                values,
            )
            found[table] = cursor.fetchone()[0]
    return found


def _has_place(model) -> bool:
    return any(field.attname == "neighbourhood_id" for field in model._meta.concrete_fields)


def strays() -> list[tuple]:
    """Rows of one neighbourhood that point to a row of another."""
    found = []
    for model in business_models():
        if not _has_place(model):
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            if (
                not isinstance(field, models.ForeignKey)
                or target is None
                or not _has_place(target)
            ):
                continue
            rows = model.objects.exclude(**{field.name: None}).exclude(
                neighbourhood_id=models.F(f"{field.name}__neighbourhood_id")
            )
            found += [(model.__name__, field.name, row.pk) for row in rows]
    return found
