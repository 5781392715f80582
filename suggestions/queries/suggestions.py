"""Suggestions as pages show them (建议): the list, the way, what is alike, who wants it, what was changed."""

import difflib
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation, Posting, User
from suggestions.models import Endorsement, Outcome, Suggestion, SuggestionMerge, SuggestionStep
from suggestions.models.suggestions import HANDLERS, UNITS

State = Suggestion.State
ALIKE = 0.25  # of the pairs of the shorter title
MOST_ALIKE = 5
NEWEST = 500  # that still wait, among which it is looked for

WAY = (
    (State.SUBMITTED, _("已收到")),
    (State.ACKNOWLEDGED, _("已受理")),
    (State.ASSIGNED, _("已转办理单位")),
    (State.REPLIED, _("已答复")),
    (State.CARRYING_OUT, _("落实")),
    (State.DONE, _("已办成")),
    (State.CLOSED, _("已办结")),
)
WORK = (State.CARRYING_OUT, State.DONE)


def way_of(one: Suggestion) -> list[tuple[Any, str]]:
    """Every stage in order with "done", "now" or "next"; empty for one that left the way."""
    if one.state not in [state for state, _label in WAY]:
        return []
    works = one.state in WORK or one.outcomes.filter(round=one.round).exists()
    stages = [(state, label) for state, label in WAY if works or state not in WORK]
    here = [state for state, _label in stages].index(State(one.state))
    words = {-1: "done", 0: "now", 1: "next"}
    return [(label, words[(n > here) - (n < here)]) for n, (_s, label) in enumerate(stages)]


def alike(places: Iterable[Neighbourhood], title: str, *, but: Any = None) -> list[Suggestion]:
    """Public ones on their way whose title shares pairs of letters (相似建议), the most alike first."""
    wanted = _pairs(title)
    if not wanted:
        return []
    waiting = Suggestion.objects.public().filter(neighbourhood__in=places).live().exclude(pk=but)  # type: ignore[attr-defined]
    likeness: dict[Any, float] = {}
    for pk, other in waiting.order_by("-submitted_at").values_list("pk", "title")[:NEWEST]:
        pairs = _pairs(other)
        likeness[pk] = len(wanted & pairs) / max(1, min(len(wanted), len(pairs)))
    best = sorted((pk for pk, n in likeness.items() if n >= ALIKE), key=lambda pk: -likeness[pk])
    found = Suggestion.objects.in_bulk(best[:MOST_ALIKE])
    return [found[pk] for pk in best[:MOST_ALIKE]]


def _pairs(text: str) -> set[str]:
    """Every two neighbouring letters; a Chinese word is mostly two."""
    letters = [letter for letter in text.lower() if letter.isalnum()]
    return {a + b for a, b in pairwise(letters)}


def proposers_of(one: Suggestion) -> list[User]:
    """Those who made it, or one that was put into it."""
    about = Q(pk=one.pk) | Q(merged_into=one)
    found = Suggestion.objects.filter(about, proposed_by__isnull=False)
    return [each.proposed_by for each in found.select_related("proposed_by") if each.proposed_by]


def endorsers_of(one: Suggestion) -> QuerySet[User]:
    """Those who said "me too", to it or to one that was put into it, and did not make it."""
    about = Q(suggestion=one) | Q(suggestion__merged_into=one)
    users = Endorsement.objects.filter(about).values("user_id")
    return User.objects.filter(pk__in=users).exclude(pk__in=[u.pk for u in proposers_of(one)])


def supporters(one: Suggestion) -> int:
    """How many want it: each once, with those of suggestions put into it (几人提)."""
    about = Q(suggestion=one) | Q(suggestion__merged_into=one)
    people = set(Endorsement.objects.filter(about).values_list("user_id", flat=True))
    makers = [one, *one.merged.all()]
    people |= {each.proposed_by_id for each in makers if each.proposed_by_id}
    return len(people) + sum(each.proposed_by_id is None for each in makers)


def untold(steps: QuerySet[SuggestionStep]) -> QuerySet[SuggestionStep]:
    """Of each suggestion its latest step, if somebody without an account is still to be told (还没告诉)."""
    of_it = SuggestionStep.objects.filter(suggestion=OuterRef("suggestion"))
    merged_since = SuggestionMerge.objects.filter(
        into=OuterRef("suggestion"), undone_at=None, suggestion__proposed_by=None,
        at__lte=OuterRef("at"),
    )  # fmt: skip
    return steps.filter(
        Q(suggestion__proposed_by=None) | Exists(merged_since),
        pk=of_it.order_by("-at", "-pk").values("pk")[:1],
        told_at=None,
    ).select_related("suggestion")


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """What was changed, piece by piece: "same", "gone", "new" (改动)."""
    pieces = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(("same", before[a:b]))
            continue
        if b > a:
            pieces.append(("gone", before[a:b]))
        if d > c:
            pieces.append(("new", after[c:d]))
    return pieces


def wording(one: Suggestion) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Title, reasons and measures as they were and are; empty where nothing was changed."""
    if not one.was_changed:
        return []
    return [
        (_("题目"), changes(one.original_title, one.title)),
        (_("为什么"), changes(one.original_reasons, one.reasons)),
        (_("建议怎么办"), changes(one.original_measures, one.measures)),
    ]


def commended(places: Iterable[Any] | None = None) -> QuerySet[Outcome]:
    """Ideas that became something and were thanked for in public (表扬), the latest first."""
    found = Outcome.objects.filter(
        commended_on__isnull=False, suggestion__published_at__isnull=False
    ).exclude(suggestion__state=State.WITHDRAWN)
    if places:
        found = found.filter(neighbourhood_id__in=places)
    return found.select_related("suggestion__proposed_by", "neighbourhood", "done_photo").order_by(
        "-commended_on", "-pk"
    )


def units_for(place: Neighbourhood) -> QuerySet[Organisation]:
    """Who may be asked to answer: units of the street, and those of the place itself."""
    bodies = Organisation.objects.filter(sub_district_id=place.sub_district_id, kind__in=UNITS)
    return bodies.filter(Q(neighbourhood=None) | Q(neighbourhood=place)).order_by("name")


def unit_people(one: Suggestion, *offices: str) -> list[User]:
    """Who works for the unit that leads."""
    if one.unit is None:
        return []
    if one.unit.kind == Organisation.Kind.COMMITTEE:
        return committee_of(one.unit.neighbourhood_id)
    held = Posting.objects.live().filter(
        organisation_id=one.unit_id, office__in=offices or HANDLERS
    )
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True))


def live_posts_of(units: Any) -> QuerySet[Posting]:
    """Who handles for those units today."""
    return Posting.objects.live().filter(organisation_id__in=units, office__in=HANDLERS)


def committee_of(neighbourhood_id: Any) -> list[User]:
    posts = Posting.objects.live().filter(neighbourhood_id=neighbourhood_id, office="committee")
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))


def street_of(sub_district_id: Any) -> list[User]:
    posts = Posting.objects.live().filter(
        sub_district_id=sub_district_id, office="street_official"
    )
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))
