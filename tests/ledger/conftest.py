"""Something to record on, and somebody to hear of it."""

import uuid

import pytest
from django.db import transaction

from caoyang_portal.ledger import entries
from caoyang_portal.ledger.entries import record


class Thing:
    """Something acts happen to, without a table of its own."""

    class _meta:  # noqa: N801 Django's name
        label_lower = "tests.thing"

    def __init__(self, chain: str, neighbourhood_id=None):
        self.pk = uuid.uuid4()
        self.ledger_chain = chain
        self.neighbourhood_id = neighbourhood_id


@pytest.fixture
def thing(places):
    return Thing("household:1", places.here.pk)


@pytest.fixture
def other(places):
    return Thing("household:2", places.here.pk)


@pytest.fixture
def enter():
    """Record in a transaction of its own."""

    def enter(act, subject, **facts):
        with transaction.atomic():
            return record(act, subject, **facts)

    return enter


@pytest.fixture
def subscribers(monkeypatch):
    """An empty registry; the test fills it."""
    registry = {}
    monkeypatch.setattr(entries, "_subscribers", registry)
    return registry
