"""The collection points of a place as list and plan show them (征集点)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from suggestions.models import CollectionPoint, PointHours


def with_hours(points: QuerySet[CollectionPoint], today: date) -> QuerySet[CollectionPoint]:
    """Each with ``hours_now``: what holds on ``today``."""
    held = PointHours.objects.filter(point=OuterRef("pk"), since__lte=today).order_by("-since")
    return points.annotate(hours_now=Subquery(held.values("words")[:1]))


@dataclass(frozen=True)
class Group:
    """The points of one kind under its heading."""

    kind: str
    heading: str
    points: list[CollectionPoint]


def grouped(points: list[CollectionPoint]) -> list[Group]:
    """Centre, areas, points; a kind without any is left out."""
    return [
        Group(kind.value, str(kind.label), found)
        for kind in CollectionPoint.Kind
        if (found := [point for point in points if point.kind == kind])
    ]


def lines(points: list[CollectionPoint]) -> list[tuple[CollectionPoint, CollectionPoint]]:
    """From each point to what it belongs to, both as drawn."""
    drawn = {point.pk: point for point in points}
    return [
        (point, drawn[point.belongs_to_id])
        for point in points
        if point.belongs_to_id and point.belongs_to_id in drawn
    ]
