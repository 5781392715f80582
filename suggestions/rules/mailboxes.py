"""Who opens a mailbox, and who reads what lay in it (建议邮筒)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_committee


@rules.predicate
def is_its_second_person(user, mailbox_round):
    return user.is_authenticated and mailbox_round.second_id == user.pk


for act in (
    "open_mailbox", "void_mailbox_round", "add_letters", "transcribe_letter",
    "make_letter_a_suggestion", "make_letter_a_claim", "set_letter_aside", "close_mailbox_round",
):  # fmt: skip
    rules.add_perm(f"suggestions.{act}", is_committee)
rules.add_perm("suggestions.confirm_mailbox_round", is_committee & is_its_second_person)

label_acts(
    {
        "suggestions.open_mailbox": _("开箱"),
        "suggestions.confirm_mailbox_round": _("第二个人确认开箱"),
        "suggestions.void_mailbox_round": _("开箱作废"),
        "suggestions.add_letters": _("登记信件"),
        "suggestions.transcribe_letter": _("抄录信件"),
        "suggestions.make_letter_a_suggestion": _("信件转为建议"),
        "suggestions.make_letter_a_claim": _("信件转为诉求"),
        "suggestions.set_letter_aside": _("信件不转"),
        "suggestions.close_mailbox_round": _("开箱办完"),
        "suggestions.warn_mailbox": _("邮筒过期没开"),
        "suggestions.warn_mailbox_round": _("开箱过期没办完"),
    }
)
