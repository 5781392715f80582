"""Counting (计票): who took part, what they want, and by how much it passes or fails.

No database and no floats: integers and fractions, so that a page, a paper, the export and
``static/verify_vote.py`` cannot disagree. ``以上`` includes the number, ``过半数`` does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

YES, NO, ABSTAIN, SPOILT = "yes", "no", "abstain", "spoilt"
OPINIONS = (YES, NO, ABSTAIN)
HEADS, AREA = "heads", "area_cent"
NOT_COUNTED, FOLLOW_MAJORITY = "not_counted", "follow_majority"


@dataclass(frozen=True)
class Weight:
    """So many heads and so much floor area, in 0.01 m²."""

    heads: int = 0
    area_cent: int = 0

    def __add__(self, other: Weight) -> Weight:
        return add_up((self, other))

    def of(self, measure: str) -> int:
        return self.heads if measure == HEADS else self.area_cent

    def as_dict(self) -> dict[str, int]:
        return {HEADS: self.heads, AREA: self.area_cent}


@dataclass(frozen=True)
class Share:
    """A threshold: at least ``part``, or more than it when ``exceeded``."""

    part: Fraction
    exceeded: bool = False

    def met(self, some: int, whole: int) -> bool:
        have, need = some * self.part.denominator, whole * self.part.numerator
        return have > need if self.exceeded else have >= need

    def missing(self, some: int, whole: int) -> int:
        """The smallest whole number that still has to be added; 0 when it is met."""
        need = whole * self.part
        return max(0, (floor(need) + 1 if self.exceeded else ceil(need)) - some)


@dataclass(frozen=True)
class Rule:
    """When a yes/no question is decided: who must take part, and how many must agree."""

    quorum: Share | None
    passing: Share
    measures: tuple[str, ...] = (HEADS, AREA)
    of_all: bool = False  # agreement is measured against the whole roll, not the participants


TWO_THIRDS = Share(Fraction(2, 3))
HALF = Share(Fraction(1, 2), exceeded=True)
THREE_QUARTERS = Share(Fraction(3, 4))
RULES = {
    "art278_ordinary": Rule(TWO_THIRDS, HALF),
    "art278_special": Rule(TWO_THIRDS, THREE_QUARTERS),
    "lift_unit": Rule(TWO_THIRDS, THREE_QUARTERS),
    "lift_compound": Rule(TWO_THIRDS, HALF),
    "first_consent": Rule(None, Share(Fraction(80, 100)), (HEADS,), of_all=True),
    "one_person_one_vote": Rule(None, HALF, (HEADS,)),
    "one_household_one_vote": Rule(None, HALF, (HEADS,)),
}


@dataclass(frozen=True)
class Step:
    """One threshold measured in one way, with what is missing to it in heads or 0.01 m²."""

    name: str  # quorum, passing
    measure: str
    some: int
    whole: int
    share: Share

    @property
    def met(self) -> bool:
        return self.share.met(self.some, self.whole)

    @property
    def missing(self) -> int:
        return self.share.missing(self.some, self.whole)

    def as_dict(self) -> dict[str, object]:
        return {
            "name": self.name,
            "measure": self.measure,
            "some": self.some,
            "whole": self.whole,
            "share": f"{self.share.part.numerator}/{self.share.part.denominator}",
            "exceeded": self.share.exceeded,
            "met": self.met,
            "missing": self.missing,
        }


@dataclass(frozen=True)
class Verdict:
    """A yes/no question as counted."""

    total: Weight
    participating: Weight
    by_choice: Mapping[str, Weight]
    silent: Weight  # counted although not answered
    followed: str  # the opinion they were counted to; "" for none
    steps: tuple[Step, ...]

    @property
    def quorum(self) -> bool:
        return all(step.met for step in self.steps if step.name == "quorum")

    @property
    def passed(self) -> bool:
        return all(step.met for step in self.steps)


def add_up(weights: Iterable[Weight]) -> Weight:
    heads = area_cent = 0
    for weight in weights:
        heads += weight.heads
        area_cent += weight.area_cent
    return Weight(heads, area_cent)


def decide(
    roll: Mapping[str, Weight],
    choices: Mapping[str, str],
    rule: Rule,
    *,
    silent_rule: str = NOT_COUNTED,
    delivered: Collection[str] = (),
) -> Verdict:
    """Count one yes/no question: ``choices`` by voter, ``delivered`` with proof to those silent."""
    by_choice = {
        opinion: add_up(roll[who] for who, choice in choices.items() if choice == opinion)
        for opinion in (*OPINIONS, SPOILT)
    }
    silent = Weight()
    if silent_rule == FOLLOW_MAJORITY:
        silent = add_up(roll[who] for who in set(delivered) - set(choices))
    return decide_sums(add_up(roll.values()), by_choice, rule, silent)


def decide_sums(
    total: Weight, by_choice: Mapping[str, Weight], rule: Rule, silent: Weight = Weight()
) -> Verdict:
    """The same from sums, for a secret question whose ballots name nobody."""
    answered = add_up(by_choice.values())
    followed = majority(by_choice, rule.measures) if silent.heads else ""
    counted = dict(by_choice)
    if followed:
        counted[followed] = counted[followed] + silent
    participating = answered + silent
    yes = counted.get(YES, Weight())
    steps = []
    for measure in rule.measures:
        if rule.quorum:
            whole = total.of(measure)
            steps.append(Step("quorum", measure, participating.of(measure), whole, rule.quorum))
    for measure in rule.measures:
        whole = (total if rule.of_all else participating).of(measure)
        steps.append(Step("passing", measure, yes.of(measure), whole, rule.passing))
    return Verdict(total, participating, counted, silent, followed, tuple(steps))


def majority(by_choice: Mapping[str, Weight], measures: Iterable[str]) -> str:
    """The opinion that more than half of those who answered hold, by every measure; "" if none."""
    answered = add_up(by_choice.values())
    for opinion in OPINIONS:
        held = by_choice.get(opinion, Weight())
        if all(HALF.met(held.of(measure), answered.of(measure)) for measure in measures):
            return opinion
    return ""


# ---- several options ----


@dataclass(frozen=True)
class Ranking:
    """Options in the order of their votes: who is in, and who shares the last place."""

    votes: Mapping[str, int]
    elected: tuple[str, ...]
    tied: tuple[str, ...]  # share the line: in or out by the stated rule
    participating: int


ALL_AT_THE_LINE, NONE_AT_THE_LINE, LISTED_ORDER = "all", "none", "listed"


def top(
    options: Iterable[str], ballots: Iterable[Collection[str]], places: int, ties: str
) -> Ranking:
    """The ``places`` options with most votes; a tie at the line is settled by the stated rule.

    ``all``: all at the line are in; ``none``: none of them; ``listed``: those listed first.
    """
    options, ballots = list(options), list(ballots)
    votes = {option: sum(option in ballot for ballot in ballots) for option in options}
    return top_of(votes, places, ties, len(ballots))


def top_of(votes: Mapping[str, int], places: int, ties: str, participating: int) -> Ranking:
    """The same from votes already added up; the options in the order in which they were listed."""
    order = sorted(votes, key=lambda option: -votes[option])  # stable: listed order within ties
    line = votes[order[places - 1]] if places <= len(order) else 0
    above = [option for option in order if votes[option] > line]
    at = [option for option in order if votes[option] == line and line > 0]
    tied = at if len(above) + len(at) > places else []
    if not tied or ties == ALL_AT_THE_LINE:
        elected = above + at
    elif ties == LISTED_ORDER:
        elected = above + at[: places - len(above)]
    else:
        elected = above
    return Ranking(votes, tuple(elected), tuple(tied), participating)


@dataclass(frozen=True)
class Score:
    """What was given on a scale: the exact mean, and how many gave each step."""

    counts: Mapping[int, int]
    mean: Fraction | None
    satisfied: int  # gave at least the stated step
    participating: int


def score(given: Iterable[int], scale: range, satisfied_from: int) -> Score:
    given = list(given)
    counts = {step: given.count(step) for step in scale}
    mean = Fraction(sum(given), len(given)) if given else None
    satisfied = sum(n for step, n in counts.items() if step >= satisfied_from)
    return Score(counts, mean, satisfied, len(given))


def ranked(options: Iterable[str], ballots: Mapping[tuple[str, ...], int]) -> list[list[str]]:
    """The order of preference by Schulze's method; options in one group are tied.

    Schulze needs no lot and no rounding: anyone recounts it to the same order.
    """
    from votelib.evaluate.condorcet import Schulze  # noqa: PLC0415 slow import

    options = list(options)
    pairs = {(a, b): 0 for a in options for b in options if a != b}
    for ballot, number in ballots.items():
        place = {option: at for at, option in enumerate(ballot)}
        for a, b in pairs:
            pairs[a, b] += number * (place.get(a, len(options)) < place.get(b, len(options)))
    paths = Schulze.widest_paths(pairs)
    beaten = {
        a: sum(paths.get((a, b), 0) > paths.get((b, a), 0) for b in options if b != a)
        for a in options
    }
    return [[a for a in options if beaten[a] == n] for n in sorted(set(beaten.values()))[::-1]]
