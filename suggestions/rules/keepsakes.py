"""Who offers a keepsake, and who keeps it (老物件)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_committee

from .offices import lives_in_the_neighbourhood


@rules.predicate
def gave_it(user, keepsake):
    return user.is_authenticated and keepsake.given_by_id == user.pk


for act in (
    "enter_keepsake", "accept_keepsake", "decline_keepsake", "show_keepsake", "hide_keepsake",
    "return_keepsake", "see_keepsake_giver",
):  # fmt: skip
    rules.add_perm(f"suggestions.{act}", is_committee)
rules.add_perm("suggestions.offer_keepsake", lives_in_the_neighbourhood)
# Consent given on paper is taken back at the counter.
rules.add_perm("suggestions.withdraw_keepsake", gave_it | is_committee)

label_acts(
    {
        "suggestions.offer_keepsake": _("捐借老物件"),
        "suggestions.enter_keepsake": _("代录老物件"),
        "suggestions.accept_keepsake": _("收下老物件"),
        "suggestions.decline_keepsake": _("不收老物件"),
        "suggestions.show_keepsake": _("展出老物件"),
        "suggestions.hide_keepsake": _("停止展出老物件"),
        "suggestions.return_keepsake": _("归还老物件"),
        "suggestions.withdraw_keepsake": _("收回同意"),
    }
)
