"""What becomes of a letter (信件): a suggestion, a claim, or neither with the reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.models import Claim, Letter, MailboxRound, Suggestion

from .claims import enter_claim
from .mailboxes import locked_round
from .suggestions import enter_suggestion

Fate = Letter.Fate


def _waiting(letter: Letter, opened: MailboxRound) -> Letter:
    """The letter read again under the lock of its round; refused once it is dealt with."""
    letter = opened.letters.get(pk=letter.pk)
    if opened.state != MailboxRound.State.CONFIRMED or letter.fate != Fate.WAITING:
        raise Refused(_("这封信已经办了"))
    return letter


def _deal(letter: Letter, fate: str, by: User, now: datetime, **fields: Any) -> None:
    letter.fate, letter.dealt_by, letter.dealt_at = fate, by, now
    for name, value in fields.items():
        setattr(letter, name, value)
    letter.save(update_fields=["fate", "dealt_by", "dealt_at", *fields])


@transaction.atomic
def make_letter_a_suggestion(
    letter: Letter, *, proposer_name: str = "", by: User, **words: Any
) -> Suggestion:
    """It proposes something for everybody (成为建议); both rows, or neither."""
    opened = locked_round(letter.round)
    require(by, "suggestions.make_letter_a_suggestion", opened)
    letter = _waiting(letter, opened)
    if not letter.text:
        raise Refused(_("请先抄录信上的话"))
    made = enter_suggestion(
        opened.neighbourhood, source=Suggestion.Source.MAILBOX, source_note=_note(letter, opened),
        confirmed=Suggestion.Confirmed.OWN_HAND, proposer_name=proposer_name or _("没有署名"),
        by=by, **words,
    )  # fmt: skip
    _deal(letter, Fate.SUGGESTION, by, timezone.now(), suggestion=made)
    record("suggestions.make_letter_a_suggestion", opened, by=by, letter=str(letter.pk))
    return made


@transaction.atomic
def make_letter_a_claim(
    letter: Letter, *, claimant_name: str = "", by: User, **words: Any
) -> Claim:
    """It is about what somebody needs (成为诉求); both rows, or neither."""
    opened = locked_round(letter.round)
    require(by, "suggestions.make_letter_a_claim", opened)
    letter = _waiting(letter, opened)
    if not letter.text:
        raise Refused(_("请先抄录信上的话"))
    made = enter_claim(
        opened.neighbourhood, source=Claim.Source.LETTER, source_ref=_note(letter, opened),
        confirmed=Claim.Confirmed.WROTE, claimant_name=claimant_name or _("没有署名"), by=by,
        **words,
    )  # fmt: skip
    _deal(letter, Fate.CLAIM, by, timezone.now(), claim=made)
    record("suggestions.make_letter_a_claim", opened, by=by, letter=str(letter.pk))
    return made


def _note(letter: Letter, opened: MailboxRound) -> str:
    day = timezone.localdate(opened.opened_at)
    return _("%(point)s的邮筒，%(day)s，第 %(n)s 封") % {
        "point": opened.point.name, "day": day.isoformat(), "n": letter.number,
    }  # fmt: skip


@transaction.atomic
def set_letter_aside(letter: Letter, *, reason: str, by: User) -> Letter:
    """It is neither (都不是), an advertisement or an empty page; the reason stays beside the scan."""
    opened = locked_round(letter.round)
    require(by, "suggestions.set_letter_aside", opened)
    letter = _waiting(letter, opened)
    if not reason.strip():
        raise Refused(_("请写为什么都不是"))
    _deal(letter, Fate.NEITHER, by, timezone.now(), reason=reason.strip())
    record("suggestions.set_letter_aside", opened, by=by, letter=str(letter.pk))
    return letter
