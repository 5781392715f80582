"""The register of resolutions as a table, and what is not in it yet (决议)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consultation.models import FollowUp, MeetingDecision, Resolution

MOST_WAITING = 50


def headings() -> list[str]:
    return [
        _("编号"), _("议定的事"), _("谁来办"), _("原定的日期"), _("办好的日期"), _("状态"),
        _("满意"), _("不满意"), _("不同意见"),
    ]  # fmt: skip


def table(resolutions: Iterable[Resolution]) -> list[list[Any]]:
    """A row for each, with people masked: a table travels further than its reader."""
    return [
        [
            one.number, one.text, one.shown_responsible, one.first_due_on, one.due_on,
            one.get_state_display(), one.satisfied, one.dissatisfied, one.dissent,
        ]
        for one in resolutions
    ]  # fmt: skip


def waiting_decisions(places: Iterable[Any]) -> QuerySet[MeetingDecision]:
    """What meetings decided and nobody has taken into the register (还没列入的决定)."""
    return (
        MeetingDecision.objects.filter(
            neighbourhood_id__in=places, resolution=None, struck_why="", meeting__state="held"
        )
        .select_related("meeting")
        .order_by("-meeting__starts_at", "number")[:MOST_WAITING]
    )


def waiting_follow_ups(places: Iterable[Any]) -> QuerySet[FollowUp]:
    """What results of polls oblige to, likewise (还没列入的落实事项)."""
    return (
        FollowUp.objects.filter(neighbourhood_id__in=places, resolution=None, done_at=None)
        .select_related("poll")
        .order_by("poll_id", "number")[:MOST_WAITING]
    )
