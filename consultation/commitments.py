"""The hashes of a poll (指纹): roll, ballots, board. ``static/verify_vote.py`` recomputes each of them.

A ballot's commitment binds its choice to a nonce that only the receipt and, after closing, the bundle
show; its code is the first 80 bits in Crockford's letters, four by four.
"""

from collections.abc import Iterable
from hashlib import sha256

from caoyang_portal.ledger import merkle
from caoyang_portal.ledger.canonical import canonical_json

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def genesis(poll: str) -> bytes:
    return sha256(f"board/v1/genesis\n{poll}".encode()).digest()


def entry_hash(poll: str, seq: int, prev_hash: bytes, payload: str) -> bytes:
    line = f"board/v1\n{poll}\n{seq}\n".encode()
    return sha256(line + prev_hash + sha256(payload.encode()).digest()).digest()


def board_root(hashes: Iterable[bytes]) -> bytes:
    """The RFC 6962 root over the entries' hashes."""
    return merkle.root([merkle.leaf(bytes(entry)) for entry in hashes])


def roll_hash(poll: str, lines: Iterable[tuple[str, str, int]]) -> str:
    """Over ``(home, voter, area)``, a line each, in their order as text."""
    text = "\n".join(sorted(f"{home}\t{voter}\t{area}" for home, voter, area in lines))
    return sha256(f"roll/v1\n{poll}\n{text}".encode()).hexdigest()


def ballot_code(poll: str, question: int, choice: str, nonce: bytes) -> str:
    return crockford(
        sha256(f"ballot/v1\n{poll}\n{question}\n{choice}\n".encode() + nonce).digest()
    )


def envelope_code(ciphertext: bytes) -> str:
    return crockford(sha256(b"envelope/v1\n" + ciphertext).digest())


def crockford(digest: bytes) -> str:
    """The first 80 bits, ``0C5Q-KVJ3-4WQ6-SHD5``."""
    number = int.from_bytes(digest[:10])
    letters = "".join(CROCKFORD[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def list_hash(facts: list) -> str:
    """Over a list as canonical JSON: what a closing entry says about the ballots to come."""
    return sha256(canonical_json({"list": facts}).encode()).hexdigest()


def nonce_from(form_key: str, question: int) -> bytes:
    """The nonce of one question: the same form sent twice gives the same receipt, and only it."""
    return sha256(f"nonce/v1\n{form_key}\n{question}".encode()).digest()


def replay_hash(form_key: str) -> str:
    """What a voter's mark keeps of the form, so that a second sending is known as one."""
    return sha256(f"replay/v1\n{form_key}".encode()).hexdigest()
