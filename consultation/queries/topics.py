"""Topics as pages show them (议题): the four columns, what is alike, who cares, who is not told yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood
from consultation.models import Topic, TopicMerge, TopicStep, TopicSupport

State = Topic.State
ALIKE = 0.16  # of the trigrams; a Chinese title has few
MOST_ALIKE = 5


@dataclass(frozen=True)
class Column:
    """One of the four words of the pipeline (点单、审单、批单、买单)."""

    key: str
    label: Any
    words: Any
    states: tuple[str, ...]
    count: int = 0


COLUMNS = (
    Column("order", _("点单"), _("居民提出，居委在看"), (State.PROPOSED,)),
    Column("screen", _("审单"), _("居委看过，等党组织批"), (State.SCREENED,)),
    Column(
        "approve", _("批单"), _("批准了，大家在商量"),
        (State.APPROVED, State.DELIBERATING, State.DECIDED),
    ),
    Column("pay", _("买单"), _("有人出力出钱，在办"), (State.CARRYING_OUT,)),
)  # fmt: skip

WAY = (
    (State.PROPOSED, _("点单"), _("民提")),
    (State.SCREENED, _("审单"), _("民提")),
    (State.APPROVED, _("批单"), _("民提")),
    (State.DELIBERATING, _("议事"), _("民议")),
    (State.DECIDED, _("议定"), _("民决")),
    (State.CARRYING_OUT, _("买单"), _("民决")),
    (State.EVALUATED, _("评议"), _("民评")),
)


def way_of(topic: Topic) -> list[tuple[Any, str]]:
    """Every stage in order with "done", "now" or "next"; empty for one that left the way."""
    states = [state for state, _word, _stage in WAY]
    if topic.state not in states:
        return []
    here = states.index(State(topic.state))
    words = {-1: "done", 0: "now", 1: "next"}
    return [(word, words[(n > here) - (n < here)]) for n, (_s, word, _stage) in enumerate(WAY)]


def columns(topics: QuerySet[Topic]) -> list[Column]:
    """The four words with how many stand under each."""
    counts = dict(
        topics.order_by().values_list("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    return [
        Column(c.key, c.label, c.words, c.states, sum(counts.get(s, 0) for s in c.states))
        for c in COLUMNS
    ]


def alike(neighbourhoods: Iterable[Neighbourhood], title: str, *, but: Any = None) -> list[Topic]:
    """Public topics of the place whose title is like ``title`` (相似议题), the most alike first."""
    if not title.strip():
        return []
    found = Topic.objects.public().filter(neighbourhood__in=neighbourhoods)
    likeness = Greatest(TrigramSimilarity("title", title), TrigramWordSimilarity(title, "title"))
    return list(
        found.exclude(pk=but)
        .exclude(state=State.MERGED)
        .annotate(likeness=likeness)
        .filter(likeness__gte=ALIKE)
        .order_by("-likeness", "pk")[:MOST_ALIKE]
    )


def supporters(topic: Topic) -> int:
    """How many people care: each once, with those of topics merged into this one (几人关心)."""
    about = Q(topic=topic) | Q(topic__merged_into=topic)
    people = set(TopicSupport.objects.filter(about).values_list("user_id", flat=True))
    proposers = [topic, *topic.merged.all()]
    people |= {one.proposed_by_id for one in proposers if one.proposed_by_id}
    return len(people) + sum(one.proposed_by_id is None for one in proposers)


def untold(steps: QuerySet[TopicStep]) -> QuerySet[TopicStep]:
    """Of each topic its latest step, if somebody without an account is still to be told (还没告诉)."""
    latest = TopicStep.objects.filter(topic=OuterRef("topic")).order_by("-at", "-pk").values("pk")
    merged_since = TopicMerge.objects.filter(
        into=OuterRef("topic"), undone_at=None, topic__proposed_by=None, at__lte=OuterRef("at")
    )
    return steps.filter(
        Q(topic__proposed_by=None) | Exists(merged_since), pk=latest[:1], told_at=None
    ).select_related("topic")


def late(topics: QuerySet[Topic], today: date) -> int:
    return topics.overdue(today).count()  # type: ignore[attr-defined]
