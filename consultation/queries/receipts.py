"""Receipts (回执): what a voter takes home, signed by the portal (Ed25519)."""

import base64
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.crypto import salted_hmac

from caoyang_portal.ledger.canonical import canonical_json
from consultation.models import Poll


@dataclass(frozen=True)
class Receipt:
    """The codes of one vote; it says nothing of the voter nor of the choice."""

    text: str  # canonical JSON, as signed
    signature: str  # base64
    codes: dict[str, str]  # by question; "envelope" for a sealed one
    nonces: dict[str, str]  # the voter's alone: with it a code opens


def _key(poll: Poll) -> Ed25519PrivateKey:
    seed = salted_hmac("consultation.receipts", str(poll.pk), algorithm="sha256").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def receipt_key(poll: Poll) -> str:
    """The public half, as the board's first entry shows it."""
    return _key(poll).public_key().public_bytes_raw().hex()


def signed_receipt(
    poll: Poll, codes: dict[str, str], nonces: dict[str, str], day: date
) -> Receipt:
    text = canonical_json({"poll": poll.code, "day": day, "codes": codes})
    signature = base64.b64encode(_key(poll).sign(text.encode())).decode()
    return Receipt(text, signature, codes, nonces)


def is_ours(poll: Poll, text: str, signature: str) -> bool:
    """Whether the portal signed this receipt."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(poll.receipt_key))
        key.verify(base64.b64decode(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
