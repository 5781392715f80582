"""A line of the roll read by SQL is the line the ORM reads, and waits as it waits."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consultation.models import Poll, RollEntry
from consultation.queries.lines import line_at, locked_line, own_line
from tests.consultation.builders import draft, entry_of, opened


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_is_the_line_the_orm_reads(people, places, households):
    poll = opened(people, places)
    Poll.objects.filter(pk=poll.pk).update(scrutineers=["甲", "乙"])
    entry = RollEntry.objects.select_related("poll__kind").get(pk=entry_of(poll, "王桂芳").pk)
    with transaction.atomic():
        locked, now = locked_line(entry.pk)
    for found in (own_line(people["wang"], poll.code, entry.number), locked):
        assert values(found) == values(entry)
        assert values(found.poll) == values(entry.poll)
        assert values(found.poll.kind) == values(entry.poll.kind)
        assert (found == entry, found._state.adding, found.poll._state.db) == (
            True,
            False,
            "default",
        )
    assert abs(now - timezone.now()) < dt.timedelta(minutes=1)


def test_it_is_only_one_s_own_and_only_of_announced_polls(people, places, households):
    poll = opened(people, places)
    number = entry_of(poll, "王桂芳").number
    assert [own_line(people[who], poll.code, number) is not None for who in ("wang", "zhao", "chen")] == [
        True, False, False,
    ]  # fmt: skip
    assert line_at(poll.code, number) == entry_of(poll, "王桂芳")
    assert line_at(poll.code, "9999") is None
    assert line_at(draft(people, places).code, number) is None
    with pytest.raises(RollEntry.DoesNotExist), transaction.atomic():
        locked_line(poll.pk)


@pytest.mark.django_db(transaction=True)
def test_who_locks_it_second_waits_for_the_first(people, places, households):
    entry = entry_of(opened(people, places), "王桂芳")
    order, locked = [], threading.Event()

    def second():
        locked.wait(10)
        with transaction.atomic():
            locked_line(entry.pk)
            order.append("second")
        connection.close()

    other = threading.Thread(target=second)
    other.start()
    with transaction.atomic():
        locked_line(entry.pk)
        locked.set()
        other.join(0.7)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
