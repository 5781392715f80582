"""The figures of a result as a page shows them: exact numbers, distances, bars (结果页)."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.models import Channel, Poll, PollKind
from consultation.tally import HEADS, OPINIONS, SPOILT
from consultation.wording import OPINION_WORDS

from .voting import Bar, per_cent

Figures = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One thing that could be chosen, and how much of it was."""

    label: str
    heads: int
    area: str = ""  # "" where it does not count
    share: float = 0.0
    chosen: bool = False  # elected


@dataclass
class Outcome:
    """One question as counted."""

    number: int
    text: str
    rows: list[Row] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    verdict: str = ""
    passed: bool | None = None
    both: list[tuple[str, bool]] = field(default_factory=list)  # where a rule about the silent is
    order: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A whole result for the page."""

    heads: int
    area: str
    took_part: int
    took_part_area: str
    share: float
    channels: list[Row]
    outcomes: list[Outcome]


def square_metres(cents: int | None) -> str:
    """0.01 m² as people read it, without rounding."""
    if cents is None:
        return _("不公布")
    return f"{cents // 100:,}.{cents % 100:02} ㎡"


def shown_result(poll: Poll) -> Shown:
    figures = poll.result.shown
    total, took_part = figures["total"], figures["participating"]
    by_area = poll.kind.by_area
    return Shown(
        heads=total["heads"],
        area=square_metres(total["area_cent"]) if by_area else "",
        took_part=took_part["heads"],
        took_part_area=square_metres(took_part["area_cent"]) if by_area else "",
        share=_share(took_part["heads"], total["heads"]),
        channels=[
            Row(str(Channel(name).label), n, share=_share(n, took_part["heads"]))
            for name, n in figures["by_channel"].items()
        ],
        outcomes=[_outcome(poll.kind, question, took_part) for question in figures["questions"]],
    )


def _share(some: int, whole: int) -> float:
    return per_cent(Fraction(some, whole)) if whole else 0.0


def _outcome(kind: PollKind, question: Figures, took_part: Figures) -> Outcome:
    outcome = Outcome(question["number"], question["text"])
    if "choices" in question:
        _binary(kind, question, outcome)
    elif "votes" in question:
        _votes(question, outcome, took_part["heads"])
    elif "order" in question:
        outcome.order = [
            _("、").join(question["options"][number] for number in group)
            for group in question["order"]
        ]
    else:
        _scores(question, outcome)
    for name, words in (("abstain", _("弃权 %(n)s 人。")), ("spoilt", _("废票 %(n)s 张。"))):
        if question.get(name):
            outcome.notes.append(words % {"n": question[name]})
    return outcome


def _binary(kind: PollKind, question: Figures, outcome: Outcome) -> None:
    choices = question["choices"]
    names = [*OPINIONS, *([SPOILT] if choices[SPOILT]["heads"] else [])]
    cast = sum(choices[name]["heads"] for name in names)
    outcome.rows = [
        Row(
            str(OPINION_WORDS[name]),
            choices[name]["heads"],
            square_metres(choices[name]["area_cent"]) if kind.by_area else "",
            _share(choices[name]["heads"], cast),
        )
        for name in names
    ]
    outcome.bars = [threshold(step) for step in question["thresholds"]]
    outcome.passed = question["passed"]
    outcome.verdict = _("通过") if question["passed"] else _("没有通过")
    silent = question["silent"]["heads"]
    if silent:
        followed = OPINION_WORDS.get(question["followed"])
        words = ngettext(
            "送到了没答复的 %(n)s 人，按规则计入“%(followed)s”。",
            "送到了没答复的 %(n)s 人，按规则计入“%(followed)s”。",
            silent,
        )
        if not followed:
            words = ngettext(
                "送到了没答复的 %(n)s 人，没有过半数的意见，只算参加。",
                "送到了没答复的 %(n)s 人，没有过半数的意见，只算参加。",
                silent,
            )
        outcome.notes.append(words % {"n": silent, "followed": followed})
    if kind.silent_rule != "not_counted":
        rules = PollKind.SilentRule
        outcome.both = [
            (str(rules(name).label), passed) for name, passed in question["outcomes"].items()
        ]
    if question["area_withheld"]:
        outcome.notes.append(_("票数太少，公布各选项的面积会让人猜出是谁，所以只说面积达标没有。"))


def threshold(step: Figures) -> Bar:
    """One threshold in a sentence: what was needed, what there was, how far from it."""
    measure = _("人数") if step["measure"] == HEADS else _("面积")
    whose = _("参加的%(of)s") if step["name"] == "quorum" else _("同意的%(of)s")
    said = [whose % {"of": measure}]
    if step["some"] is not None:
        said.append(f"{_amount(step, 'some')} / {_amount(step, 'whole')}")
    need = _("须超过 %(part)s") if step["exceeded"] else _("须至少 %(part)s")
    said.append(need % {"part": step["share"]})
    if step["missing"]:
        said.append(_("还差 %(missing)s") % {"missing": _amount(step, "missing")})
    elif step["met"] and step["some"] is not None:
        said.append(_("超出 %(over)s") % {"over": _over(step)})
    share = Fraction(step["share"])
    some = _share(step["some"], step["whole"]) if step["some"] is not None else 0.0
    return Bar(_("，").join(said), per_cent(share), some, step["met"])


def _over(step: Figures) -> str:
    """By how much the threshold was passed, in whole heads or 0.01 m²."""
    need = step["whole"] * Fraction(step["share"])
    beyond = step["some"] - need
    return _measured(step["measure"], beyond.__floor__())


def _amount(step: Figures, what: str) -> str:
    return _measured(step["measure"], step[what])


def _measured(measure: str, value: int) -> str:
    if measure == HEADS:
        return ngettext("%(n)s 人", "%(n)s 人", value) % {"n": value}
    return square_metres(value)


def _votes(question: Figures, outcome: Outcome, voters: int) -> None:
    votes = sorted(question["votes"].items(), key=lambda one: (-one[1], int(one[0])))
    outcome.rows = [
        Row(
            question["options"][number],
            n,
            share=_share(n, voters),
            chosen=number in question["elected"],
        )
        for number, n in votes
    ]


def _scores(question: Figures, outcome: Outcome) -> None:
    counts = question["counts"]
    outcome.rows = [
        Row(_("%(n)s 分") % {"n": step}, n, share=_share(n, question["answered"]))
        for step, n in sorted(counts.items(), key=lambda one: -int(one[0]))
    ]
    if question["mean"]:
        mean = Fraction(*question["mean"])
        outcome.notes.append(_("平均分 %(mean)s。") % {"mean": f"{float(mean):.2f}"})
    outcome.notes.append(
        _("%(all)s 人打分，%(satisfied)s 人满意。")
        % {"all": question["answered"], "satisfied": question["satisfied"]}
    )
