"""A line of the roll with its poll (名册行), asked for twice with every vote and once with every step.

In SQL: the ORM takes longer to write the question down than PostgreSQL to answer it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from caoyang_portal.community.models import User
from consultation.models import Poll, RollEntry
from consultation.models.rolls import ANSWERED_BY

from .kinds import kind_of

ENTRY, POLL = RollEntry._meta.concrete_fields, Poll._meta.concrete_fields
COLUMNS = [*(f"e.{field.column}" for field in ENTRY), *(f"p.{field.column}" for field in POLL)]
READ = f"""SELECT clock_timestamp(), {", ".join(COLUMNS)} FROM consultation_rollentry e
    JOIN consultation_poll p ON p.id = e.poll_id WHERE """  # noqa: S608 names of our columns
OF_POLL = READ + "p.code = %s AND e.number = %s AND p.announced_at IS NOT NULL"
OF_MINE = f"{OF_POLL} AND e.id = ANY({ANSWERED_BY})"
LOCKED = READ + "e.id = %s FOR NO KEY UPDATE OF e"


def own_line(user: User, code: str, number: str) -> RollEntry | None:
    """The line of an announced poll, if ``user`` may answer for it in person."""
    found = _read(OF_MINE, code, number, user.pk)
    return found[0] if found else None


def line_at(code: str, number: str) -> RollEntry | None:
    """The line of an announced poll, whoever asks."""
    found = _read(OF_POLL, code, number)
    return found[0] if found else None


def locked_line(pk: UUID) -> tuple[RollEntry, datetime]:
    """The line as it stands, held until the transaction ends, and the time by the database's clock."""
    found = _read(LOCKED, pk)
    if found is None:
        raise RollEntry.DoesNotExist
    return found


def _read(sql: str, *values: Any) -> tuple[RollEntry, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        return None
    now, *columns = row
    entry = _made(RollEntry, columns[: len(ENTRY)])
    entry.poll = _made(Poll, columns[len(ENTRY) :])
    entry.poll.kind = kind_of(entry.poll.kind_id)
    return entry, now


def _made(model: Any, columns: list[Any]) -> Any:
    """The row as the ORM would have made it."""
    fields = model._meta.concrete_fields
    for at, field in enumerate(fields):
        for converted in field.get_db_converters(connection):
            columns[at] = converted(columns[at], None, connection)
    return model.from_db(connection.alias, [field.attname for field in fields], columns)
