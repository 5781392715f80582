"""Who may prepare, open and void a poll: the committee of its neighbourhood."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_administrator, is_committee

for act in ("draft_poll", "edit_poll", "set_questions", "set_scrutineers", "announce_poll"):
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.open_poll", is_committee)
# Once votes are in, undoing it all is not for those who asked the question.
rules.add_perm("consultation.void_poll", is_administrator)

label_acts(
    {
        "consultation.draft_poll": _("起草表决"),
        "consultation.edit_poll": _("修改表决"),
        "consultation.set_questions": _("编写议项"),
        "consultation.set_scrutineers": _("登记监票人公钥"),
        "consultation.announce_poll": _("公告表决"),
        "consultation.open_poll": _("开始表决"),
        "consultation.void_poll": _("作废表决"),
        "consultation.close_poll": _("截止表决"),
    }
)
