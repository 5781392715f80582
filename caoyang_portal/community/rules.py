"""Who may change accounts and posts (账号与岗位的权限)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Posting
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


@rules.predicate
def administers_the_person(user, person) -> bool:
    """Every office the person holds now lies in the administrator's places, and there is or was one."""
    if not user.is_authenticated:
        return False
    known = Posting.objects.filter(user=person).administered_by(user).exists()
    return known and all(administers_its_place(user, posting) for posting in person.live_postings)


@rules.predicate
def is_somebody_else(user, person) -> bool:
    return person.pk != user.pk


rules.add_perm("community.appoint", administers_its_place & is_not_their_own)
rules.add_perm("community.end_posting", administers_its_place & is_not_their_own)
for act in ("disable_account", "enable_account", "reset_second_factor"):
    rules.add_perm(f"community.{act}", administers_the_person & is_somebody_else)

label_acts(
    {
        "community.appoint": _("任命岗位"),
        "community.end_posting": _("结束岗位"),
        "community.disable_account": _("停用账号"),
        "community.enable_account": _("启用账号"),
        "community.reset_second_factor": _("重设密码和动态验证"),
    }
)
