"""Who keeps the collection points (征集点)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_committee

for act in ("add_point", "edit_point", "set_point_hours", "close_point", "reopen_point"):
    rules.add_perm(f"suggestions.{act}", is_committee)

label_acts(
    {
        "suggestions.add_point": _("设征集点"),
        "suggestions.edit_point": _("改征集点"),
        "suggestions.set_point_hours": _("定开放时间"),
        "suggestions.close_point": _("停用征集点"),
        "suggestions.reopen_point": _("重新启用征集点"),
    }
)
