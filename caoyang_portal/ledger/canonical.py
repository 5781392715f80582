"""One text for one set of facts (规范文本), so that a hash over it can be recomputed anywhere."""

import json
import unicodedata
import uuid
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

SCHEME = "ledger/v1"


def canonical_json(facts: dict) -> str:
    """NFC, sorted keys, no spaces, no floats; a Decimal, a date or a UUID becomes a string."""
    return json.dumps(_plain(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value):
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", str(value))
        case Decimal() | uuid.UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {
                unicodedata.normalize("NFC", key): _plain(inner) for key, inner in value.items()
            }
        case list() | tuple():
            return [_plain(inner) for inner in value]
    raise TypeError(f"a fact is not a {type(value).__name__}")


def genesis(chain: str) -> bytes:
    """What the first entry of ``chain`` follows."""
    return sha256(f"{SCHEME}/genesis\n{chain}".encode()).digest()


def entry_hash(
    *, chain, seq, at: str, actor, act, neighbourhood, subject_type, subject_id, payload, prev_hash
) -> bytes:
    """The hash ``ledger_append()`` computes in the database, to the byte.

    ``at`` is ``2026-11-22T00:10:00.000000Z``; ``actor`` and ``neighbourhood`` are UUID text or "".
    """
    line = "\n".join(
        (SCHEME, chain, str(seq), at, actor, act, neighbourhood, subject_type, subject_id, "")
    )
    return sha256(line.encode() + bytes(prev_hash) + sha256(payload.encode()).digest()).digest()
