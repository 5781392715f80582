"""Draft laws as pages and papers show them: articles with what was said, the three counters, a batch's content."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import translation

from suggestions.models import (
    ArticleOpinion,
    ConsultationActivity,
    DraftArticle,
    DraftLaw,
    DraftVersion,
)

State = ArticleOpinion.State
WHOLE = "整部草案"


def latest(draft: DraftLaw, *, is_final: bool = False) -> DraftVersion | None:
    """The text that is read now, or the law as passed."""
    return draft.versions.filter(is_final=is_final).order_by("-number").first()


@dataclass
class ArticleRow:
    """An article with what stands beside it."""

    article: DraftArticle
    opinions: list[ArticleOpinion] = field(default_factory=list)
    is_new_chapter: bool = False


def rows_of(version: DraftVersion, opinions: Iterable[ArticleOpinion]) -> list[ArticleRow]:
    """The articles in order, each with the opinions on it; those on an earlier text by their label."""
    said = defaultdict(list)
    for one in opinions:
        if one.article is not None:
            said[one.article.label].append(one)
    rows, chapter = [], ""
    for article in version.articles.all():
        rows.append(ArticleRow(article, said[article.label], article.chapter != chapter))
        chapter = article.chapter
    return rows


def elsewhere(
    rows: Sequence[ArticleRow], opinions: Iterable[ArticleOpinion]
) -> list[ArticleOpinion]:
    """Opinions on the whole, and on articles that are in the text no more."""
    labels = {row.article.label for row in rows}
    return [one for one in opinions if one.article is None or one.article.label not in labels]


@dataclass(frozen=True)
class Figures:
    """How much was said and what came of it: each opinion counts, also one put together with another."""

    drafts: int = 0
    activities: int = 0
    people: int = 0
    raised: int = 0
    submitted: int = 0
    adopted: int = 0  # in whole or in part


def _one_number(rows: QuerySet, total: Any) -> Coalesce:
    """A number about each draft by a query of its own: joins would multiply the others."""
    by_draft = rows.filter(draft=OuterRef("pk")).order_by().values("draft")
    value = Subquery(by_draft.annotate(n=total).values("n"), output_field=IntegerField())
    return Coalesce(value, 0)


def with_figures(drafts: QuerySet[DraftLaw]) -> QuerySet[DraftLaw]:
    """Each draft with its numbers; those of earlier years are what was entered."""
    opinions = ArticleOpinion.objects.annotate(
        stands=Coalesce("merged_into__state", "state")
    )  # what was put together goes the way of the other
    activities = ConsultationActivity.objects.all()
    return drafts.annotate(
        activity_count=F("past_activities") + _one_number(activities, Count("pk")),
        people_count=F("past_people") + _one_number(activities, Sum("people")),
        raised_count=F("past_raised") + _one_number(opinions, Count("pk")),
        submitted_count=F("past_submitted")
        + _one_number(opinions.filter(stands__in=ArticleOpinion.SENT), Count("pk")),
        adopted_count=F("past_adopted")
        + _one_number(opinions.filter(stands__in=("adopted", "partly")), Count("pk")),
    )


TOTALS = {
    "drafts": Count("pk"), "activities": Sum("activity_count", default=0),
    "people": Sum("people_count", default=0), "raised": Sum("raised_count", default=0),
    "submitted": Sum("submitted_count", default=0), "adopted": Sum("adopted_count", default=0),
}  # fmt: skip


def figures(drafts: QuerySet[DraftLaw]) -> Figures:
    """The counters over ``drafts`` (提出、报送、采纳)."""
    return Figures(**with_figures(drafts).aggregate(**TOTALS))


def ranking(drafts: QuerySet[DraftLaw]) -> QuerySet[DraftLaw]:
    """By draft, the most adopted first."""
    most = (F("adopted_count").desc(), F("raised_count").desc())
    return with_figures(drafts).order_by(*most, "-received_on", "pk")


def by_year(drafts: QuerySet[DraftLaw]) -> list[tuple[int, Figures]]:
    """By the year in which the draft came, the latest first."""
    rows = with_figures(drafts).annotate(year=ExtractYear("received_on"))
    grouped = rows.order_by("-year").values("year").annotate(**TOTALS).values_list("year", *TOTALS)
    return [(year, Figures(*numbers)) for year, *numbers in grouped]


def to_review(draft: DraftLaw) -> dict[str, int]:
    """How many opinions stand in each state."""
    counted = draft.opinions.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted.values_list("state", "n"))


def untold(draft: DraftLaw) -> QuerySet[ArticleOpinion]:
    """Those of people without account who are to be told by word of mouth how it stands now."""
    stands = Coalesce("merged_into__state", "state")
    return (
        draft.opinions.annotate(stands=stands)
        .filter(speaker=None)
        .exclude(speaker_name="")
        .exclude(stands="raised")
        .exclude(told_state=F("stands"))
        .select_related("article", "merged_into")
    )


def alike(opinion: ArticleOpinion) -> QuerySet[ArticleOpinion]:
    """Those it can be put together with, the ones on the same article first."""
    into = opinion.draft.opinions.filter(state__in=("raised", "accepted")).exclude(pk=opinion.pk)
    same = Q(article=opinion.article_id) if opinion.article_id else Q(article=None)
    return into.annotate(is_elsewhere=~same).order_by("is_elsewhere", "number")


def batch_content(opinions: Sequence[ArticleOpinion]) -> dict[str, Any]:
    """What a batch says, frozen as it is (报送内容): every opinion verbatim, whose role, and no name."""
    draft = opinions[0].draft
    merged = defaultdict(list)
    leads = [one.pk for one in opinions]
    for one in ArticleOpinion.objects.filter(merged_into__in=leads).order_by("number"):
        merged[one.merged_into_id].append(one)
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "title": draft.title,
            "asked_by": draft.asked_by_body,
            "source_ref": draft.source_ref,
            "opinions": [
                _line(one) | {"same": [_line(other) for other in merged[one.pk]]}
                for one in opinions
            ],
        }


def _line(one: ArticleOpinion) -> dict[str, Any]:
    return {
        "number": one.number,
        "article": one.article.label if one.article else WHOLE,
        "kind": str(one.get_kind_display()),
        "text": one.text,
        "reason": one.reason,
        "role": str(one.get_role_display()),
        "is_verbatim": one.is_verbatim,
    }
