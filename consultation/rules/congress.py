"""Who may run a congress (社区代表会议): the sub-district's office; each committee in its own area."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.models import Household
from households.rules.offices import is_committee


@rules.predicate
def runs_the_congress(user, subject):
    """Works for the sub-district's office over the area of the subject."""
    return user.is_authenticated and subject.neighbourhood_id in user.reach("street_official")


@rules.predicate
def lives_in_its_area(user, issue):
    return (
        user.is_authenticated
        and Household.objects.of(user).filter(neighbourhood_id=issue.neighbourhood_id).exists()
    )


for act in (
    "prepare_congress", "edit_congress", "start_gathering", "freeze_candidates",
    "reopen_gathering", "hold_congress", "close_congress", "add_representative",
    "import_representatives", "end_representative", "sort_issue", "merge_issues", "undo_merge",
):  # fmt: skip
    rules.add_perm(f"consultation.{act}", runs_the_congress)
for act in ("record_face_to_face", "gather_issue", "report_issue"):
    rules.add_perm(f"consultation.{act}", runs_the_congress | is_committee)
# A poll is the committee's, in its own area.
rules.add_perm("consultation.draft_top_ten", is_committee)
rules.add_perm("consultation.take_issue", is_committee)
rules.add_perm("consultation.put_in_issue", lives_in_its_area)

label_acts(
    {
        "consultation.prepare_congress": _("筹备社区代表会议"),
        "consultation.edit_congress": _("修改社区代表会议"),
        "consultation.start_gathering": _("开始征集问题"),
        "consultation.freeze_candidates": _("定下候选名单"),
        "consultation.reopen_gathering": _("重新征集问题"),
        "consultation.hold_congress": _("登记会议召开"),
        "consultation.close_congress": _("结束社区代表会议"),
        "consultation.add_representative": _("登记社区代表"),
        "consultation.import_representatives": _("导入社区代表"),
        "consultation.end_representative": _("结束代表任期"),
        "consultation.record_face_to_face": _("登记社区代表面对面"),
        "consultation.put_in_issue": _("提出问题"),
        "consultation.gather_issue": _("收录问题"),
        "consultation.sort_issue": _("整理问题"),
        "consultation.merge_issues": _("合并问题"),
        "consultation.undo_merge": _("撤销合并"),
        "consultation.take_issue": _("十大问题列入决议"),
        "consultation.report_issue": _("写问题进展"),
        "consultation.draft_top_ten": _("起草十大问题票选"),
        "consultation.take_up_ten": _("前十列入明年工作"),
    }
)
