"""Who evaluates the owners' committee: its owners; the committee of residents only runs it."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.models import Household
from households.rules.offices import is_committee


@rules.predicate
def owns_the_home(user, sheet):
    return (
        user.is_authenticated
        and sheet.household.tenure == Household.Tenure.PRIVATE_OWNER
        and Household.objects.of(user).filter(pk=sheet.household_id).exists()
    )


for act in ("draft_evaluation", "open_evaluation", "publish_evaluation"):
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.fill_evaluation", owns_the_home)

label_acts(
    {
        "consultation.draft_evaluation": _("准备业委会评议"),
        "consultation.open_evaluation": _("开始业委会评议"),
        "consultation.close_evaluation": _("业委会评议截止"),
        "consultation.publish_evaluation": _("公布业委会评议"),
        "consultation.fill_evaluation": _("评议业委会"),
    }
)
