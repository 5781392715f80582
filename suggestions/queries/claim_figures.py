"""How claims are dealt with (诉求统计): four shares by unit, by class and altogether, and on which level.

Each share is of whole numbers. What would show fewer than five of anything is hidden (see cells).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.community.models import Organisation
from suggestions.models import Claim, ClaimCallback, ClaimReply, Dispatch, Level
from suggestions.queries.cells import Shown, protect

SHARES: dict[str, Any] = {
    "contacted": gettext_lazy("按时联系"),
    "replied": gettext_lazy("按时答复"),
    "solved": gettext_lazy("实际解决"),
    "content": gettext_lazy("满意和基本满意"),
}
CONTENT = (ClaimCallback.Satisfaction.SATISFIED, ClaimCallback.Satisfaction.MOSTLY)


@dataclass(frozen=True)
class Share:
    """So many of so many; None where it may not be shown."""

    yes: int | None
    of: int | None

    @property
    def percent(self) -> str:
        """Cut off, never rounded up."""
        if self.yes is None or not self.of:
            return ""
        tenths = int(Fraction(self.yes, self.of) * 1000)
        return f"{tenths // 10}.{tenths % 10} %"


@dataclass(frozen=True)
class Line:
    """One unit or one class: how many claims, and the four shares."""

    label: str
    count: int | None
    shares: list[Share]


def _measured(claims: QuerySet[Claim]) -> QuerySet[Any]:
    """With what each share asks: of the first reply, and of the last callback that reached somebody."""
    lead = Dispatch.objects.filter(claim=OuterRef("pk"), role=Dispatch.Role.LEAD, ended_on=None)
    first = ClaimReply.objects.filter(
        claim=OuterRef("pk"), round=1, dispatch__role=Dispatch.Role.LEAD
    )
    last = ClaimCallback.objects.filter(claim=OuterRef("pk"), reached=True).order_by("-at")
    return claims.order_by().annotate(
        unit=Subquery(lead.order_by("-round").values("unit")[:1]),
        has_unit=Exists(lead),
        was_replied=Exists(first),
        replied_in_time=Exists(first.filter(at__date__lte=F("dispatch__due_on"))),
        done=Subquery(last.values("is_done")[:1]),
        result=Subquery(last.values("result")[:1]),
    )


COUNTS = {
    "count": Count("pk"),
    "contacted_yes": Count("pk", filter=Q(contacted_at__date__lte=F("contact_due"))),
    "contacted_of": Count("pk", filter=Q(contact_due__isnull=False)),
    "replied_yes": Count("pk", filter=Q(replied_in_time=True)),
    "replied_of": Count("pk", filter=Q(was_replied=True)),
    "solved_yes": Count("pk", filter=Q(done=True)),
    "solved_of": Count("pk", filter=Q(done__isnull=False)),
    "content_yes": Count("pk", filter=Q(result__in=CONTENT)),
    "content_of": Count("pk", filter=Q(result__isnull=False)),
}


def by_unit(claims: QuerySet[Claim]) -> list[Line]:
    """The units that lead, then the committee itself, then all together."""
    rows = list(_measured(claims).filter(has_unit=True).values("unit").annotate(**COUNTS))
    names = dict(
        Organisation.objects.filter(pk__in=[row["unit"] for row in rows]).values_list("pk", "name")
    )
    return _lines({names.get(row["unit"], _("居委会")): row for row in rows})


def by_class(claims: QuerySet[Claim]) -> list[Line]:
    rows = _measured(claims).exclude(claim_class="").values("claim_class").annotate(**COUNTS)
    return _lines({str(Claim.Class(row["claim_class"]).label): row for row in rows})


def _lines(rows: Mapping[str, Mapping[str, int]]) -> list[Line]:
    """Every share protected by itself: who is shown, and what they come to together."""
    labels = sorted(rows)
    counted, overall = protect({label: (rows[label]["count"],) for label in labels})
    shares = {
        name: protect(
            {
                label: (
                    rows[label][f"{name}_yes"],
                    rows[label][f"{name}_of"] - rows[label][f"{name}_yes"],
                )
                for label in labels
            }
        )
        for name in SHARES
    }
    lines = [
        Line(
            label,
            counted[label].total,
            [_share(shown[label]) for shown, _whole in shares.values()],
        )
        for label in labels
    ]
    whole = [_share(whole) for _shown, whole in shares.values()]
    return [*lines, Line(_("合计"), overall.total, whole)] if lines else []


def _share(shown: Shown) -> Share:
    return Share(shown.cells[0] if shown.cells else None, shown.total)


def by_level(claims: QuerySet[Claim]) -> list[tuple[str, int | None]]:
    """Where what is closed was settled: in the grid, in the neighbourhood, by the sub-district."""
    lead = Dispatch.objects.filter(claim=OuterRef("pk"), role=Dispatch.Role.LEAD, ended_on=None)
    kinds = dict(
        claims.order_by()
        .filter(state=Claim.State.CLOSED)
        .annotate(kind=Subquery(lead.order_by("-round").values("unit__kind")[:1]))
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    grid = kinds.pop(Organisation.Kind.GRID, 0)
    department = kinds.pop(Organisation.Kind.DEPARTMENT, 0)
    counts = {
        Level.GRID: grid,
        Level.NEIGHBOURHOOD: sum(kinds.values()),
        Level.SUB_DISTRICT: department,
    }
    shown, _overall = protect({level: (n,) for level, n in counts.items()})
    return [(str(level.label), shown[level].total) for level in counts]
