"""Who may call for suggestions, answer a call, and enter visits (征集令)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_building_leader, is_committee

from .offices import lives_in_the_neighbourhood

for act in (
    "draft_campaign", "add_campaign_question", "drop_campaign_question", "open_campaign",
    "close_campaign", "cancel_campaign", "answer_campaign", "enter_for_campaign",
    "start_second_round",
):  # fmt: skip
    rules.add_perm(f"suggestions.{act}", is_committee)
rules.add_perm("suggestions.take_part_in_campaign", lives_in_the_neighbourhood)
rules.add_perm("suggestions.enter_campaign_visit", is_committee | is_building_leader)

label_acts(
    {
        "suggestions.draft_campaign": _("起草征集令"),
        "suggestions.add_campaign_question": _("加征集题目"),
        "suggestions.drop_campaign_question": _("删征集题目"),
        "suggestions.open_campaign": _("发布征集令"),
        "suggestions.close_campaign": _("征集截止"),
        "suggestions.cancel_campaign": _("取消征集"),
        "suggestions.answer_campaign": _("公开答复征集"),
        "suggestions.enter_for_campaign": _("代录应征"),
        "suggestions.take_part_in_campaign": _("应征"),
        "suggestions.start_second_round": _("开始第二轮上门"),
        "suggestions.enter_campaign_visit": _("登记上门"),
        "suggestions.end_campaign": _("征集到期截止"),
    }
)
