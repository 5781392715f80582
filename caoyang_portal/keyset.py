"""Pages of long lists by the last row seen (翻页): page 10,000 costs what page 1 does, and no number is counted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

Key = tuple[Any, UUID]  # the value a list is ordered by, downwards, and the row's id


@dataclass(frozen=True)
class Leaf:
    """One page: its rows, and the words of an address by which those before and after it are asked for."""

    rows: Sequence[Any]
    before: str = ""
    after: str = ""


def page_of(
    rows: QuerySet, column: str, *, after: Key | None = None, before: Key | None = None, size: int
) -> Leaf:
    """``size`` of ``rows``, the greatest ``column`` first, beyond ``after`` or up to ``before``."""
    if before is not None:
        nearest = list(_beyond(rows, column, before, "gt").order_by(column, "pk")[: size + 1])
        shown = nearest[:size][::-1]
        return Leaf(
            shown,
            before=_written(shown[0], column) if len(nearest) > size else "",
            after=_written(shown[-1], column) if shown else "",
        )
    if after is not None:
        rows = _beyond(rows, column, after, "lt")
    nearest = list(rows.order_by(f"-{column}", "-pk")[: size + 1])
    shown = nearest[:size]
    return Leaf(
        shown,
        before=_written(shown[0], column) if shown and after is not None else "",
        after=_written(shown[-1], column) if len(nearest) > size else "",
    )


def _beyond(rows: QuerySet, column: str, key: Key, way: str) -> QuerySet:
    value, row = key
    same = Q(**{column: value, f"pk__{way}": row})
    return rows.filter(Q(**{f"{column}__{way}": value}) | same, **{f"{column}__{way}e": value})


def _written(row: Any, column: str) -> str:
    value = getattr(row, column)
    return f"{value.isoformat() if isinstance(value, dt.datetime) else value}~{row.pk}"


def read_key(text: str, kind: type) -> Key | None:
    """The row a page begins at, where ``column`` is of ``kind``; None for what no page has written."""
    value, _mark, row = text[:100].rpartition("~")
    try:
        return (_moment(value) if kind is dt.datetime else _number(value)), UUID(row)
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError(text)
    return int(text)
