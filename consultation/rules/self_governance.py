"""Who may start a self-governance project, and who keeps its tasks, money and photos (自治项目)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import ProjectMember
from households.rules.offices import is_committee


@rules.predicate
def leads_its_team(user, project):
    return (
        user.is_authenticated
        and ProjectMember.objects.filter(
            project=project, user=user, role="leader", left_at=None
        ).exists()
    )


for act in ("enter_project", "begin_project", "finish_project", "stop_project", "set_budget_line"):
    rules.add_perm(f"consultation.{act}", is_committee)
for act in (
    "add_project_member", "end_project_member", "add_project_task", "finish_project_task",
    "add_expense", "add_project_photo",
):  # fmt: skip
    rules.add_perm(f"consultation.{act}", is_committee | leads_its_team)
rules.add_perm("consultation.see_project_names", is_committee | leads_its_team)

label_acts(
    {
        "consultation.enter_project": _("登记自治项目"),
        "consultation.begin_project": _("自治项目开始"),
        "consultation.finish_project": _("自治项目完成"),
        "consultation.stop_project": _("自治项目停止"),
        "consultation.add_project_member": _("加入项目成员"),
        "consultation.end_project_member": _("项目成员退出"),
        "consultation.add_project_task": _("布置项目任务"),
        "consultation.finish_project_task": _("完成项目任务"),
        "consultation.set_budget_line": _("定项目预算"),
        "consultation.add_expense": _("登记项目支出"),
        "consultation.add_project_photo": _("附项目照片"),
    }
)
