"""What was answered, and who was met in person: exact numbers (征集汇总、见面率)."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from suggestions.models import (
    Campaign,
    CampaignAnswer,
    CampaignHome,
    CampaignQuestion,
    CampaignVisit,
)


@dataclass(frozen=True)
class Summary:
    """A question with its answers: how many chose what, or the words themselves."""

    question: CampaignQuestion
    chosen: list[tuple[str, int]]
    words: list[str]


def summaries(campaign: Campaign) -> list[Summary]:
    answers: dict[object, list[str]] = {}
    found = CampaignAnswer.objects.filter(entry__campaign=campaign).order_by("-entry__at", "pk")
    for question_id, text in found.values_list("question_id", "text"):
        answers.setdefault(question_id, []).append(text)
    return [
        _summary(question, answers.get(question.pk, [])) for question in campaign.questions.all()
    ]


def _summary(question: CampaignQuestion, texts: list[str]) -> Summary:
    if not question.options:
        return Summary(question, [], texts)
    counted = Counter(texts)
    return Summary(question, [(option, counted[option]) for option in question.option_list], [])


@dataclass(frozen=True)
class Met:
    """Homes of a building met in person, in the first round and in both."""

    name: str
    total: int
    first: int
    both: int

    @property
    def rate(self) -> str:
        """Truncated, never rounded up: 999 of 1,000 is 99.9 %, and 1,499 of 1,500 too."""
        tenths = self.both * 1000 // self.total if self.total else 0
        return f"{tenths // 10}.{tenths % 10}%"

    @property
    def missing(self) -> int:
        return self.total - self.both


def _met(**of_round: int) -> Exists:
    return Exists(CampaignVisit.objects.filter(home=OuterRef("pk"), outcome="met", **of_round))


def met_by_building(campaign: Campaign) -> list[Met]:
    """Each building, and all of them last."""
    homes = campaign.homes.annotate(met_first=_met(visit_round=1), met=_met())
    rows = homes.values("building__name", "building__number").annotate(
        total=Count("pk"),
        first=Count("pk", filter=Q(met_first=True)),
        both=Count("pk", filter=Q(met=True)),
    )
    found = [
        Met(row["building__name"], row["total"], row["first"], row["both"])
        for row in rows.order_by("building__number", "building__name")
    ]
    sums = (sum(one.total for one in found), sum(one.first for one in found))
    return [*found, Met("", *sums, sum(one.both for one in found))]


def still_to_meet(homes: QuerySet[CampaignHome]) -> QuerySet[CampaignHome]:
    """Homes nobody was met in, in any round, with what this or the last round found."""
    return homes.annotate(met=_met()).filter(met=False)
