"""Predicates about offices and belonging, used by every noun."""

import rules

from households.models import Household


@rules.predicate
def is_committee(user, subject):
    """Holds a committee post in the neighbourhood of the subject."""
    return user.is_authenticated and subject.neighbourhood_id in user.places("committee")


@rules.predicate
def is_designer(user, subject):
    return user.is_authenticated and subject.neighbourhood_id in user.places("designer")


@rules.predicate
def is_building_leader(user, subject):
    """Leads the building of the household the subject is or belongs to."""
    if not user.is_authenticated:
        return False
    household = subject if isinstance(subject, Household) else subject.household
    return any(
        posting.office == "building_leader" and posting.building_id == household.building_id
        for posting in user.live_postings
    )


@rules.predicate
def is_administrator(user, subject):
    """Holds an administrator's post in the neighbourhood, or in its sub-district."""
    return user.is_authenticated and any(
        posting.office == "administrator"
        and (posting.neighbourhood_id in (None, subject.neighbourhood_id))
        and posting.sub_district_id == subject.neighbourhood.sub_district_id
        for posting in user.live_postings
    )


@rules.predicate
def lives_in_its_household(user, subject):
    """Verified to belong to the household the subject is or belongs to."""
    if not user.is_authenticated:
        return False
    pk = subject.pk if isinstance(subject, Household) else subject.household_id
    return Household.objects.of(user).filter(pk=pk).exists()
