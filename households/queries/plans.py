"""Lists of plans, and who may confirm one (方案)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from caoyang_portal.community.models import User
from households.models import (
    Household,
    Mandate,
    Member,
    Plan,
    PlanConfirmation,
    PlanRemark,
    Project,
    Residency,
)


def homes_with_plans(
    project: Project, homes: QuerySet[Household], reader: User
) -> QuerySet[Household]:
    """Annotate each household with the latest plan ``reader`` sees, its state, and open remarks."""
    seen = Plan.objects.visible_to(reader).filter(project=project)
    latest = seen.filter(household=OuterRef("pk")).order_by("-version")
    published = latest.filter(published_at__isnull=False)
    return homes.annotate(
        plan_pk=Subquery(latest.values("pk")[:1]),
        plan_version=Subquery(latest.values("version")[:1]),
        published_version=Subquery(published.values("version")[:1]),
        is_confirmed=Exists(
            PlanConfirmation.objects.filter(
                plan__project=project,
                plan__household=OuterRef("pk"),
                plan__version=OuterRef("published_version"),
            )
        ),
        has_open_remark=Exists(
            PlanRemark.objects.filter(
                plan__project=project, plan__household=OuterRef("pk"), state=PlanRemark.State.OPEN
            )
        ),
    )


@dataclass(frozen=True)
class Standing:
    """As whom a user may confirm a plan: a member of the household, oneself or by mandate."""

    member: Member
    mandate: Mandate | None


def standing_of(user: User, plan: Plan, today: date) -> Standing | None:
    """The member for whom ``user`` may confirm ``plan``; None if there is none."""
    own = (
        Residency.objects.live()
        .filter(user=user, household_id=plan.household_id, member__role__in=["holder", "co_owner"])
        .select_related("member")
        .first()
    )
    if own and own.member:
        return Standing(own.member, None)
    mandate = (
        Mandate.objects.about_plans(today)
        .filter(agent=user, household_id=plan.household_id)
        .select_related("principal")
        .order_by("approved_at")
        .first()
    )
    return Standing(mandate.principal, mandate) if mandate else None
