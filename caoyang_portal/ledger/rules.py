"""Who may read the ledger and mend its deliveries. An auditor reads; he changes nothing (三员分立)."""

import rules
from django.utils.translation import gettext_lazy as _

from .wording import label_acts


@rules.predicate
def reads_the_ledger(user) -> bool:
    return user.is_authenticated and user.holds("auditor", "administrator")


@rules.predicate
def administers_its_place(user, delivery) -> bool:
    """The portal's own deliveries, which belong to no place, are every administrator's."""
    if not user.is_authenticated or not user.holds("administrator"):
        return False
    place = delivery.neighbourhood_id
    return place is None or place in user.reach("administrator")


rules.add_perm("ledger.read_entries", reads_the_ledger)
rules.add_perm("ledger.retry_delivery", administers_its_place)

label_acts(
    {
        "ledger.take_checkpoint": _("每日存证"),
        "ledger.keep_checkpoint_page": _("存证日报盖章"),
        "ledger.retry_delivery": _("重新投递"),
    }
)
