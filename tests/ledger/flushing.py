"""Tests that commit are cleaned up by TRUNCATE, which the ledger's triggers refuse.

The clean-up, and only it, goes past the triggers; in every test they stand as shipped.
"""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards():
    sql_flush = DatabaseOperations.sql_flush

    def past_the_guards(self, *args, **kwargs):
        sql = sql_flush(self, *args, **kwargs)
        return ["SET LOCAL session_replication_role = replica", *sql] if sql else sql

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", past_the_guards)
        yield
