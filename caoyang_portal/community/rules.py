"""Who may change accounts and posts (账号与岗位的权限)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts


@rules.predicate
def administers_its_place(user, posting) -> bool:
    """An administrator of the sub-district, or of the very neighbourhood."""
    return user.is_authenticated and any(
        own.office == "administrator"
        and own.sub_district_id == posting.sub_district_id
        and own.neighbourhood_id in (None, posting.neighbourhood_id)
        for own in user.live_postings
    )


@rules.predicate
def is_not_their_own(user, posting) -> bool:
    return posting.user_id != user.pk


rules.add_perm("community.appoint", administers_its_place & is_not_their_own)

label_acts({"community.appoint": _("任命岗位")})
