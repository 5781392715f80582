"""Tests that commit are cleaned up by a flush, which the ledger's triggers refuse.

The clean-up, and only it, goes past the triggers; in every test they stand as shipped. It empties the
few tables that were filled: emptying all of them takes longer than most tests.
"""

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

KEPT = {"django_content_type", "auth_permission"}  # as migrating made them


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards():
    def past_the_guards(self, style, tables, **kwargs):
        filled = _filled(self.connection, set(tables) - KEPT)
        if not filled:
            return []
        return [
            "SET LOCAL session_replication_role = replica",
            *(f'DELETE FROM "{table}"' for table in filled),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", past_the_guards)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **kwargs: None)
        yield


def _filled(connection, tables) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"
                for table in sorted(tables)
            )
        )
        return [table for (table,) in cursor.fetchall()]
