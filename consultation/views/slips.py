"""The half-filled ballot and the receipt lie in the voter's browser, locked (未投出的票、回执).

Nothing of either is kept on the server: a row, a session or a backup that held it could one day be
joined with the ballots of a secret poll. Only the portal opens what is in the cookie, and only for
the person who wrote it.
"""

import json
from dataclasses import asdict, dataclass, field
from secrets import token_hex

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.confidential import conceal, reveal
from consultation.choices import Answer
from consultation.queries.receipts import Receipt
from consultation.queries.voting import Right

LONGEST = 400 * 24 * 3600  # what browsers grant


@dataclass
class Slip:
    """A ballot on its way: its key makes the receipt, and the same key never casts twice."""

    form_key: str = field(default_factory=lambda: token_hex(32))
    answers: dict[str, Answer] = field(default_factory=dict)


def slip_of(request, right: Right) -> Slip | None:
    kept = _opened(request, right, "slip")
    return Slip(**kept) if kept else None


def keep_slip(response, request, right: Right, slip: Slip) -> None:
    left = right.entry.poll.closes_at - timezone.now()
    _keep(response, request, right, "slip", asdict(slip), max(60, int(left.total_seconds())))


def drop_slip(response, right: Right) -> None:
    response.delete_cookie(_name(right, "slip"), path=_path(right), samesite="Lax")


def receipt_of(request, right: Right) -> Receipt | None:
    kept = _opened(request, right, "receipt")
    return Receipt(**kept, nonces={}) if kept else None


def keep_receipt(response, request, right: Right, receipt: Receipt) -> None:
    """Without the nonces: with them a code would tell its choice before the count."""
    kept = {"text": receipt.text, "signature": receipt.signature, "codes": receipt.codes}
    _keep(response, request, right, "receipt", kept, LONGEST)


def drop_receipt(response, right: Right) -> None:
    response.delete_cookie(_name(right, "receipt"), path=_path(right), samesite="Lax")


def _name(right: Right, what: str) -> str:
    return f"{what}-{right.entry.number}"


def _path(right: Right) -> str:
    return reverse("consultation:vote", args=[right.entry.poll.code, right.entry.number])


def _opened(request, right: Right, what: str) -> dict | None:
    locked = request.COOKIES.get(_name(right, what), "")
    try:
        kept = json.loads(reveal(locked))
    except InvalidToken:
        return None
    if kept["whose"] != _whose(request, right, what):
        return None
    return kept["content"]


def _keep(response, request, right: Right, what: str, content: dict, seconds: int) -> None:
    locked = conceal(json.dumps({"whose": _whose(request, right, what), "content": content}))
    response.set_cookie(
        _name(right, what),
        locked,
        max_age=seconds,
        path=_path(right),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _whose(request, right: Right, what: str) -> str:
    return f"{what}:{request.user.pk}:{right.entry.pk}"
