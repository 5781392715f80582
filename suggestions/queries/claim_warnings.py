"""Which claims are likely to end badly (预警): points for what usually comes before dissatisfaction.

Our own table, bound by no law. A claim that reaches the mark is told to the unit's head, once a round.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from caoyang_portal.calendars.deadlines import add_working_days
from suggestions.models import Claim, ClaimExtension, Dispatch

MARK = 3
OFTEN, OFTEN_DAYS = 3, 90
WATCHED = (Claim.State.ACCEPTED, Claim.State.CONTACTED, Claim.State.IN_PROGRESS)


@dataclass(frozen=True)
class Sign:
    """One sign of trouble, and how much it weighs."""

    key: str
    words: Any
    points: int


SIGNS = {
    sign.key: sign
    for sign in (
        Sign("late", _("已经超期"), 3),
        Sign("again", _("已经再办过"), 3),
        Sign("near", _("一个工作日内到期"), 2),
        Sign("often", _("同一家 90 天里第三件"), 2),
        Sign("longer", _("申请过延期"), 2),
        Sign("returned", _("退过单"), 2),
        Sign("complaint", _("是投诉"), 1),
    )
}


@dataclass(frozen=True)
class Warning:
    """A claim with its signs of trouble."""

    claim: Claim
    signs: list[Sign]

    @property
    def points(self) -> int:
        return sum(sign.points for sign in self.signs)


def warnings(claims: QuerySet[Claim], today: date) -> list[Warning]:
    """Those of ``claims`` that reach the mark, the worst first; one question whatever their number."""
    since = today - timedelta(days=OFTEN_DAYS)
    same_home = Claim.objects.filter(household=OuterRef("household"), made_at__date__gte=since)
    watched = claims.filter(state__in=WATCHED, paused_until=None).annotate(
        of_the_home=Subquery(
            same_home.order_by().values("household").annotate(n=Count("pk")).values("n")
        ),
        was_extended=Exists(
            ClaimExtension.objects.filter(claim=OuterRef("pk"), round=OuterRef("round"))
        ),
        was_returned=Exists(
            Dispatch.objects.filter(claim=OuterRef("pk"), return_asked_by__isnull=False)
        ),
    )
    soon = add_working_days(today, 1)
    found = [
        Warning(claim, [SIGNS[key] for key in _signs(claim, today, soon)])
        for claim in watched.select_related("neighbourhood", "minder")
    ]
    return sorted(
        (one for one in found if one.points >= MARK),
        key=lambda one: (-one.points, one.claim.next_on or today),
    )


def _signs(claim: Any, today: date, soon: date) -> Iterable[str]:
    if claim.is_late(today):
        yield "late"
    elif claim.next_on <= soon:
        yield "near"
    if claim.round > 1:
        yield "again"
    if claim.household_id and (claim.of_the_home or 0) >= OFTEN:
        yield "often"
    if claim.was_extended:
        yield "longer"
    if claim.was_returned:
        yield "returned"
    if claim.claim_class == Claim.Class.COMPLAINT:
        yield "complaint"


def not_warned_of(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.filter(Q(warned_round__lt=F("round")))
