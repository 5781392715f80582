"""Who may sign (签约): the signatory, or whoever holds their mandate to sign; never an office by itself."""

import rules
from django.utils import timezone

from households.models import Mandate, Residency

from .offices import is_committee, lives_in_its_household


@rules.predicate
def is_the_signatory(user, signatory):
    """Verified to be the very member who must sign."""
    return (
        user.is_authenticated
        and Residency.objects.live()
        .filter(user=user, member=signatory.member_id, household=signatory.agreement.household_id)
        .exists()
    )


@rules.predicate
def holds_their_mandate(user, signatory):
    """Agent of the signatory by a live mandate to sign (Civil Code art. 165)."""
    return (
        user.is_authenticated
        and Mandate.objects.to_sign(timezone.localdate())
        .filter(agent=user, principal=signatory.member_id)
        .exists()
    )


@rules.predicate
def is_superuser(user, subject):
    return user.is_superuser


# The machine's keeper signs for nobody, not even with a household's papers in hand.
may_sign = ~is_superuser & (is_the_signatory | holds_their_mandate)
# A worker does not operate or witness for the household they live in.
assists = is_committee & ~lives_in_its_household

rules.add_perm("households.sign_online", may_sign)
rules.add_perm("households.ask_signing_code", may_sign)
rules.add_perm("households.sign_on_tablet", assists)
rules.add_perm("households.enter_paper_signature", assists)
rules.add_perm("households.witness_signature", assists)
