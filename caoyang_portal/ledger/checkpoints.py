"""What a checkpoint's root is taken over (存证): the root before, then every head by its chain."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection

from . import merkle

FIRST = bytes(32)  # the root before the first
BATCH = 20_000

NOW_SQL = """
    SELECT head.chain, head.seq, head.hash, anchored.id IS NULL
    FROM ledger_head head
    LEFT JOIN ledger_checkpointhead anchored
           ON anchored.chain = head.chain AND anchored.seq = head.seq
    ORDER BY head.chain COLLATE "C"
"""
THEN_SQL = """
    SELECT DISTINCT ON (anchored.chain COLLATE "C") anchored.chain, anchored.seq, anchored.hash
    FROM ledger_checkpointhead anchored
    JOIN ledger_checkpoint checkpoint ON checkpoint.id = anchored.checkpoint_id
    WHERE checkpoint.day <= %s
    ORDER BY anchored.chain COLLATE "C", anchored.seq DESC
"""

KEEP_SQL = """
    INSERT INTO ledger_checkpointhead (checkpoint_id, chain, seq, hash)
    SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::bytea[])
"""


def root_over(day: date, prev_root: bytes, heads: Iterable[tuple[str, int, bytes]]) -> bytes:
    """``heads`` in the byte order of their chains."""
    first = merkle.leaf(f"checkpoint/v1\n{day.isoformat()}\n".encode() + bytes(prev_root))
    return merkle.root([first, *(head_leaf(*head) for head in heads)])


def head_leaf(chain: str, seq: int, head_hash: bytes) -> bytes:
    return merkle.leaf(f"{chain}\n{seq}\n".encode() + bytes(head_hash))


def heads_now() -> list[tuple[str, int, bytes, bool]]:
    """Every head of this moment, and whether it is new since the checkpoint before."""
    with connection.cursor() as cursor:
        cursor.execute(NOW_SQL)
        return cursor.fetchall()


def keep_heads(checkpoint: UUID, heads: list[tuple[str, int, bytes]]) -> None:
    """Write down what the checkpoint saw; 150,000 heads take seconds, by the ORM a third of a minute."""
    with connection.cursor() as cursor:
        for start in range(0, len(heads), BATCH):
            chains, seqs, hashes = zip(*heads[start : start + BATCH], strict=True)
            cursor.execute(KEEP_SQL, [checkpoint, list(chains), list(seqs), list(hashes)])


def heads_at(day: date) -> list[tuple[str, int, bytes]]:
    """Every head as the checkpoint of ``day`` saw it."""
    with connection.cursor() as cursor:
        cursor.execute(THEN_SQL, [day])
        return cursor.fetchall()
