"""Merkle trees as in RFC 6962 (默克尔树): one root for many leaves, and a short proof for each.

Used for the daily checkpoint and for the proof under the published signing rate.
"""

from collections.abc import Sequence
from hashlib import sha256


def leaf(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in their order; the hash of nothing if there are none."""
    level = list(leaves)
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        level = _above(level)
    return level[0]


def _above(level: list[bytes]) -> list[bytes]:
    """Pair by pair; an odd last one moves up as it is, which makes RFC 6962's tree."""
    above = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return above + level[len(level) - len(level) % 2 :]


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The siblings on the way from leaf ``index`` to the root."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, path = list(leaves), []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level, index = _above(level), index // 2
    return path


def verify_proof(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> bool:
    """Whether ``path`` leads from the leaf at ``index`` of ``size`` to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, current = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            current = node(sibling, current)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            current = node(current, sibling)
        at, last = at // 2, last // 2
    return last == 0 and current == expected_root
