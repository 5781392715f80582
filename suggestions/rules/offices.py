"""Predicates about belonging to a place, used by every noun."""

import rules

from households.models import Household


@rules.predicate
def lives_in_the_neighbourhood(user, subject):
    """Verified to belong to a home there."""
    return (
        user.is_authenticated
        and Household.objects.of(user).filter(neighbourhood_id=subject.neighbourhood_id).exists()
    )


@rules.predicate
def watches_over_the_place(user, subject):
    """For the street, the auditor and the administrator: what and when, masked whose."""
    return user.is_authenticated and subject.neighbourhood_id in user.reach(
        "street_official", "auditor", "administrator"
    )
