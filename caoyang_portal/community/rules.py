"""Who may change accounts, posts and rooms (账号、岗位与场所的权限)."""

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


@rules.predicate
def sits_on_its_committee(user, thing) -> bool:
    return user.is_authenticated and thing.neighbourhood_id in user.places("committee")


for act in ("add_venue", "edit_venue", "close_venue", "book_venue", "cancel_booking"):
    rules.add_perm(f"community.{act}", sits_on_its_committee)

label_acts(
    {
        "community.appoint": _("任命岗位"),
        "community.end_posting": _("结束岗位"),
        "community.disable_account": _("停用账号"),
        "community.enable_account": _("启用账号"),
        "community.reset_second_factor": _("重设密码和动态验证"),
        "community.add_venue": _("登记场所"),
        "community.edit_venue": _("修改场所"),
        "community.close_venue": _("停用场所"),
        "community.book_venue": _("订场所"),
        "community.cancel_booking": _("退订场所"),
    }
)
