"""The floors under a signature (对照): the same rows in the same tables, and not one check.

By a Django view and the ORM, bare and behind Django's middleware; and by psycopg alone.
"""

import hashlib
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.models import Delivery, Entry, Head
from households.models import Agreement, Sealing, Signature
from tests.bench.homes import HAND

ACTS = ("households.sign_agreement", "households.complete_agreement")
SUBSCRIBERS = 2  # of each of them
PAYLOAD = '{"document_sha256":"' + "a" * 64 + '","evidence_sha256":"' + "b" * 64 + '"}'
EVIDENCE = "e" * 900


def _facts(agreement_id) -> dict:
    """The values of a signature that nobody checked."""
    return {
        "route": "online",
        "document_sha256": "a" * 64,
        "strokes": HAND,
        "evidence": EVIDENCE,
        "evidence_sha256": "b" * 64,
        "receipt_number": uuid4().hex[:14].upper(),
        "idempotency_key": str(agreement_id),
    }


def write(request, pk, signatory, code):
    """What a signature writes, by the ORM, in one transaction."""
    with transaction.atomic():
        agreements = Agreement.objects.select_for_update().only("household", "neighbourhood")
        agreement = agreements.get(pk=pk)
        code = OneTimeCode.objects.only("user").get(pk=code)
        code.tries_left, code.used_at = 4, timezone.now()
        code.save(update_fields=["tries_left", "used_at"])
        place = agreement.neighbourhood_id
        Signature.objects.create(
            neighbourhood_id=place,
            agreement=agreement,
            signatory_id=signatory,
            signer_id=code.user_id,
            **_facts(pk),
        )
        agreement.state, agreement.signed_at = "signed", timezone.now()
        agreement.save(update_fields=["state", "signed_at"])
        Sealing.objects.create(neighbourhood_id=place, agreement=agreement)
        _enter(agreement, code.user_id)
    return HttpResponse("ok")


def _enter(agreement, actor) -> None:
    chain = agreement.ledger_chain
    head = Head.objects.create(chain=chain, seq=0, hash=hash_of(chain))
    for act in ACTS:
        last = head.hash
        head.seq, head.hash = head.seq + 1, hash_of(f"{chain}{act}")
        entry = Entry(
            chain=chain,
            seq=head.seq,
            at=timezone.now(),
            act=act,
            actor_id=actor,
            neighbourhood_id=agreement.neighbourhood_id,
            subject_type="households.agreement",
            subject_id=str(agreement.pk),
            payload=PAYLOAD,
            prev_hash=last,
            hash=head.hash,
        )
        entry.save(force_insert=True)
        head.save(update_fields=["seq", "hash"])
        for number in range(SUBSCRIBERS):
            # Not due for a day: nobody is to be told of these.
            later = timezone.now() + timedelta(days=1)
            Delivery.objects.create(entry=entry, subscriber=f"bench.{number}", next_try_at=later)


def hash_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class Plain:
    """The same transaction, statement by statement, on a psycopg connection."""

    def __init__(self, raw):
        self.raw = raw
        field = ConfidentialField()
        self.strokes, self.evidence = field.get_prep_value(HAND), field.get_prep_value(EVIDENCE)

    def write(self, home) -> None:
        facts = _facts(home.agreement.pk) | {"strokes": self.strokes, "evidence": self.evidence}
        ids = {"place": home.agreement.neighbourhood_id, "agreement": home.agreement.pk}
        ids |= {"signatory": home.signatory.pk, "user": home.user.pk, "id": new_id()}
        ids |= {"code": home.code.pk}
        with self.raw.transaction(), self.raw.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM households_agreement WHERE id = %(agreement)s FOR NO KEY UPDATE",
                ids,
            )
            cursor.execute(
                "UPDATE community_onetimecode SET tries_left = 4, used_at = now()"
                " WHERE id = %(code)s",
                ids,
            )
            cursor.execute(SIGNATURE, ids | facts)
            cursor.execute(
                "UPDATE households_agreement SET state = 'signed', signed_at = now()"
                " WHERE id = %(agreement)s",
                ids,
            )
            cursor.execute(SEALING, ids | {"id": new_id()})
            self._enter(cursor, home)

    def _enter(self, cursor, home) -> None:
        chain, last = home.agreement.ledger_chain, hash_of(home.agreement.ledger_chain)
        cursor.execute(
            "INSERT INTO ledger_head (chain, seq, hash) VALUES (%s, 0, %s)", [chain, last]
        )
        for number, act in enumerate(ACTS, start=1):
            entry, then = new_id(), hash_of(f"{chain}{act}")
            cursor.execute(
                ENTRY,
                [
                    *(entry, chain, number, act, home.user.pk, home.agreement.neighbourhood_id),
                    *(str(home.agreement.pk), PAYLOAD, last, then),
                ],
            )
            cursor.execute(
                "UPDATE ledger_head SET seq = %s, hash = %s WHERE chain = %s",
                [number, then, chain],
            )
            for subscriber in range(SUBSCRIBERS):
                cursor.execute(DELIVERY, [entry, f"bench.{subscriber}"])
            last = then


SIGNATURE = """
INSERT INTO households_signature (id, neighbourhood_id, agreement_id, signatory_id, route, signer_id,
    signed_at, document_sha256, strokes, evidence, evidence_sha256, receipt_number, idempotency_key)
VALUES (%(id)s, %(place)s, %(agreement)s, %(signatory)s, %(route)s, %(user)s, now(),
    %(document_sha256)s, %(strokes)s, %(evidence)s, %(evidence_sha256)s, %(receipt_number)s,
    %(idempotency_key)s)
"""
SEALING = """
INSERT INTO households_sealing (id, neighbourhood_id, agreement_id, state, queued_at, attempts,
    next_try_at, last_problem)
VALUES (%(id)s, %(place)s, %(agreement)s, 'queued', now(), 0, now(), '')
"""
ENTRY = """
INSERT INTO ledger_entry (id, chain, seq, at, act, actor_id, neighbourhood_id, subject_type,
    subject_id, payload, prev_hash, hash)
VALUES (%s, %s, %s, now(), %s, %s, %s, 'households.agreement', %s, %s, %s, %s)
"""
DELIVERY = """
INSERT INTO ledger_delivery (entry_id, subscriber, attempts, next_try_at, last_error)
VALUES (%s, %s, 0, now() + interval '1 day', '')
"""


def counts() -> dict[str, int]:
    """Rows in the tables a signature writes: how the floors are held to the act."""
    return rows_of(Signature, Sealing, Entry, Head, Delivery)


def rows_of(*models) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for model in models:
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            found[model.__name__] = cursor.fetchone()[0]
    return found


urlpatterns = [
    path("livez", lambda request: HttpResponse("ok")),
    path("write/<uuid:pk>/<uuid:signatory>/<uuid:code>/", write),
    path("signed-in/<uuid:pk>/<uuid:signatory>/<uuid:code>/", login_required(write)),
]
