"""Who may make, change and close agreements, and see to their seals."""

import rules

from households.models import Agreement, Residency

from .offices import is_administrator, is_committee


@rules.predicate
def is_a_signatory(user, agreement):
    """Signed in as one of the people whose signature the agreement needs, or their agent."""
    if not user.is_authenticated:
        return False
    members = agreement.signatories.values("member")
    return Residency.objects.live().filter(user=user, member__in=members).exists()


@rules.predicate
def is_not_signed_yet(user, agreement):
    return agreement.state not in Agreement.COUNTED


@rules.predicate
def lives_with_the_agreement(user, link):
    """Signed in as a signatory of the agreement that a share link shows."""
    return is_a_signatory(user, link.agreement)


rules.add_perm("households.draft_template", is_committee)
rules.add_perm("households.edit_template", is_committee)
rules.add_perm("households.publish_template", is_committee)
rules.add_perm("households.make_agreement", is_committee)
rules.add_perm("households.freeze_agreement", is_committee)
rules.add_perm("households.supersede_agreement", is_committee)
rules.add_perm("households.decline_agreement", is_committee | is_a_signatory)
rules.add_perm("households.reconsider_agreement", is_committee | is_a_signatory)
# What is signed binds the household: not for the committee alone to undo.
rules.add_perm("households.void_agreement", is_administrator | (is_committee & is_not_signed_yet))
rules.add_perm("households.start_generation", is_committee)
rules.add_perm("households.cancel_generation", is_committee)
rules.add_perm("households.retry_sealing", is_committee | is_administrator)
rules.add_perm("households.share_agreement", lives_with_the_agreement)
rules.add_perm("households.revoke_share_link", lives_with_the_agreement | is_committee)
rules.add_perm("households.see_agreement_desk", is_committee | is_administrator)
rules.add_perm("households.see_who_signs", is_committee | is_administrator | is_a_signatory)
