"""Casting a vote online, on the staff's tablet, or by proxy (投票).

The voter's own row on the roll is locked, nobody else's: one vote never waits for another voter's.
The poll's row is only shared, by the database, so that closing waits for votes in flight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import may, require
from caoyang_portal.community.codes import issue_code, spend_code
from caoyang_portal.community.models import OneTimeCode, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.notices.sending import send_code
from consultation.choices import Answer, fixed
from consultation.commitments import replay_hash
from consultation.models import CastMark, Channel, Poll, Proxy, Question, RollEntry
from consultation.queries.lines import locked_line
from consultation.queries.receipts import Receipt

from .box import Vote, given_again, put_in
from .locking import in_words

log = structlog.get_logger(__name__)

VOTE = OneTimeCode.Purpose.VOTE
Given = Mapping[str, Answer]


@dataclass
class Place:
    """Where a vote is about to fall: the voter as locked, the poll, the moment."""

    entry: RollEntry
    poll: Poll
    now: datetime
    options: dict[int, int]
    live: CastMark | None = field(default=None)


@lru_cache(maxsize=1000)
def options_of(poll_id: UUID) -> dict[int, int]:
    """How many options each question has; asked once, for announced questions stay."""
    asked = Question.objects.filter(poll=poll_id)
    return dict(asked.annotate(n=Count("options")).values_list("number", "n"))


def _place(entry: RollEntry) -> Place:
    entry, now = locked_line(entry.pk)
    options = options_of(entry.poll_id) if entry.poll.state != Poll.State.DRAFT else {}
    live = CastMark.objects.filter(poll=entry.poll_id, entry=entry, voided=False).first()
    return Place(entry, entry.poll, now, options, live)


def ask_vote_code(entry: RollEntry, *, session_key: str, ip: str, by: User) -> None:
    """Send the code that casts this voter's vote (表决验证码). Nothing of it is recorded."""
    require(by, "consultation.ask_vote_code", entry)
    _send_code(entry, session_key, ip, by)


def ask_proxy_code(proxy: Proxy, *, session_key: str, ip: str, by: User) -> None:
    """The same for the agent of a written mandate."""
    require(by, "consultation.ask_proxy_code", proxy)
    _send_code(proxy.entry, session_key, ip, by)


def _send_code(entry: RollEntry, session_key: str, ip: str, by: User) -> None:
    if not Poll.objects.get(pk=entry.poll_id).takes_votes(timezone.now()):
        raise Refused(_("现在不在表决时间内。"))
    code = issue_code(by, VOTE, bound_to(entry), session_key, ip=ip)
    # Not which poll: whoever sees the messages must not learn who is voting on what.
    text = _("您的表决验证码 %(code)s，5 分钟内有效，请勿告诉他人。") % {"code": code.clear}
    with transaction.atomic():
        send_code(by, by.phone, code.clear, text)


def bound_to(entry: RollEntry) -> str:
    return f"poll:{entry.poll_id}:{entry.pk}"


def cast_online(
    entry: RollEntry, *, choices: Given, code: str, session_key: str, form_key: str, by: User
) -> Receipt:
    """Vote for oneself or one's home (线上表决). The same form sent again gives the same receipt."""
    with in_words(), transaction.atomic():
        place = _place(entry)
        require(by, "consultation.cast_online", place.entry)
        vote = Vote(place.poll, place.entry, Channel.ONLINE, form_key)
        return_to = _proved(place, vote, choices, code, session_key, by)
    return _kept(return_to)


def cast_by_proxy(
    proxy: Proxy, *, choices: Given, code: str, session_key: str, form_key: str, by: User
) -> Receipt:
    """Vote as the agent of a written mandate (代理表决), as the owner instructed and no other way."""
    with in_words(), transaction.atomic():
        place = _place(proxy.entry)
        require(by, "consultation.cast_by_proxy", proxy)
        proxy = Proxy.objects.get(pk=proxy.pk)
        vote = Vote(place.poll, place.entry, Channel.PROXY, form_key, proxy=proxy)
        return_to = _proved(place, vote, choices, code, session_key, by)
    return _kept(return_to)


def _proved(
    place: Place, vote: Vote, choices: Given, code: str, session_key: str, by: User
) -> Receipt | Refused:
    """The receipt, or the refusal of a wrong code, which must commit so that the guess is counted."""
    answers = _answers(place, vote, choices)
    if _is_the_same_form(place, vote):
        return given_again(vote, answers)
    _refuse_closed_or_cast(place)
    try:
        spend_code(by, VOTE, bound_to(place.entry), code, session_key)
    except Refused as wrong:
        return wrong
    return _cast(place, vote, answers, by)


def _kept(outcome: Receipt | Refused) -> Receipt:
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def cast_on_tablet(
    entry: RollEntry, *, choices: Given, witness: User, form_key: str, by: User
) -> Receipt:
    """The voter votes at the committee's tablet before two staff (现场平板表决)."""
    with in_words(), transaction.atomic():
        place = _place(entry)
        vote = Vote(
            place.poll, place.entry, Channel.TABLET, form_key, operator=by, witness=witness
        )
        mark = vote.mark()
        require(by, "consultation.cast_on_tablet", mark)
        if witness.pk == by.pk or not may(witness, "consultation.witness_vote", mark):
            raise Refused(_("见证人要是本居委的另一位工作人员，且不是这一票的表决人。"))
        answers = _answers(place, vote, choices)
        if _is_the_same_form(place, vote):
            return given_again(vote, answers)
        _refuse_closed_or_cast(place)
        return _cast(place, vote, answers, by)


def _answers(place: Place, vote: Vote, choices: Given) -> dict[str, str]:
    answers = fixed(place.poll, place.options, choices)
    if vote.proxy and not place.poll.is_secret and vote.proxy.instructed != answers:
        raise Refused(_("要按委托人的书面意见投票，您选的和委托书不一样。"))
    return answers


def _is_the_same_form(place: Place, vote: Vote) -> bool:
    return place.live is not None and place.live.replay_hash == replay_hash(vote.form_key)


def _refuse_closed_or_cast(place: Place) -> None:
    poll = place.poll
    if not poll.takes_votes(place.now):
        log.warning("vote_refused", poll=str(poll.pk), state=poll.state)
        if place.now >= poll.closes_at:
            raise Refused(_("表决已经截止，这一票没有计入。有疑问请打电话给居委。"))
        raise Refused(_("现在不在表决时间内。"))
    if place.live and not poll.may_replace(place.live):
        raise Refused(
            _("这一票已经投过了（%(channel)s），不会重复计算。")
            % {"channel": place.live.get_channel_display()}
        )


def _cast(place: Place, vote: Vote, answers: dict[str, str], by: User) -> Receipt:
    if place.poll.is_secret and place.poll.kind.by_area:
        vote.area_cent = place.entry.units.aggregate(area=Sum("area_cent"))["area"]
    vote.replaces = place.live
    receipt = put_in(vote, answers, timezone.localdate(place.now))
    if not place.poll.is_secret:  # of a secret vote the ledger knows nothing
        record(
            "consultation.cast_ballot", place.entry, by=by, poll=place.poll.pk,
            channel=str(vote.channel),
        )  # fmt: skip
    return receipt
