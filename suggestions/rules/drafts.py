"""Who keeps draft laws, says something of an article, and looks at what was said (基层立法联系点)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_committee

from .offices import lives_in_the_neighbourhood, watches_over_the_place


@rules.predicate
def is_not_their_own(user, opinion):
    """Neither said by them nor entered by them."""
    return user.pk not in (opinion.raised_by_id, opinion.speaker_id)


COMMITTEE_ACTS = (
    "start_draft", "import_draft", "explain_article", "open_draft", "close_draft", "reopen_draft",
    "change_draft_due", "end_draft", "enter_past_draft", "enter_activity", "change_activity",
    "enter_opinion", "merge_opinion", "unmerge_opinion", "submit_batch", "ask_about_results",
    "record_result", "see_speaker", "note_speaker_told",
)  # fmt: skip
for act in COMMITTEE_ACTS:
    rules.add_perm(f"suggestions.{act}", is_committee)
rules.add_perm("suggestions.review_opinion", is_committee & is_not_their_own)
rules.add_perm("suggestions.raise_opinion", lives_in_the_neighbourhood)
rules.add_perm("suggestions.see_draft_desk", is_committee | watches_over_the_place)

label_acts(
    {
        "suggestions.start_draft": _("登记法规草案"),
        "suggestions.import_draft": _("导入草案文本"),
        "suggestions.explain_article": _("写大白话"),
        "suggestions.open_draft": _("草案开始征求意见"),
        "suggestions.close_draft": _("草案意见收完"),
        "suggestions.close_due_draft": _("草案意见到期收完"),
        "suggestions.reopen_draft": _("草案再次征求意见"),
        "suggestions.change_draft_due": _("改草案截止日期"),
        "suggestions.end_draft": _("登记草案结果"),
        "suggestions.enter_past_draft": _("补录早年数字"),
        "suggestions.enter_activity": _("登记征求意见活动"),
        "suggestions.change_activity": _("修改征求意见活动"),
        "suggestions.raise_opinion": _("对法条提意见"),
        "suggestions.enter_opinion": _("代录法条意见"),
        "suggestions.review_opinion": _("审核法条意见"),
        "suggestions.merge_opinion": _("合并法条意见"),
        "suggestions.unmerge_opinion": _("撤销合并法条意见"),
        "suggestions.submit_batch": _("报送立法意见"),
        "suggestions.ask_about_results": _("询问采纳结果"),
        "suggestions.record_result": _("登记采纳结果"),
        "suggestions.see_speaker": _("看意见是谁说的"),
        "suggestions.note_speaker_told": _("已当面告诉提意见的人"),
        "suggestions.warn_draft": _("草案到期提醒"),
    }
)
