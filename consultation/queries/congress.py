"""A congress in figures (社区代表会议): what has been heard where, what is still missing for the next step."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from consultation.models import AreaBallot, Congress, CongressIssue, FaceToFace, MergeRecord, Poll

State = CongressIssue.State
MOST_CANDIDATES = 60  # a ballot longer than that nobody reads


@dataclass(frozen=True)
class Figures:
    """The way of the issues: areas heard, gathered, merged, candidates, chosen."""

    areas: int
    areas_heard: int
    hearings: int
    came: int
    gathered: int
    merged: int
    personal: int
    waiting: int
    candidates: int
    chosen: int


def figures(congress: Congress) -> Figures:
    heard = congress.hearings.aggregate(
        areas=Count("neighbourhood", distinct=True), hearings=Count("pk"), came=Sum("came")
    )
    states = Counter(congress.issues.values_list("state", flat=True))
    on_ballot = sum(states[state] for state in CongressIssue.ON_THE_BALLOT)
    return Figures(
        areas=congress.areas.count(),
        areas_heard=heard["areas"],
        hearings=heard["hearings"],
        came=heard["came"] or 0,
        gathered=sum(states.values()),
        merged=states[State.MERGED],
        personal=states[State.PERSONAL],
        waiting=states[State.RAISED],
        candidates=on_ballot or states[State.LISTED],
        chosen=states[State.CHOSEN],
    )


@dataclass(frozen=True)
class Area:
    """One area: was it heard, and what came of it."""

    name: str
    hearings: int
    last: date | None
    came: int
    issues: int
    representatives: int


def coverage(congress: Congress, today: date) -> list[Area]:
    """Every area of the sub-district, those without a hearing first."""
    heard = {
        row["neighbourhood"]: row
        for row in congress.hearings.order_by()
        .values("neighbourhood")
        .annotate(n=Count("pk"), last=Max("held_on"), came=Sum("came"))
    }
    raised = Counter(congress.issues.values_list("neighbourhood", flat=True))
    seats = Counter(congress.representatives.live(today).values_list("neighbourhood", flat=True))
    none: dict[str, Any] = {"n": 0, "last": None, "came": 0}
    rows = [
        Area(area.name, row["n"], row["last"], row["came"] or 0, raised[area.pk], seats[area.pk])
        for area in congress.areas.order_by("name")
        for row in [heard.get(area.pk, none)]
    ]
    return sorted(rows, key=lambda area: area.hearings > 0)


def freezing(congress: Congress) -> list[str]:
    """What keeps the candidates from being frozen."""
    issues = congress.issues
    found = []
    waiting = issues.filter(state=State.RAISED).count()
    if waiting:
        found.append(_("还有 %(n)s 个问题没有整理。") % {"n": waiting})
    texts = list(issues.filter(state=State.LISTED).values_list("text", flat=True))
    if len(texts) < 2:
        found.append(_("列出的问题至少要有两个。"))
    if len(texts) > MOST_CANDIDATES:
        found.append(_("候选最多 %(n)s 个，请再合并。") % {"n": MOST_CANDIDATES})
    twice = [text for text, n in Counter(texts).items() if n > 1]
    found += [_("“%(text)s”列了两次，请合并。") % {"text": text} for text in twice]
    return found


def unheard(congress: Congress) -> list[str]:
    """Names of the areas where no hearing was held yet: advice, it holds nothing up."""
    return list(
        congress.areas.exclude(pk__in=congress.hearings.values("neighbourhood"))
        .order_by("name")
        .values_list("name", flat=True)
    )


def live_ballots(congress: Congress) -> QuerySet[AreaBallot]:
    return (
        AreaBallot.objects.filter(congress=congress)
        .exclude(poll__state=Poll.State.VOID)
        .select_related("poll__kind", "poll__result", "neighbourhood")
        .order_by("poll__drafted_at", "pk")
    )


def counting_ten(congress: Congress) -> list[str]:
    """What keeps the ten from being taken into next year's plan."""
    ballots = list(live_ballots(congress))
    if not ballots:
        return [_("还没有一个居民区开始票选。")]
    return [
        _("%(area)s的票选还没有公布结果。") % {"area": ballot.neighbourhood.name}
        for ballot in ballots
        if ballot.poll.state != Poll.State.PUBLISHED
    ]


def blockers(congress: Congress) -> list[str]:
    """What still keeps a congress from its next step; empty when nothing does."""
    match congress.state:
        case Congress.State.GATHERING:
            return freezing(congress)
        case Congress.State.HELD if congress.elected_at is None:
            return counting_ten(congress)
    return []


def shown_issues(congress: Congress) -> QuerySet[CongressIssue]:
    """What everybody may read, the ten first, then by number."""
    return (
        CongressIssue.objects.public()
        .filter(congress=congress)
        .select_related("neighbourhood", "merged_into")
        .order_by("planned_for", "-votes", "candidate_no", "number")
    )


def found_issues(
    issues: QuerySet[CongressIssue],
    *,
    q: str = "",
    state: str = "",
    area: str = "",
    kind: str = "",
) -> QuerySet[CongressIssue]:
    """By a word of the text or by number, and by what has become of it."""
    if q:
        number = int(q) if q.isdecimal() and len(q) < 7 else -1
        issues = issues.filter(Q(text__icontains=q) | Q(number=number))
    if state in State.values:
        issues = issues.filter(state=state)
    if area:
        issues = issues.filter(neighbourhood__code=area)
    if kind:
        issues = issues.filter(category=kind)
    return issues


def live_merges(congress: Congress) -> list[tuple[MergeRecord, bool]]:
    """The mergings that stand, the latest first; whether each may be undone before the others."""
    records = list(
        congress.merges.live()
        .select_related("target", "made_by")
        .prefetch_related("lines__issue")
        .order_by("-made_at", "-pk")
    )
    touched: set[Any] = set()
    rows = []
    for record in records:
        issues = {record.target_id, *(line.issue_id for line in record.lines.all())}
        rows.append((record, not issues & touched))
        touched |= issues
    return rows


def is_last_of_its_issues(record: MergeRecord) -> bool:
    """Whether no later merging touched any of the same issues."""
    return {one.pk: free for one, free in live_merges(record.congress)}[record.pk]


def hearings_of(congress: Congress) -> QuerySet[FaceToFace]:
    return (
        congress.hearings.select_related("neighbourhood", "recorded_by")
        .prefetch_related("present")
        .order_by("-held_on", "pk")
    )


def may_put_in(user: User, congress: Congress) -> bool:
    return congress.state == Congress.State.GATHERING and user.is_authenticated
