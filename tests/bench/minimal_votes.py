"""The floors under a vote (对照): the same rows in the same tables, and not one check."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from psycopg.types.json import Jsonb

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.models import Entry, Head
from consultation.models import CastMark, OpenBallot, RollEntry
from tests.bench.minimal import ENTRY, hash_of, rows_of

ACT = "consultation.cast_ballot"
CHOICES = {"1": {"choice": "yes", "nonce": "a" * 64, "code": "0C5Q-KVJ3-4WQ6-SHD5"}}
PAYLOAD = '{"channel":"online","poll":"0190a1f2-0000-7000-8000-000000000000"}'


def write(request, pk, code):
    """What a vote writes, by the ORM, in one transaction."""
    with transaction.atomic():
        entry = RollEntry.objects.select_for_update(no_key=True).get(pk=pk)
        code = OneTimeCode.objects.only("user").get(pk=code)
        code.tries_left, code.used_at = 4, timezone.now()
        code.save(update_fields=["tries_left", "used_at"])
        place = {"neighbourhood_id": entry.neighbourhood_id, "poll_id": entry.poll_id}
        CastMark.objects.create(
            entry=entry,
            channel="online",
            cast_on=timezone.localdate(),
            replay_hash="b" * 64,
            **place,
        )
        OpenBallot.objects.create(entry=entry, version=1, choices=CHOICES, **place)
        chain = entry.ledger_chain
        head = Head.objects.create(chain=chain, seq=1, hash=hash_of(ACT))
        Entry(
            chain=chain, seq=1, at=timezone.now(), act=ACT, actor_id=code.user_id,
            neighbourhood_id=entry.neighbourhood_id, subject_type="consultation.rollentry",
            subject_id=str(pk), payload=PAYLOAD, prev_hash=hash_of(chain), hash=head.hash,
        ).save(force_insert=True)  # fmt: skip
    return HttpResponse("ok")


class Plain:
    """The same transaction, statement by statement, on a psycopg connection."""

    def __init__(self, raw):
        self.raw = raw

    def write(self, voter) -> None:
        entry = voter.entry
        ids = {"place": entry.neighbourhood_id, "poll": entry.poll_id, "entry": entry.pk}
        ids |= {"code": voter.code.pk, "mark": new_id(), "ballot": new_id()}
        chain = entry.ledger_chain
        with self.raw.transaction(), self.raw.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM consultation_rollentry WHERE id = %(entry)s FOR NO KEY UPDATE", ids
            )
            cursor.execute(
                "UPDATE community_onetimecode SET tries_left = 4, used_at = now()"
                " WHERE id = %(code)s",
                ids,
            )
            cursor.execute(MARK, ids)
            cursor.execute(BALLOT, ids | {"choices": Jsonb(CHOICES)})
            cursor.execute(
                "INSERT INTO ledger_head (chain, seq, hash) VALUES (%s, 1, %s)",
                [chain, hash_of(ACT)],
            )
            cursor.execute(
                ENTRY.replace("households.agreement", "consultation.rollentry"),
                [
                    *(new_id(), chain, 1, ACT, voter.user.pk, entry.neighbourhood_id),
                    *(str(entry.pk), PAYLOAD, hash_of(chain), hash_of(ACT)),
                ],
            )


MARK = """
INSERT INTO consultation_castmark
    (id, neighbourhood_id, poll_id, entry_id, channel, cast_on, replay_hash, voided)
VALUES (%(mark)s, %(place)s, %(poll)s, %(entry)s, 'online', current_date, repeat('b', 64), false)
"""
BALLOT = """
INSERT INTO consultation_openballot
    (id, neighbourhood_id, poll_id, entry_id, version, choices, superseded, posted)
VALUES (%(ballot)s, %(place)s, %(poll)s, %(entry)s, 1, %(choices)s, false, false)
"""


def counts() -> dict[str, int]:
    """Rows in the tables a vote writes: how the floors are held to the act."""
    return rows_of(CastMark, OpenBallot, Entry, Head)


urlpatterns = [
    path("cast/<uuid:pk>/<uuid:code>/", write),
    path("signed-in/cast/<uuid:pk>/<uuid:code>/", login_required(write)),
]
