"""The bundle of a poll (核验包): everything ``static/verify_vote.py`` needs to recount it."""

import json
from typing import Any

from consultation.commitments import list_hash
from consultation.models import OpenBallot, Poll, SecretBallot

from .results import proven_deliveries
from .rolls import answered, roll_lines
from .rules import rule_facts

COUNTED = (Poll.State.COUNTED, Poll.State.PUBLISHED)


def ballots_of(poll: Poll) -> list[dict[str, Any]]:
    """The ballots that count, by question and code; with the voter where the poll is by name."""
    if poll.is_secret:
        rows = SecretBallot.objects.filter(poll=poll).values_list(
            "question_no", "code", "choice", "nonce", "area_cent"
        )
        found = [
            {"question": q, "code": code, "choice": choice, "nonce": nonce, "area_cent": area}
            for q, code, choice, nonce, area in rows
        ]
    else:
        live = OpenBallot.objects.filter(poll=poll, superseded=False)
        found = [
            {"question": int(q), "voter": voter, **answer}
            for voter, choices in live.values_list("entry__number", "choices")
            for q, answer in choices.items()
        ]
    return sorted(found, key=lambda ballot: (ballot["question"], ballot["code"]))


def superseded_of(poll: Poll) -> list[str]:
    """Codes that were posted and later replaced by the same voter."""
    old = OpenBallot.objects.filter(poll=poll, superseded=True).values_list("choices", flat=True)
    return sorted(answer["code"] for choices in old for answer in choices.values())


def voted_of(poll: Poll) -> list[str]:
    return sorted(answered(poll).values_list("entry__number", flat=True))


def closing_facts(poll: Poll) -> dict[str, Any]:
    """What the board says when the count is done: the lists that the bundle will show, by hash."""
    ballots, voted = ballots_of(poll), voted_of(poll)
    superseded, delivered = superseded_of(poll), sorted(proven_deliveries(poll))
    return {
        "kind": "close", "ballots": list_hash(ballots), "ballots_count": len(ballots),
        "voted": list_hash(voted), "voted_count": len(voted),
        "superseded": list_hash(superseded), "delivered": list_hash(delivered),
    }  # fmt: skip


def public_bundle(poll: Poll) -> dict[str, Any]:
    """What everyone may have: board, root and result; no home and no voter (PIPL)."""
    facts: dict[str, Any] = {
        "scheme": "board/v1",
        "poll": poll.code,
        "title": poll.title,
        "secrecy": poll.secrecy,
        "state": poll.state,
        "rule": rule_facts(poll),
        "board": [
            {
                "seq": entry.seq,
                "payload": entry.payload,
                "prev_hash": bytes(entry.prev_hash).hex(),
                "hash": bytes(entry.hash).hex(),
            }
            for entry in poll.board.all()
        ],
    }
    if poll.state not in COUNTED:
        return facts
    return facts | {"root": poll.board_root, "result": json.loads(poll.result.figures)}


def bundle(poll: Poll) -> dict[str, Any]:
    """The same for who stands on the roll: once counted with the roll and every ballot."""
    facts = public_bundle(poll)
    if poll.state not in COUNTED:
        return facts
    return facts | {
        "roll": [list(line) for line in roll_lines(poll)],
        "delivered": sorted(proven_deliveries(poll)),
        "voted": voted_of(poll),
        "ballots": ballots_of(poll),
        "superseded": superseded_of(poll),
    }
