"""Who draws, publishes, confirms and questions a plan."""

import rules
from django.utils import timezone

from households.models import Mandate, Residency
from households.rules.offices import is_committee, is_designer


@rules.predicate
def confirms_for_the_household(user, confirmation):
    """The member it is for, or the agent of a live mandate of that member for plans."""
    if (
        not user.is_authenticated
        or confirmation.member.household_id != confirmation.plan.household_id
    ):
        return False
    if confirmation.member.role not in ("holder", "co_owner"):
        return False
    if confirmation.mandate_id is None:
        return Residency.objects.live().filter(user=user, member=confirmation.member_id).exists()
    return (
        Mandate.objects.about_plans(timezone.localdate())
        .filter(pk=confirmation.mandate_id, agent=user, principal=confirmation.member_id)
        .exists()
    )


@rules.predicate
def the_plan_is_of_its_household(user, remark):
    return (
        user.is_authenticated
        and Residency.objects.live().filter(user=user, household=remark.plan.household_id).exists()
    )


@rules.predicate
def speaks_for_its_household(user, remark):
    """Holds a live mandate about plans of somebody of the plan's household."""
    return (
        user.is_authenticated
        and Mandate.objects.about_plans(timezone.localdate())
        .filter(agent=user, household=remark.plan.household_id)
        .exists()
    )


@rules.predicate
def raised_it(user, remark):
    return user.is_authenticated and remark.raised_by_id == user.pk


rules.add_perm("households.draw_plan", is_designer | is_committee)
rules.add_perm("households.add_drawing", is_designer | is_committee)
rules.add_perm("households.publish_plan", is_committee)
rules.add_perm("households.confirm_plan", confirms_for_the_household)
rules.add_perm("households.enter_plan_confirmation", is_committee)
rules.add_perm("households.raise_remark", the_plan_is_of_its_household | speaks_for_its_household)
rules.add_perm("households.withdraw_remark", raised_it)
rules.add_perm("households.answer_remark", is_committee | is_designer)
