"""Who may publish the signing rate."""

import rules

from households.rules.offices import is_committee

rules.add_perm("households.publish_board", is_committee)


@rules.predicate
def has_households_there(user, project):
    """Sees how far households are: of the project's neighbourhood, or of one building in it."""
    return user.is_authenticated and project.neighbourhood_id in user.places(
        "committee", "building_leader"
    )


rules.add_perm("households.see_grid", has_households_there)
