"""What the box holds, added up (计票结果): one set of figures for page, paper, board and export."""

from collections import Counter, defaultdict
from typing import Any

from consultation import tally
from consultation.models import BallotDelivery, OpenBallot, Poll, PollKind, Question, SecretBallot
from consultation.tally import ABSTAIN, AREA, NOT_COUNTED, SPOILT, Verdict, Weight

from .rolls import answered, weights

Method = PollKind.Method
FEW_VOTERS = 30  # in a secret poll by area, fewer than these
FEW_VOTES = 3  # or an option with fewer: the area per option could tell who


def figures(poll: Poll) -> dict[str, Any]:
    """The result, complete and exact; in a secret poll areas that could name somebody are left out."""
    roll = weights(poll)
    total = tally.add_up(roll.values())
    voted = set(answered(poll).values_list("entry__number", flat=True))
    channels = Counter(answered(poll).values_list("channel", flat=True))
    by_question = _ballots(poll)
    return {
        "total": total.as_dict(),
        "participating": tally.add_up(roll[number] for number in voted).as_dict(),
        "by_channel": dict(sorted(channels.items())),
        "questions": [
            {"number": question.number, "text": question.text}
            | _question(poll, question, by_question[question.number], roll, voted)
            for question in poll.questions.prefetch_related("options")
        ],
    }


Cast = list[tuple[str, str, int | None]]  # voter ("" in a secret poll), choice, area


def _ballots(poll: Poll) -> dict[int, Cast]:
    found: dict[int, Cast] = defaultdict(list)
    if poll.is_secret:
        secret = SecretBallot.objects.filter(poll=poll).values_list(
            "question_no", "choice", "area_cent"
        )
        for number, choice, area in secret:
            found[number].append(("", choice, area))
        return found
    live = OpenBallot.objects.filter(poll=poll, superseded=False).values_list(
        "entry__number", "choices"
    )
    for voter, choices in live:
        for number, answer in choices.items():
            found[int(number)].append((voter, answer["choice"], None))
    return found


def _question(
    poll: Poll, question: Question, cast: Cast, roll: dict[str, Weight], voted: set[str]
) -> dict[str, Any]:
    kind = poll.kind
    if kind.method == Method.BINARY:
        return _binary(poll, cast, roll, voted)
    answers = [choice for _voter, choice, _area in cast if choice not in (ABSTAIN, SPOILT)]
    facts: dict[str, Any] = {
        "abstain": sum(choice == ABSTAIN for _voter, choice, _area in cast),
        "spoilt": sum(choice == SPOILT for _voter, choice, _area in cast),
    }
    if kind.method == Method.SCORE:
        return facts | _score(kind, answers)
    options = [str(option.number) for option in question.options.all()]
    names = {str(option.number): option.text for option in question.options.all()}
    if kind.method == Method.RANKED:
        piles = Counter(tuple(choice.split(">")) for choice in answers)
        return facts | {"options": names, "order": tally.ranked(options, piles)}
    ranking = tally.top(options, [choice.split(",") for choice in answers], kind.places, kind.ties)
    return facts | {
        "options": names,
        "votes": dict(ranking.votes),
        "elected": sorted(ranking.elected, key=int),
        "tied": sorted(ranking.tied, key=int),
    }


def _score(kind: PollKind, answers: list[str]) -> dict[str, Any]:
    scale = range(kind.scale_from, kind.scale_to + 1)
    counted = tally.score([int(answer) for answer in answers], scale, kind.satisfied_from)
    mean = counted.mean
    return {
        "counts": {str(step): n for step, n in counted.counts.items()},
        "mean": [mean.numerator, mean.denominator] if mean is not None else None,
        "satisfied": counted.satisfied,
        "answered": counted.participating,
    }


def proven_deliveries(poll: Poll) -> set[str]:
    """The voters whom the ballot reached in a way that counts for a rule about the silent."""
    proven = BallotDelivery.objects.filter(poll=poll, way__in=BallotDelivery.PROVEN)
    return set(proven.values_list("entry__number", flat=True))


def _binary(poll: Poll, cast: Cast, roll: dict[str, Weight], voted: set[str]) -> dict[str, Any]:
    silent_rule = poll.kind.silent_rule
    verdict = _verdict(poll, cast, roll, voted, silent_rule)
    outcomes = {NOT_COUNTED: _verdict(poll, cast, roll, voted, NOT_COUNTED).passed}
    outcomes[silent_rule] = verdict.passed
    withheld = poll.is_secret and poll.kind.by_area and _could_tell(cast, roll)
    return {
        "choices": {
            name: {"heads": weight.heads, AREA: None if withheld else weight.area_cent}
            for name, weight in verdict.by_choice.items()
        },
        "silent": verdict.silent.as_dict(),
        "followed": verdict.followed,
        "quorum": verdict.quorum,
        "passed": verdict.passed,
        "outcomes": outcomes,
        "area_withheld": withheld,
        "thresholds": [
            step.as_dict() | ({"some": None, "missing": None} if _hidden(withheld, step) else {})
            for step in verdict.steps
        ],
    }


def _hidden(withheld: bool, step: tally.Step) -> bool:
    return withheld and step.measure == AREA and step.name == "passing"


def _could_tell(cast: Cast, roll: dict[str, Weight]) -> bool:
    """Whether an area per option could name somebody."""
    votes = Counter(choice for _voter, choice, _area in cast)
    return len(roll) < FEW_VOTERS or any(0 < n < FEW_VOTES for n in votes.values())


def _verdict(
    poll: Poll, cast: Cast, roll: dict[str, Weight], voted: set[str], silent_rule: str
) -> Verdict:
    rule = poll.kind.rule
    delivered = proven_deliveries(poll) if silent_rule != NOT_COUNTED else set()
    if not poll.is_secret:
        choices = {voter: choice for voter, choice, _area in cast}
        return tally.decide(roll, choices, rule, silent_rule=silent_rule, delivered=delivered)
    by_choice = {
        name: tally.add_up(Weight(1, area or 0) for _v, choice, area in cast if choice == name)
        for name in (*tally.OPINIONS, SPOILT)
    }
    silent = tally.add_up(roll[number] for number in delivered - voted)
    return tally.decide_sums(tally.add_up(roll.values()), by_choice, rule, silent)
