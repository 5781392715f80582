"""Read the whole ledger and say what does not fit (验账): every hash recomputed here, not asked for.

An edit, a gap, an inserted row and a wrong head show in the rows themselves. A cut tail and a chain
rewritten from its start show against the checkpoints, and a rewritten checkpoint against a root
somebody else kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from .canonical import entry_hash, genesis
from .checkpoints import FIRST, heads_at, root_over
from .models import Checkpoint

CHUNK = 5000


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit, and where."""

    kind: str
    chain: str
    seq: int
    message: str


@dataclass
class Report:
    entries: int = 0
    chains: int = 0
    checkpoints: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify(chain: str = "", anchors: Mapping[date, bytes] | None = None) -> Report:
    """Verify one chain or all; ``anchors`` are roots by day, kept outside of this database."""
    report = Report()
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        report.findings += _entries(chain, report)
        report.findings += _heads(chain)
        report.findings += _anchored_heads(chain)
        if not chain:
            report.findings += _checkpoints(report, anchors or {})
    return report


ENTRIES_SQL = """
    SELECT chain, seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           coalesce(actor_id::text, ''), act, coalesce(neighbourhood_id::text, ''),
           subject_type, subject_id, payload, prev_hash, hash
    FROM ledger_entry {where} ORDER BY chain, seq
"""


def _entries(only: str, report: Report) -> Iterator[Finding]:
    """Every entry in the order of its chain: does it follow, and is its hash its own?"""
    chain, seq, last = "", 0, b""
    for row in _rows(ENTRIES_SQL, only):
        if row[0] != chain:
            chain, seq, last = row[0], 0, genesis(row[0])
            report.chains += 1
        report.entries += 1
        if row[1] != seq + 1:
            yield Finding("gap", chain, seq + 1, f"{chain}#{seq + 1} is missing before #{row[1]}")
        elif bytes(row[9]) != last:
            yield Finding(
                "link",
                chain,
                row[1],
                f"{chain}#{row[1]} does not follow #{row[1] - 1} as it stands",
            )
        if _hash(row) != row[10]:
            yield Finding(
                "edit", chain, row[1], f"{chain}#{row[1]} was changed after it was written"
            )
        seq, last = row[1], bytes(row[10])


def _hash(row: tuple) -> bytes:
    return entry_hash(
        chain=row[0],
        seq=row[1],
        at=row[2],
        actor=row[3],
        act=row[4],
        neighbourhood=row[5],
        subject_type=row[6],
        subject_id=row[7],
        payload=row[8],
        prev_hash=row[9],
    )


def _rows(sql: str, chain: str, alias: str = "") -> Iterator[tuple]:
    """Stream ``sql``, of one chain or of all, without holding it in memory."""
    where = f"WHERE {alias}chain = %s" if chain else "WHERE true"
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.format(where=where), [chain] if chain else None)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


HEADS_SQL = """
    SELECT head.chain, head.seq, entry.hash IS NULL
    FROM ledger_head head
    LEFT JOIN ledger_entry entry ON entry.chain = head.chain AND entry.seq = head.seq
    {where} AND entry.hash IS DISTINCT FROM head.hash
    ORDER BY head.chain
"""
BEYOND_SQL = """
    SELECT entry.chain, entry.seq, head.seq
    FROM ledger_entry entry LEFT JOIN ledger_head head ON head.chain = entry.chain
    {where} AND (head.seq IS NULL OR entry.seq > head.seq)
    ORDER BY entry.chain, entry.seq
"""


def _heads(chain: str) -> Iterator[Finding]:
    for name, seq, absent in _rows(HEADS_SQL, chain, "head."):
        said = "which is not there" if absent else "whose hash is another"
        yield Finding("head", name, seq, f"the head of {name} names #{seq}, {said}")
    for name, seq, _ in _rows(BEYOND_SQL, chain, "entry."):
        yield Finding("beyond", name, seq, f"{name}#{seq} stands beyond the head of its chain")


ANCHORED_SQL = """
    SELECT anchored.chain, anchored.seq, entry.hash IS NULL, checkpoint.day
    FROM ledger_checkpointhead anchored
    JOIN ledger_checkpoint checkpoint ON checkpoint.id = anchored.checkpoint_id
    LEFT JOIN ledger_entry entry ON entry.chain = anchored.chain AND entry.seq = anchored.seq
    {where} AND entry.hash IS DISTINCT FROM anchored.hash
    ORDER BY anchored.chain, anchored.seq
"""


def _anchored_heads(chain: str) -> Iterator[Finding]:
    """Does every head a checkpoint saw still stand as it saw it?"""
    for name, seq, absent, day in _rows(ANCHORED_SQL, chain, "anchored."):
        kind, said = ("cut", "was cut off") if absent else ("rewritten", "was rewritten")
        yield Finding(kind, name, seq, f"{name}#{seq} {said} after the checkpoint of {day}")


def _checkpoints(report: Report, anchors: Mapping[date, bytes]) -> Iterator[Finding]:
    """Does each root follow the one before, and do the last and the kept ones come out again?"""
    checkpoints = list(Checkpoint.objects.order_by("day"))
    report.checkpoints = len(checkpoints)
    before = FIRST
    for checkpoint in checkpoints:
        if bytes(checkpoint.prev_root) != before:
            yield _about(checkpoint, "does not follow the one before")
        before = bytes(checkpoint.root)
        if checkpoint.day in anchors or checkpoint == checkpoints[-1]:
            heads = heads_at(checkpoint.day)
            if root_over(checkpoint.day, bytes(checkpoint.prev_root), heads) != before:
                yield _about(checkpoint, "is not the root over its heads")
        if anchors.get(checkpoint.day, before) != before:
            yield _about(checkpoint, "is not the root that was kept elsewhere")
    for day in sorted(set(anchors) - {checkpoint.day for checkpoint in checkpoints}):
        yield Finding("checkpoint", "checkpoints", 0, f"the checkpoint of {day} is missing")


def _about(checkpoint: Checkpoint, said: str) -> Finding:
    message = f"the checkpoint of {checkpoint.day} {said}"
    return Finding("checkpoint", "checkpoints", checkpoint.day.toordinal(), message)
