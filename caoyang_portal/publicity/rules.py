"""Who may post, hang up, object and answer (公示的权限)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts


@rules.predicate
def is_committee(user, subject):
    return user.is_authenticated and subject.neighbourhood_id in user.places("committee")


@rules.predicate
def leads_the_building(user, place):
    """The leader of the building hangs the notice in its hall."""
    return user.is_authenticated and any(
        posting.office == "building_leader" and posting.building_id == place.building_id
        for posting in user.live_postings
    )


@rules.predicate
def is_anybody(user, subject):
    """Whoever has a login: what is posted may concern people who do not live there."""
    return user.is_authenticated


@rules.predicate
def did_not_raise_it(user, objection):
    return objection.raised_by_id != user.pk


@rules.predicate
def is_administrator(user, subject):
    return user.is_authenticated and subject.neighbourhood_id in user.reach("administrator")


for act in (
    "draft_publicity", "edit_publicity", "add_publicity_file", "remove_publicity_file",
    "post_publicity", "extend_publicity", "publish_again", "withdraw_publicity",
    "take_down_publicity", "add_posting_place", "remove_posting_place", "enter_objection",
    "hide_objection", "order_certificate",
):  # fmt: skip
    rules.add_perm(f"publicity.{act}", is_committee)
rules.add_perm("publicity.put_up_notice", is_committee | leads_the_building)
rules.add_perm("publicity.take_off_notice", is_committee | leads_the_building)
rules.add_perm("publicity.object_to_publicity", is_anybody)
rules.add_perm("publicity.answer_objection", is_committee & did_not_raise_it)
rules.add_perm("publicity.see_objectors", is_committee | is_administrator)

label_acts(
    {
        "publicity.draft_publicity": _("起草公示"),
        "publicity.edit_publicity": _("修改公示"),
        "publicity.add_publicity_file": _("添加公示附件"),
        "publicity.remove_publicity_file": _("去掉公示附件"),
        "publicity.post_publicity": _("发布公示"),
        "publicity.extend_publicity": _("延长公示"),
        "publicity.publish_again": _("再次公示"),
        "publicity.withdraw_publicity": _("撤回公示"),
        "publicity.take_down_publicity": _("撤下公示"),
        "publicity.end_notice": _("公示截止"),
        "publicity.end_publicity": _("公示期满"),
        "publicity.keep_certificate": _("公示期满证明盖章"),
        "publicity.order_certificate": _("按现状出具期满证明"),
        "publicity.add_posting_place": _("登记张贴点"),
        "publicity.remove_posting_place": _("去掉张贴点"),
        "publicity.put_up_notice": _("登记张贴"),
        "publicity.take_off_notice": _("登记撤下"),
        "publicity.object_to_publicity": _("对公示提出异议"),
        "publicity.enter_objection": _("代录公示异议"),
        "publicity.answer_objection": _("答复公示异议"),
        "publicity.hide_objection": _("隐去异议正文"),
        "publicity.remind_of_answer": _("催办异议答复"),
    }
)
