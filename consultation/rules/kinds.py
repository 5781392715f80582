"""Who may change the kinds of polls: the administrator."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_administrator

rules.add_perm("consultation.revise_kind", is_administrator)
rules.add_perm("consultation.end_kind", is_administrator)

label_acts(
    {
        "consultation.revise_kind": _("修订表决种类"),
        "consultation.end_kind": _("停用表决种类"),
    }
)
