"""Who may make the roll, object to it, and deliver ballots."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import RollEntry
from households.models import Household
from households.rules.offices import is_committee


@rules.predicate
def lives_or_stands_there(user, objection):
    """On the poll's roll, or verified to live in its neighbourhood: who was left out may say so."""
    if not user.is_authenticated:
        return False
    poll = objection.poll
    return (
        Household.objects.of(user).filter(neighbourhood_id=poll.neighbourhood_id).exists()
        or RollEntry.objects.of(user).filter(poll=poll).exists()
    )


@rules.predicate
def did_not_raise_it(user, objection):
    return objection.raised_by_id != user.pk


COMMITTEE_ACTS = (
    "build_roll", "correct_roll_unit", "merge_roll_entries", "add_roll_unit", "remove_roll_unit",
    "freeze_roll", "export_roll", "record_delivery", "record_deliveries", "remind",
)  # fmt: skip
for act in COMMITTEE_ACTS:
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.object_to_roll", lives_or_stands_there)
rules.add_perm("consultation.object_to_result", lives_or_stands_there)
rules.add_perm("consultation.answer_objection", is_committee & did_not_raise_it)

label_acts(
    {
        "consultation.build_roll": _("生成名册"),
        "consultation.correct_roll_unit": _("更正名册房屋"),
        "consultation.merge_roll_entries": _("合并同一业主"),
        "consultation.add_roll_unit": _("补登名册房屋"),
        "consultation.remove_roll_unit": _("移出名册房屋"),
        "consultation.freeze_roll": _("冻结名册"),
        "consultation.export_roll": _("导出名册"),
        "consultation.record_delivery": _("登记送达"),
        "consultation.record_deliveries": _("批量登记送达"),
        "consultation.remind": _("提醒未表决的人"),
        "consultation.object_to_roll": _("对名册提出异议"),
        "consultation.object_to_result": _("对结果提出异议"),
        "consultation.answer_objection": _("答复异议"),
    }
)
