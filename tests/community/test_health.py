"""/livez asks nothing; /readyz names what is not ready."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from caoyang_portal import health

PARTS = {"database": "ok", "migrations": "ok", "outbox": "ok", "fonts": "ok", "seal": "ok"}


@pytest.fixture(autouse=True)
def _seal_asked_anew():
    health._Seal.at = 0.0


def test_alive_without_a_database(client):
    answer = client.get("/livez")  # no db fixture: a query would fail the test
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True} | PARTS)


@pytest.mark.django_db
def test_not_ready_with_a_migration_outstanding(client):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("community")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False} | PARTS | {"migrations": "fails"},
    )


@pytest.mark.django_db
def test_not_ready_with_a_seal_that_does_not_seal(client, monkeypatch):
    monkeypatch.setattr(
        health.documents, "self_test", lambda: ["no key at /secret/place"], raising=False
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False} | PARTS | {"seal": "fails"},
    )
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def gone(*args):
        raise DatabaseError("the server closed the connection")

    monkeypatch.setattr(health.connection, "cursor", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "fails")


@pytest.mark.django_db
def test_not_ready_when_the_outbox_stands_still(client, people, places):
    from django.db import transaction

    from caoyang_portal.community.models import Posting
    from caoyang_portal.ledger.entries import record
    from caoyang_portal.ledger.models import Delivery

    posting = Posting.objects.filter(user=people["chen"]).get()
    with transaction.atomic():
        entry = record("community.appoint", posting, by=None, office="committee")
    owed = Delivery.objects.create(entry=entry, subscriber="tests.somebody")
    assert client.get("/readyz").json()["outbox"] == "ok"
    Delivery.objects.filter(pk=owed.pk).update(next_try_at=timezone.now() - timedelta(minutes=16))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False} | PARTS | {"outbox": "fails"},
    )
