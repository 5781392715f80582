"""A gateway that can be told to misbehave, and something to tell people about."""

import uuid

import pytest
from django.db import transaction

from caoyang_portal.ledger.entries import record
from caoyang_portal.notices.models import Sending
from caoyang_portal.notices.senders import sender_for


@pytest.fixture
def gateway(settings):
    """All three channels go to one faulty gateway."""
    for channel in ("SMS", "EMAIL", "WECHAT"):
        setattr(settings, f"{channel}_SENDER", "caoyang_portal.notices.faulty.FaultySender")
    gateway = sender_for("sms")
    gateway.reset()
    return gateway


class Thing:
    """Something acts happen to, without a table of its own."""

    class _meta:  # noqa: N801 Django's name
        label_lower = "tests.thing"

    def __init__(self, neighbourhood_id):
        self.pk = uuid.uuid4()
        self.ledger_chain = f"household:{self.pk}"
        self.neighbourhood_id = neighbourhood_id


@pytest.fixture
def entry(places):
    """Something happened in Caoyang One."""
    with transaction.atomic():
        return record("households.publish", Thing(places.here.pk))


@pytest.fixture
def entry_next_door(places):
    with transaction.atomic():
        return record("households.publish", Thing(places.there.pk))


@pytest.fixture
def due_again():
    """Let the waiting be over."""

    def due_again():
        Sending.objects.open().update(next_try_at="2020-01-01T00:00Z")

    return due_again


@pytest.fixture
def states():
    """Every message's state and attempts, in the order of their keys."""

    def states():
        return list(Sending.objects.order_by("key").values_list("state", "attempts"))

    return states
