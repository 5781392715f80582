"""Who asks for materials, who hands them in, who looks at them (材料)."""

import rules
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.models import Mandate

from .files import is_not_one_s_own
from .offices import is_committee, lives_in_its_household


@rules.predicate
def signs_for_its_household(user, material):
    """Agent of somebody of the household by a live mandate to sign."""
    return (
        user.is_authenticated
        and Mandate.objects.to_sign(timezone.localdate())
        .filter(agent=user, household=material.household_id)
        .exists()
    )


@rules.predicate
def handed_it_in(user, file):
    return user.is_authenticated and file.uploaded_by_id == user.pk


rules.add_perm("households.ask_for_material", is_committee)
rules.add_perm("households.drop_material_item", is_committee)
rules.add_perm("households.hand_in_material", lives_in_its_household | signs_for_its_household)
rules.add_perm(
    "households.take_back_material",
    handed_it_in & (lives_in_its_household | signs_for_its_household),
)
rules.add_perm("households.read_material", is_committee)
# Nobody checks the papers of the household they live in.
rules.add_perm("households.check_material", is_committee & is_not_one_s_own)
rules.add_perm("households.return_material", is_committee & is_not_one_s_own)
rules.add_perm("households.note_material_seen", is_committee & is_not_one_s_own)

label_acts(
    {
        "households.ask_for_material": _("增加要交的材料"),
        "households.drop_material_item": _("取消要交的材料"),
        "households.hand_in_material": _("上传材料"),
        "households.take_back_material": _("撤回上传的材料"),
        "households.read_material": _("查看材料"),
        "households.check_material": _("材料核对无误"),
        "households.return_material": _("材料要再交一份"),
        "households.note_material_seen": _("柜台看过材料"),
    }
)
