"""The public board (公示链): set-up, batches of codes, close, result; each hashed over the one before."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from caoyang_portal.apart import apart
from caoyang_portal.ledger.canonical import canonical_json
from caoyang_portal.ledger.entries import record
from consultation.commitments import entry_hash, genesis
from consultation.models import BoardEntry, OpenBallot, Poll, SealedEnvelope, Secrecy, SecretBallot
from consultation.queries.rules import rule_facts

LEAST = 8  # codes of fewer voters are not posted while votes come in: the last one would stand out


def append(poll: Poll, facts: dict[str, Any]) -> BoardEntry:
    """Put one entry on the board, in the transaction that does what it tells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"board:{poll.pk}"])
    last = poll.board.order_by("-seq").first()
    seq, prev = (last.seq + 1, bytes(last.hash)) if last else (1, genesis(poll.code))
    payload = canonical_json(facts)
    return BoardEntry.objects.create(
        neighbourhood_id=poll.neighbourhood_id,
        poll=poll,
        seq=seq,
        payload=payload,
        prev_hash=prev,
        hash=entry_hash(poll.code, seq, prev, payload),
    )


def setup(poll: Poll) -> BoardEntry:
    """The first entry: what is asked, of whom, and by which rule it will be counted."""
    questions = [
        {
            "number": question.number,
            "text": question.text,
            "options": [option.text for option in question.options.all()],
        }
        for question in poll.questions.prefetch_related("options")
    ]
    facts = {
        "kind": "setup", "poll": poll.code, "title": poll.title, "secrecy": poll.secrecy,
        "questions": questions, "rule": rule_facts(poll), "roll_hash": poll.roll_hash,
        "heads": poll.heads, "area_cent": poll.area_cent, "receipt_key": poll.receipt_key,
        "scrutineer_key": poll.scrutineer_key, "closes_at": poll.closes_at,
    }  # fmt: skip
    return append(poll, facts)


def post_due_batches() -> int:
    """Post the codes of every open poll that has enough new ones (公示表决码). By the clock."""
    return sum(
        bool(apart(post_batch, poll)) for poll in Poll.objects.filter(state=Poll.State.OPEN)
    )


@transaction.atomic
def post_batch(poll: Poll) -> bool:
    """Post what has come in, if enough has (公示表决码). By the clock."""
    codes = _take(poll, LEAST)
    if not codes:
        return False
    entry = append(poll, {"kind": "batch", "codes": codes})
    record("consultation.post_batch", poll, seq=entry.seq, codes=len(codes))
    return True


def flush(poll: Poll) -> None:
    """Post whatever is left, however little."""
    codes = _take(poll, 1)
    if codes:
        append(poll, {"kind": "batch", "codes": codes})


def _take(poll: Poll, least: int) -> list[str]:
    """The codes not posted yet, sorted; none while fewer than ``least`` voters have come."""
    table: Any = {Secrecy.OPEN: OpenBallot, Secrecy.SEALED: SealedEnvelope}.get(
        Secrecy(poll.secrecy), SecretBallot
    )
    rows = list(
        table.objects.select_for_update(skip_locked=True, no_key=True).filter(
            poll=poll, posted=False
        )
    )
    questions = poll.questions.count() if table is SecretBallot else 1
    if len(rows) < least * questions:
        return []
    table.objects.filter(pk__in=[row.pk for row in rows]).update(posted=True)
    return sorted(code for row in rows for code in _codes(row))


def _codes(row: OpenBallot | SecretBallot | SealedEnvelope) -> Sequence[str]:
    if isinstance(row, OpenBallot):
        return [answer["code"] for answer in row.choices.values()]
    return [row.code]


def strip(poll: Poll) -> int:
    """Destroy the outer envelopes (去外信封): from here nobody can tell whose a sealed ballot is."""
    gone = list(
        SealedEnvelope.objects.filter(poll=poll, superseded=True).values_list("code", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT consultation_strip(%s)", [poll.pk])
        stripped = cursor.fetchone()[0]
    append(poll, {"kind": "stripped", "envelopes": stripped, "superseded": sorted(gone)})
    return stripped
