"""Who may write, handle and rate a written opinion (书面意见)."""

import rules
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models.opinions import departments_of

from .congress import runs_the_congress


@rules.predicate
def sits_for_it(user, opinion):
    """Is the representative in whose name it stands, and sits today."""
    seat = opinion.representative
    return user.is_authenticated and seat.user_id == user.pk and seat.is_live(timezone.localdate())


@rules.predicate
def wrote_it(user, opinion):
    """Is the representative who wrote it, also after the mandate."""
    return user.is_authenticated and opinion.representative.user_id == user.pk


@rules.predicate
def writer_has_no_login(user, opinion):
    return opinion.representative.user_id is None


@rules.predicate
def works_for_its_department(user, handling):
    return user.is_authenticated and handling.department_id in departments_of(user)


# Who has no login hands in paper; the office enters it as given.
on_paper = runs_the_congress & writer_has_no_login
rules.add_perm("consultation.write_opinion", sits_for_it | on_paper)
rules.add_perm("consultation.withdraw_opinion", wrote_it | on_paper)
rules.add_perm("consultation.rate_opinion", wrote_it | on_paper)
for act in (
    "receive_opinion", "assign_opinion", "settle_return", "settle_extension", "study_opinion",
    "export_opinions",
):  # fmt: skip
    rules.add_perm(f"consultation.{act}", runs_the_congress)
for act in ("ask_return", "ask_extension", "submit_result", "reply_opinion", "keep_promise"):
    rules.add_perm(f"consultation.{act}", works_for_its_department)

label_acts(
    {
        "consultation.write_opinion": _("提书面意见"),
        "consultation.withdraw_opinion": _("撤回书面意见"),
        "consultation.receive_opinion": _("登记书面意见"),
        "consultation.assign_opinion": _("交办书面意见"),
        "consultation.ask_return": _("申请退回书面意见"),
        "consultation.settle_return": _("答复退回申请"),
        "consultation.ask_extension": _("申请延长办理"),
        "consultation.settle_extension": _("答复延长申请"),
        "consultation.submit_result": _("报办理结果"),
        "consultation.reply_opinion": _("答复书面意见"),
        "consultation.rate_opinion": _("评价书面意见办理"),
        "consultation.study_opinion": _("研究不满意的书面意见"),
        "consultation.keep_promise": _("登记承诺办成"),
        "consultation.export_opinions": _("导出书面意见"),
        "consultation.warn_opinion": _("书面意见快到期"),
        "consultation.press_opinion": _("书面意见超期"),
    }
)
