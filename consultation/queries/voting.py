"""What a voter sees: which votes are theirs to give, and by what rule a poll is decided (我的表决)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from consultation.models import (
    CastMark,
    OpenBallot,
    Poll,
    PollKind,
    Proxy,
    RollEntry,
    SealedEnvelope,
)
from consultation.tally import AREA, HEADS, Share

from .lines import line_at, own_line
from .receipts import Receipt, signed_receipt

State = Poll.State
Method = PollKind.Method
OVER = (State.COUNTED, State.PUBLISHED)  # the result may be seen


@dataclass(frozen=True)
class Right:
    """One vote that somebody may give: their own, their home's, or another's by a written mandate."""

    entry: RollEntry
    proxy: Proxy | None = None

    @property
    def poll(self) -> Poll:
        return self.entry.poll

    @cached_property
    def mark(self) -> CastMark | None:
        """The live vote, if it was given; in a list fetched with all the rights."""
        return next((mark for mark in self.entry.marks.all() if not mark.voided), None)

    @property
    def homes(self) -> list[Any]:
        return list(self.entry.units.all())

    @property
    def bound(self) -> dict[str, str]:
        """How the owner instructed the agent, where the portal may know: never in a secret poll."""
        return self.proxy.instructed if self.proxy else {}


@dataclass
class Line:
    """A poll in a list, with the votes of whoever looks at it."""

    poll: Poll
    rights: list[Right] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return any(right.mark is None for right in self.rights)


def public_polls() -> QuerySet[Poll]:
    """Whatever was announced, for everyone; what one may still answer comes first."""
    turn = Case(
        When(state=State.OPEN, then=Value(0)),
        When(state__in=[State.ANNOUNCED, State.FROZEN], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    announced = Poll.objects.exclude(announced_at=None).exclude(state=State.DRAFT)
    return announced.select_related("kind", "neighbourhood", "result").order_by(
        turn, "-closes_at", "pk"
    )


def right_to(user: User, today: date, code: str, number: str) -> Right | None:
    """The vote of this line of an announced poll, if it is ``user``'s: their own, or by a mandate."""
    if entry := own_line(user, code, number):
        return Right(entry)
    mandates = Proxy.objects.live(today).filter(agent=user, poll__code=code, entry__number=number)
    proxy = mandates.first()
    entry = line_at(code, number) if proxy else None
    return Right(entry, proxy) if entry else None


def rights(user: User, today: date, polls: list[UUID]) -> dict[UUID, list[Right]]:
    """Every vote that ``user`` may give in ``polls``, by poll: one's own first."""
    found: dict[UUID, list[Right]] = defaultdict(list)
    own = RollEntry.objects.of(user).filter(poll__in=polls)
    for entry in own.prefetch_related("units", "marks"):
        found[entry.poll_id].append(Right(entry))
    mandates = Proxy.objects.live(today).filter(agent=user, poll__in=polls)
    entries = RollEntry.objects.prefetch_related("units", "marks")
    for proxy in mandates.prefetch_related(Prefetch("entry", entries)).order_by("entry__number"):
        if all(right.entry.pk != proxy.entry_id for right in found[proxy.poll_id]):
            found[proxy.poll_id].append(Right(proxy.entry, proxy))
    return found


def my_polls(user: User, today: date) -> QuerySet[Poll]:
    """The polls in which ``user`` has a vote to give."""
    own = RollEntry.objects.of(user).values("poll")
    mandated = Proxy.objects.live(today).filter(agent=user).values("poll")
    return public_polls().filter(Q(pk__in=own) | Q(pk__in=mandated))


def open_receipt(right: Right, poll: Poll) -> Receipt | None:
    """The receipt of a vote by name, made again from the ballot; of a secret one there is none here."""
    mark = right.mark
    if poll.is_secret or mark is None:
        return None
    ballot = OpenBallot.objects.filter(poll=poll, entry=right.entry, superseded=False).first()
    if ballot is None:
        return None
    codes = {question: answer["code"] for question, answer in ballot.choices.items()}
    return signed_receipt(poll, codes, {}, mark.cast_on)


def is_replaced(right: Right, receipt: Receipt) -> bool:
    """Whether somebody of the same home sealed another vote since, on another phone."""
    sealed = SealedEnvelope.objects.filter(entry=right.entry, superseded=False)
    return any(
        code != receipt.codes.get("envelope") for code in sealed.values_list("code", flat=True)
    )


# ---- the rule in words and as a picture ----


@dataclass(frozen=True)
class Bar:
    """One threshold drawn as a bar; numbers in per cent of the whole."""

    words: str
    line: float
    some: float = 0.0
    met: bool | None = None


def rule_words(kind: PollKind) -> str:
    """When a question passes, in one sentence."""
    if kind.method != Method.BINARY:
        return _count_words(kind)
    said = []
    of = _("人数和面积") if kind.by_area else _("人数")
    if kind.rule.quorum:
        part = _fraction(kind.rule.quorum)
        said.append(_("参加的%(of)s至少占全体的 %(part)s") % {"of": of, "part": part})
    names = {
        (True, True): _("同意的%(of)s要超过全体的 %(part)s"),
        (True, False): _("同意的%(of)s至少占全体的 %(part)s"),
        (False, True): _("同意的%(of)s要超过参加的 %(part)s"),
        (False, False): _("同意的%(of)s至少占参加的 %(part)s"),
    }
    sentence = names[kind.pass_of_all, kind.pass_exceeded]
    said.append(sentence % {"of": of, "part": _fraction(kind.rule.passing)})
    return _("，").join(said) + _("，就通过。")


def _count_words(kind: PollKind) -> str:
    if kind.method == Method.SCORE:
        return _("算平均分，%(from)s 分起算满意。") % {"from": kind.satisfied_from}
    if kind.method == Method.RANKED:
        return _("把两个两个的比较都算出来，排出先后。")
    said = {"n": kind.places, "ties": kind.get_ties_display()}
    return _("票数最多的 %(n)s 项入选；%(ties)s。") % said


def _fraction(share: Share) -> str:
    if share.part.denominator == 100 or share.part == Fraction(4, 5):
        return f"{int(share.part * 100)}%"
    return f"{share.part.numerator}/{share.part.denominator}"


def rule_picture(kind: PollKind) -> list[Bar]:
    """The thresholds before anybody has voted: a bar for heads, one for area, each with its line."""
    if kind.method != Method.BINARY:
        return []
    bars = []
    measures = [(HEADS, _("人数")), (AREA, _("面积"))][: 2 if kind.by_area else 1]
    for _measure, name in measures:
        if kind.rule.quorum:
            share = kind.rule.quorum
            words = _("参加的%(name)s：要到 %(part)s") % {"name": name, "part": _fraction(share)}
            bars.append(Bar(words, per_cent(share.part)))
        share = kind.rule.passing
        words = _("同意的%(name)s：要到 %(part)s")
        if share.exceeded:
            words = _("同意的%(name)s：要超过 %(part)s")
        said = {"name": name, "part": _fraction(share)}
        bars.append(Bar(words % said, per_cent(share.part)))
    return bars


def per_cent(part: Fraction) -> float:
    return round(float(part) * 100, 1)
