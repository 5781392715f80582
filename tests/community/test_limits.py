"""Counted windows in PostgreSQL: shared by every process, outliving Redis."""

import threading

import pytest
from django.db import connection

from caoyang_portal.community.limits import allow
from caoyang_portal.community.models import CountedWindow

pytestmark = pytest.mark.django_db


def test_so_many_in_so_long_and_each_key_for_itself():
    assert [allow("search:wang", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert allow("search:zhao", 3, 60)


def test_the_count_begins_anew_when_the_window_is_over():
    assert [allow("export", 1, 60) for _ in range(2)] == [True, False]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE community_countedwindow SET began_at = began_at - interval '61 s'")
    assert [allow("export", 1, 60) for _ in range(2)] == [True, False]


def test_the_table_holds_no_phone():
    allow("code:+8613800000101", 1, 60)
    assert len(CountedWindow.objects.get().key) == 64


@pytest.mark.django_db(transaction=True)
def test_parallel_callers_are_all_counted():
    allowed: list[bool] = []

    def call():
        try:
            allowed.extend(allow("door", 7, 60) for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(allowed), sum(allowed)) == (40, 7)
