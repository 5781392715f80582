"""A poll from its draft to its opening and closing (表决)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, Neighbourhood, OneTimeCode, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import Option, Poll, PollKind, Question, Secrecy
from consultation.queries import polls as checks
from consultation.queries.receipts import receipt_key

from .board import flush, setup, strip
from .locking import first_of, in_words, locked_poll, refuse_unless


@transaction.atomic
def draft_poll(
    neighbourhood: Neighbourhood,
    *,
    kind: PollKind,
    code: str,
    title: str,
    secrecy: Secrecy,
    opens_at: datetime,
    closes_at: datetime,
    explanation: str = "",
    scope: Poll.Scope = Poll.Scope.NEIGHBOURHOOD,
    building: Building | None = None,
    door: str = "",
    by: User,
) -> Poll:
    """Start a poll (起草); nothing of it is seen outside the committee yet."""
    poll = Poll(
        neighbourhood=neighbourhood, kind=kind, code=code, title=title, secrecy=secrecy,
        opens_at=opens_at, closes_at=closes_at, explanation=explanation, scope=scope,
        building=building, door=door, drafted_by=by,
    )  # fmt: skip
    require(by, "consultation.draft_poll", poll)
    _refuse_misfits(poll)
    if Poll.objects.filter(code=code).exists():
        raise Refused(_("这个编号已经用过，请换一个"))
    poll.save(force_insert=True)
    record("consultation.draft_poll", poll, by=by, code=code, kind=kind.pk, secrecy=secrecy)
    return poll


EDITABLE = ("title", "explanation", "secrecy", "opens_at", "closes_at")


@transaction.atomic
def edit_poll(poll: Poll, *, changes: dict[str, Any], by: User) -> Poll:
    """Change a draft (修改)."""
    poll = locked_poll(poll)
    require(by, "consultation.edit_poll", poll)
    refuse_unless(poll, Poll.State.DRAFT)
    for name in EDITABLE:
        setattr(poll, name, changes.get(name, getattr(poll, name)))
    _refuse_misfits(poll)
    poll.save(update_fields=EDITABLE)
    record("consultation.edit_poll", poll, by=by, changed=sorted(set(changes) & set(EDITABLE)))
    return poll


def _refuse_misfits(poll: Poll) -> None:
    today = timezone.localdate()
    if poll.kind.neighbourhood_id not in (None, poll.neighbourhood_id):
        raise Refused(_("这个表决种类不属于本居民区"))
    if poll.kind.valid_from > today or (poll.kind.valid_to and poll.kind.valid_to < today):
        raise Refused(_("这个表决种类现在不能用"))
    if poll.secrecy not in poll.kind.secrecies:
        raise Refused(_("这种表决不能用这样的公开方式"))
    if poll.closes_at <= poll.opens_at:
        raise Refused(_("截止时间要晚于开始时间"))
    if (poll.scope == Poll.Scope.NEIGHBOURHOOD) != (poll.building is None):
        raise Refused(_("请选好范围：整个小区，或哪一幢"))
    if (poll.scope == Poll.Scope.UNIT) != bool(poll.door):
        raise Refused(_("按门牌表决要写明门牌"))
    if poll.building and poll.building.neighbourhood_id != poll.neighbourhood_id:
        raise Refused(_("这一幢不属于本居民区"))


def set_questions(poll: Poll, *, questions: Sequence[tuple[str, Sequence[str]]], by: User) -> None:
    """Write the questions of a draft with their options (编写议项), all of them anew."""
    with in_words(), transaction.atomic():
        poll = locked_poll(poll)
        require(by, "consultation.set_questions", poll)
        refuse_unless(poll, Poll.State.DRAFT)
        Option.objects.filter(question__poll=poll).delete()
        poll.questions.all().delete()
        place = {"neighbourhood_id": poll.neighbourhood_id}
        for number, (text, options) in enumerate(questions, 1):
            question = Question.objects.create(poll=poll, number=number, text=text, **place)
            Option.objects.bulk_create(
                Option(question=question, number=n, text=option, **place)
                for n, option in enumerate(options, 1)
            )
        record("consultation.set_questions", poll, by=by, questions=len(questions))


@transaction.atomic
def set_scrutineers(poll: Poll, *, names: Sequence[str], public_key: str, by: User) -> Poll:
    """Enter the scrutineers and the public key they made offline (监票人)."""
    poll = locked_poll(poll)
    require(by, "consultation.set_scrutineers", poll)
    refuse_unless(poll, Poll.State.DRAFT)
    if len({name.strip() for name in names if name.strip()}) < checks.LEAST_SCRUTINEERS:
        raise Refused(_("监票人至少两位"))
    try:
        right_length = len(bytes.fromhex(public_key)) == 32
    except ValueError:
        right_length = False
    if not right_length:
        raise Refused(_("公钥应是 64 位十六进制字符，请照监票人给的抄"))
    poll.scrutineers = [name.strip() for name in names if name.strip()]
    poll.scrutineer_key = public_key.lower()
    poll.save(update_fields=["scrutineers", "scrutineer_key"])
    record("consultation.set_scrutineers", poll, by=by, key=poll.scrutineer_key)
    return poll


@transaction.atomic
def announce_poll(poll: Poll, *, by: User) -> Poll:
    """Give notice (公告): the questions stand from here, the notice period runs from today."""
    poll = locked_poll(poll)
    require(by, "consultation.announce_poll", poll)
    first_of(checks.announcing(poll, timezone.now()))
    poll.move_to(Poll.State.ANNOUNCED)
    poll.announced_at = timezone.now()
    poll.save(update_fields=["state", "announced_at"])
    record("consultation.announce_poll", poll, by=by, opens_at=poll.opens_at)
    return poll


@transaction.atomic
def open_poll(poll: Poll, *, by: User | None = None) -> Poll:
    """Open the poll when its time has come (开始); by staff, or by the clock."""
    poll = locked_poll(poll)
    if by is not None:
        require(by, "consultation.open_poll", poll)
    first_of(checks.opening(poll, timezone.now()))
    poll.move_to(Poll.State.OPEN)
    poll.opened_at = timezone.now()
    poll.receipt_key = receipt_key(poll)
    poll.save(update_fields=["state", "opened_at", "receipt_key"])
    setup(poll)
    record("consultation.open_poll", poll, by=by, roll_hash=poll.roll_hash)
    return poll


@transaction.atomic
def close_poll(poll: Poll) -> Poll:
    """Close it at its time (截止): the database's clock decides. By the clock."""
    poll = locked_poll(poll)
    if poll.state != Poll.State.OPEN:
        return poll
    now = checks.database_now()
    if now < poll.closes_at:
        raise Refused(_("还没到截止时间"))
    poll.move_to(Poll.State.COUNTING)
    poll.closed_at = now
    poll.save(update_fields=["state", "closed_at"])
    flush(poll)
    if poll.secrecy == Secrecy.SEALED:
        strip(poll)
    _forget_codes(poll)
    record("consultation.close_poll", poll)
    return poll


def _forget_codes(poll: Poll) -> None:
    """Who asked for a code when would tell when who voted.

    A code in the hands of a vote that waits for this closing is left: that vote is late and undone.
    """
    codes = OneTimeCode.objects.filter(purpose="vote", bound_to__startswith=f"poll:{poll.pk}:")
    free = codes.select_for_update(skip_locked=True).values_list("pk", flat=True)
    OneTimeCode.objects.filter(pk__in=list(free)).delete()


@transaction.atomic
def void_poll(poll: Poll, *, reason: str, by: User) -> Poll:
    """Stop a poll for good (作废), with its reason; nothing is deleted."""
    poll = locked_poll(poll)
    require(by, "consultation.void_poll", poll)
    if not reason.strip():
        raise Refused(_("请写明作废的原因"))
    poll.move_to(Poll.State.VOID)
    poll.void_reason = reason.strip()
    poll.save(update_fields=["state", "void_reason"])
    record("consultation.void_poll", poll, by=by)
    return poll
