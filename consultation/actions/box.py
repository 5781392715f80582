"""Putting a vote into the box (入箱): mark and ballot together, whatever the channel."""

import json
import secrets
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from nacl.public import PublicKey, SealedBox

from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from consultation.commitments import ballot_code, envelope_code, nonce_from, replay_hash
from consultation.models import (
    CastMark,
    Channel,
    OpenBallot,
    Poll,
    Proxy,
    RollEntry,
    SealedEnvelope,
    Secrecy,
    SecretBallot,
)
from consultation.queries.receipts import Receipt, signed_receipt

BLOCK = 256  # sealed ballots are padded, so that their length tells nothing


@dataclass
class Vote:
    """One vote on its way into the box."""

    poll: Poll
    entry: RollEntry
    channel: Channel
    form_key: str
    proxy: Proxy | None = None
    operator: User | None = None
    witness: User | None = None
    replaces: CastMark | None = None
    area_cent: int | None = None

    def mark(self) -> CastMark:
        return CastMark(
            neighbourhood_id=self.poll.neighbourhood_id,
            poll=self.poll,
            entry=self.entry,
            channel=self.channel,
            proxy=self.proxy,
            operator=self.operator,
            witness=self.witness,
            replay_hash=replay_hash(self.form_key),
        )


def put_in(vote: Vote, answers: dict[str, str], day: date) -> Receipt:
    """Write mark and ballot; an earlier vote of the same voter is superseded, never deleted."""
    if vote.replaces:
        CastMark.objects.filter(pk=vote.replaces.pk).update(voided=True)
    mark = vote.mark()
    mark.cast_on = day
    mark.save(force_insert=True)
    nonces = {question: nonce_from(vote.form_key, int(question)) for question in answers}
    codes = _codes(vote.poll, answers, nonces)
    match vote.poll.secrecy:
        case Secrecy.OPEN:
            _put_open(vote, answers, nonces, codes)
        case Secrecy.SEALED:
            codes = codes | {"envelope": _put_sealed(vote, answers, nonces)}
        case _:
            put_secret(vote.poll, answers, nonces, vote.area_cent)
    return _receipt(vote.poll, codes, nonces, day)


def given_again(vote: Vote, answers: dict[str, str]) -> Receipt:
    """The receipt of a form that was sent twice; refused if its answers have changed meanwhile."""
    nonces = {question: nonce_from(vote.form_key, int(question)) for question in answers}
    codes = _codes(vote.poll, answers, nonces)
    mark = CastMark.objects.get(poll=vote.poll, entry=vote.entry, voided=False)
    match vote.poll.secrecy:
        case Secrecy.OPEN:
            kept = OpenBallot.objects.get(poll=vote.poll, entry=vote.entry, superseded=False)
            same = {q: answer["code"] for q, answer in kept.choices.items()} == codes
        case Secrecy.SEALED:
            own = SealedEnvelope.objects.filter(entry=vote.entry, superseded=False).first()
            same = own is not None
            codes = codes | {"envelope": own.code} if own else codes
        case _:
            same = SecretBallot.objects.filter(
                poll=vote.poll, code__in=list(codes.values())
            ).count() == len(codes)
    if not same:
        raise Refused(_("这一票已经投过了，不会重复计算。"))
    return _receipt(vote.poll, codes, nonces, mark.cast_on)


def _codes(poll: Poll, answers: dict[str, str], nonces: dict[str, bytes]) -> dict[str, str]:
    return {q: ballot_code(poll.code, int(q), answer, nonces[q]) for q, answer in answers.items()}


def _receipt(poll: Poll, codes: dict[str, str], nonces: dict[str, bytes], day: date) -> Receipt:
    return signed_receipt(poll, codes, {q: nonce.hex() for q, nonce in nonces.items()}, day)


def _put_open(
    vote: Vote, answers: dict[str, str], nonces: dict[str, bytes], codes: dict[str, str]
) -> None:
    mine = OpenBallot.objects.filter(poll=vote.poll, entry=vote.entry)
    version = 1
    if vote.replaces:
        version += mine.count()
        mine.filter(superseded=False).update(superseded=True)
    OpenBallot.objects.create(
        neighbourhood_id=vote.poll.neighbourhood_id,
        poll=vote.poll,
        entry=vote.entry,
        version=version,
        choices={
            q: {"choice": answer, "nonce": nonces[q].hex(), "code": codes[q]}
            for q, answer in answers.items()
        },
    )


def put_secret(
    poll: Poll, answers: dict[str, str], nonces: dict[str, bytes], area_cent: int | None
) -> None:
    """The ballots of one voter in a secret poll, one row per question and nothing that joins them."""
    SecretBallot.objects.bulk_create(
        SecretBallot(
            neighbourhood_id=poll.neighbourhood_id,
            poll=poll,
            question_no=int(q),
            code=ballot_code(poll.code, int(q), answer, nonces[q]),
            choice=answer,
            nonce=nonces[q].hex(),
            area_cent=area_cent,
        )
        for q, answer in answers.items()
    )


def random_nonces(answers: dict[str, str]) -> dict[str, bytes]:
    return {question: secrets.token_bytes(32) for question in answers}


def _put_sealed(vote: Vote, answers: dict[str, str], nonces: dict[str, bytes]) -> str:
    """Seal choices and nonces to the scrutineers' key; nobody here can open what is kept."""
    content = {
        "answers": {q: [answer, nonces[q].hex()] for q, answer in answers.items()},
        "area_cent": vote.area_cent,
    }
    plain = json.dumps(content, sort_keys=True).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    key = PublicKey(bytes.fromhex(vote.poll.scrutineer_key))
    ciphertext = SealedBox(key).encrypt(padded)
    mine = SealedEnvelope.objects.filter(poll=vote.poll, entry=vote.entry)
    version = 1
    if vote.replaces:
        version += mine.count()
        mine.filter(superseded=False).update(superseded=True)
    code = envelope_code(ciphertext)
    SealedEnvelope.objects.create(
        neighbourhood_id=vote.poll.neighbourhood_id,
        poll=vote.poll,
        entry=vote.entry,
        version=version,
        code=code,
        ciphertext=ciphertext,
    )
    return code
