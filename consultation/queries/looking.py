"""What anyone finds on a poll's board (查票): where a code stands, and later what it counted for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from consultation.models import BoardEntry, OpenBallot, Poll, Question, RollEntry, SecretBallot
from consultation.queries.bundle import COUNTED
from consultation.wording import choice_words

MOST_CODES = 60  # of one entry on a page; all of them are in the bundle


@dataclass(frozen=True)
class Found:
    """Where a code stands."""

    seq: int | None = None  # of the board's entry that shows it
    question: Question | None = None
    choice: str = ""  # in words, after the count only
    replaced: bool = False


def find(poll: Poll, code: str) -> Found | None:
    """What became of the ballot with this code."""
    entry = BoardEntry.objects.filter(poll=poll, payload__contains=f'"{code}"').first()
    seq = entry.seq if entry else None
    if poll.state in COUNTED:
        counted = _counted(poll, code, seq)
        if counted:
            return counted
    replaced = entry is not None and code in entry.facts.get("superseded", ())
    return Found(seq, replaced=replaced) if entry else None


def _counted(poll: Poll, code: str, seq: int | None) -> Found | None:
    questions = {q.number: q for q in poll.questions.prefetch_related("options")}
    if poll.is_secret:
        ballot = SecretBallot.objects.filter(poll=poll, code=code).first()
        if ballot is None:
            return None
        question = questions[ballot.question_no]
        return Found(seq, question, choice_words(poll.kind, question, ballot.choice))
    here = Q()
    for number in questions:
        here |= Q(**{f"choices__{number}__code": code})
    named = OpenBallot.objects.filter(here, poll=poll).first()
    if named is None:
        return None
    number = next(int(n) for n, answer in named.choices.items() if answer["code"] == code)
    question = questions[number]
    if named.superseded:
        return Found(seq, question, replaced=True)
    return Found(
        seq, question, choice_words(poll.kind, question, named.choices[str(number)]["choice"])
    )


@dataclass(frozen=True)
class Link:
    """One entry of the board for the page."""

    seq: int
    kind: str
    words: str
    hash: str
    codes: list[str]
    more: int


def links(entries: list[BoardEntry]) -> list[Link]:
    return [_link(entry) for entry in entries]


def _link(entry: BoardEntry) -> Link:
    facts = entry.facts
    codes = facts.get("codes", [])
    return Link(
        entry.seq, facts["kind"], _said(facts, codes), bytes(entry.hash).hex(),
        codes[:MOST_CODES], max(0, len(codes) - MOST_CODES),
    )  # fmt: skip


def _said(facts: dict[str, Any], codes: list[str]) -> str:
    words = {
        "setup": _("开始：题目、规则、名册指纹"),
        "batch": _("新到的核对码，%(n)s 个"),
        "amendment": _("更正：少 %(missing)s 张票，%(reason)s"),
        "stripped": _("去掉外信封 %(envelopes)s 个"),
        "opened": _("开启密封票 %(envelopes)s 张"),
        "close": _("点票：%(ballots_count)s 张票"),
        "result": _("结果"),
    }
    return words[facts["kind"]] % ({"n": len(codes)} | facts)


def votes_of(poll: Poll, entries: list[RollEntry]) -> dict[UUID, list[tuple[int, str]]]:
    """How each of ``entries`` voted in a poll by name, question by question, in words."""
    questions = {str(q.number): q for q in poll.questions.prefetch_related("options")}
    ballots = OpenBallot.objects.filter(poll=poll, entry__in=entries, superseded=False)
    return {
        ballot.entry_id: [
            (question.number, choice_words(poll.kind, question, ballot.choices[number]["choice"]))
            for number, question in questions.items()
        ]
        for ballot in ballots
    }
