"""Who may bring up a topic, care about it, and lead it on (议题)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.models import Household
from households.rules.offices import is_committee


@rules.predicate
def lives_in_the_neighbourhood(user, subject):
    """Verified to belong to a home there."""
    return (
        user.is_authenticated
        and Household.objects.of(user).filter(neighbourhood_id=subject.neighbourhood_id).exists()
    )


@rules.predicate
def brought_it_up(user, topic):
    return user.is_authenticated and topic.proposed_by_id == user.pk


@rules.predicate
def did_not_screen_it(user, topic):
    """Whoever looked at a topic last does not also enter that it was approved."""
    screening = topic.screenings.first()
    return screening is None or screening.by_id != user.pk


@rules.predicate
def watches_over_the_place(user, topic):
    """For the street, the auditor and the administrator: what and when, masked whose."""
    return user.is_authenticated and topic.neighbourhood_id in user.reach(
        "street_official", "auditor", "administrator"
    )


COMMITTEE_ACTS = (
    "screen_topic", "decline_topic", "start_deliberation", "decide_topic", "assign_topic",
    "evaluate_topic", "merge_topic", "unmerge_topic", "reopen_topic", "promise_next", "link_poll",
    "note_told", "enter_topic",
)  # fmt: skip
for act in COMMITTEE_ACTS:
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.approve_topic", is_committee & did_not_screen_it)
rules.add_perm("consultation.propose_topic", lives_in_the_neighbourhood)
rules.add_perm("consultation.support_topic", lives_in_the_neighbourhood)
rules.add_perm("consultation.end_support", lives_in_the_neighbourhood)
rules.add_perm("consultation.withdraw_topic", brought_it_up)
rules.add_perm("consultation.see_proposer", is_committee)
rules.add_perm("consultation.see_topic_desk", is_committee | watches_over_the_place)

label_acts(
    {
        "consultation.propose_topic": _("提出议题"),
        "consultation.enter_topic": _("代录议题"),
        "consultation.support_topic": _("表示也关心"),
        "consultation.end_support": _("不再关心"),
        "consultation.screen_topic": _("审单"),
        "consultation.approve_topic": _("批单"),
        "consultation.start_deliberation": _("开始议事"),
        "consultation.decide_topic": _("议定"),
        "consultation.assign_topic": _("买单"),
        "consultation.evaluate_topic": _("评议"),
        "consultation.decline_topic": _("不列入议题"),
        "consultation.merge_topic": _("并入别的议题"),
        "consultation.unmerge_topic": _("撤销并入"),
        "consultation.reopen_topic": _("重新商量"),
        "consultation.promise_next": _("改答应的日期"),
        "consultation.withdraw_topic": _("撤回议题"),
        "consultation.link_poll": _("关联表决"),
        "consultation.note_told": _("已当面告诉提出人"),
        "consultation.warn_topic": _("超期催办"),
    }
)
