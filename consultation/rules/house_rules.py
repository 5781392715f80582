"""Who writes house rules, comments on them and takes note."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.models import Household
from households.rules.offices import is_committee


@rules.predicate
def lives_under_the_rules(user, comment):
    """Verified to live where the rules hold: in the neighbourhood, or in their building."""
    if not user.is_authenticated:
        return False
    homes = Household.objects.of(user).filter(neighbourhood_id=comment.neighbourhood_id)
    building = comment.version.rules.building_id
    return (homes.filter(building_id=building) if building else homes).exists()


@rules.predicate
def belongs_to_the_home(user, acknowledgement):
    return (
        user.is_authenticated
        and Household.objects.of(user).filter(pk=acknowledgement.household_id).exists()
    )


@rules.predicate
def did_not_raise_it(user, comment):
    return comment.raised_by_id != user.pk


for act in (
    "start_house_rules", "draft_version", "edit_version", "add_article", "edit_article",
    "move_article", "remove_article", "publish_version", "drop_version", "put_to_poll",
):  # fmt: skip
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.comment_on_rules", lives_under_the_rules)
rules.add_perm("consultation.answer_comment", is_committee & did_not_raise_it)
rules.add_perm("consultation.acknowledge_rules", is_committee | belongs_to_the_home)
rules.add_perm("consultation.see_acknowledgements", is_committee)

label_acts(
    {
        "consultation.start_house_rules": _("起草守则"),
        "consultation.draft_version": _("起草守则新版"),
        "consultation.edit_version": _("修改守则开头"),
        "consultation.add_article": _("添加守则条款"),
        "consultation.edit_article": _("修改守则条款"),
        "consultation.move_article": _("移动守则条款"),
        "consultation.remove_article": _("删去守则条款"),
        "consultation.publish_version": _("守则征求意见"),
        "consultation.close_comments": _("守则意见截止"),
        "consultation.drop_version": _("放弃守则草案"),
        "consultation.put_to_poll": _("守则交付表决"),
        "consultation.reopen_version": _("守则表决作废"),
        "consultation.adopt_version": _("守则通过"),
        "consultation.reject_version": _("守则没有通过"),
        "consultation.put_in_force": _("守则生效"),
        "consultation.comment_on_rules": _("对守则提意见"),
        "consultation.answer_comment": _("答复守则意见"),
        "consultation.acknowledge_rules": _("知晓守则"),
    }
)
