"""``field__any=ids`` (任一): one of what a subquery found.

``a IN (1, 2) OR b IN (SELECT …)`` reads the whole table; ``b = ANY(ARRAY(SELECT …))`` is asked
once, before, and leaves both sides to their indexes.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, ForeignObject, Lookup, QuerySet


@ForeignObject.register_lookup  # looks up for itself
@Field.register_lookup
class AnyOf(Lookup):
    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, column_values = self.process_lhs(compiler, connection)
        ids, ids_values = self.process_rhs(compiler, connection)
        return f"{column} = ANY({ids})", (*column_values, *ids_values)


def ids(rows: QuerySet, column: str = "pk") -> Any:
    """The values of ``column`` in ``rows``, for ``__any``."""
    return ArraySubquery(rows.order_by().values(column))
