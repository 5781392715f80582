"""Who may make, change and close agreements, and see to their seals."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.models import Agreement, Residency

from .offices import is_administrator, is_committee


@rules.predicate
def is_a_signatory(user, agreement):
    """Signed in as one of the people whose signature the agreement needs, or their agent."""
    if not user.is_authenticated:
        return False
    members = agreement.signatories.values("member")
    return Residency.objects.live().filter(user=user, member__in=members).exists()


@rules.predicate
def is_not_signed_yet(user, agreement):
    return agreement.state not in Agreement.COUNTED


@rules.predicate
def lives_with_the_agreement(user, link):
    """Signed in as a signatory of the agreement that a share link shows."""
    return is_a_signatory(user, link.agreement)


rules.add_perm("households.draft_template", is_committee)
rules.add_perm("households.edit_template", is_committee)
rules.add_perm("households.publish_template", is_committee)
rules.add_perm("households.make_agreement", is_committee)
rules.add_perm("households.freeze_agreement", is_committee)
rules.add_perm("households.supersede_agreement", is_committee)
rules.add_perm("households.decline_agreement", is_committee | is_a_signatory)
rules.add_perm("households.reconsider_agreement", is_committee | is_a_signatory)
# What is signed binds the household: not for the committee alone to undo.
rules.add_perm("households.void_agreement", is_administrator | (is_committee & is_not_signed_yet))
rules.add_perm("households.start_generation", is_committee)
rules.add_perm("households.cancel_generation", is_committee)
rules.add_perm("households.retry_sealing", is_committee | is_administrator)
rules.add_perm("households.share_agreement", lives_with_the_agreement)
rules.add_perm("households.revoke_share_link", lives_with_the_agreement | is_committee)
rules.add_perm("households.see_agreement_desk", is_committee | is_administrator)
rules.add_perm("households.see_who_signs", is_committee | is_administrator | is_a_signatory)

label_acts(
    {
        "households.draft_template": _("起草协议范本"),
        "households.edit_template": _("修改协议范本"),
        "households.publish_template": _("发布协议范本"),
        "households.make_agreement": _("生成协议"),
        "households.freeze_agreement": _("协议定稿"),
        "households.supersede_agreement": _("出新版协议"),
        "households.decline_agreement": _("登记暂不同意"),
        "households.reconsider_agreement": _("重新考虑签约"),
        "households.void_agreement": _("作废协议"),
        "households.start_generation": _("开始批量生成"),
        "households.cancel_generation": _("停止批量生成"),
        "households.finish_generation": _("批量生成完成"),
        "households.seal_agreement": _("协议盖章存证"),
        "households.retry_sealing": _("重新盖章"),
        "households.alarm_unsealed": _("提醒盖章超时"),
        "households.share_agreement": _("发给家人看"),
        "households.revoke_share_link": _("收回给家人的链接"),
    }
)
