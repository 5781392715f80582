"""What the tables hold, as a word for each; and whether a row points into another neighbourhood."""

import functools

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
    return _checksums(dict.fromkeys(tables, "true"))


def contents_of(neighbourhood) -> dict[str, str]:
    """A checksum of every row of one neighbourhood, and of who may do what anywhere."""
    tables = {}
    for model in business_models():
        if model.__name__ in ("User", "Posting"):
            tables[model._meta.db_table] = "true"
        elif _has_place(model):
            tables[model._meta.db_table] = f"neighbourhood_id = '{neighbourhood.pk}'"
    return _checksums(tables)


def _checksums(tables: dict[str, str]) -> dict[str, str]:
    """Of the rows that a condition names, table by table, in one question."""
    sql = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) "
        f'FROM "{table}" t WHERE {condition}'
        for table, condition in tables.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())


def _has_place(model) -> bool:
    return any(field.attname == "neighbourhood_id" for field in model._meta.concrete_fields)


def strays() -> list[tuple]:
    """Rows of one neighbourhood that point to a row of another."""
    with connection.cursor() as cursor:
        cursor.execute(_strays())
        return cursor.fetchall()


@functools.cache
def _strays() -> str:
    return " UNION ALL ".join(
        f"SELECT '{model.__name__}', '{field.name}', t.{model._meta.pk.column}::text "
        f'FROM "{model._meta.db_table}" t JOIN "{field.related_model._meta.db_table}" other '
        f"ON other.{field.target_field.column} = t.{field.column} "
        "WHERE t.neighbourhood_id <> other.neighbourhood_id"
        for model in business_models()
        if _has_place(model)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and _has_place(field.related_model)
    )
