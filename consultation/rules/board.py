"""Who may count, publish and follow up; who opens sealed ballots."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_administrator, is_committee


@rules.predicate
def watches_over(user, poll):
    """For the street: numbers, no names."""
    return user.is_authenticated and poll.neighbourhood_id in user.reach("street_official")


for act in ("open_envelopes", "finish_count", "publish_result", "settle_follow_up"):
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.see_voters", is_committee)  # names, delivery, papers
rules.add_perm("consultation.see_turnout", is_committee | is_administrator | watches_over)

label_acts(
    {
        "consultation.post_batch": _("公示表决码"),
        "consultation.open_envelopes": _("开启密封票"),
        "consultation.finish_count": _("完成计票"),
        "consultation.keep_result_notice": _("结果公告盖章"),
        "consultation.publish_result": _("公布结果"),
        "consultation.settle_follow_up": _("落实表决结果"),
    }
)
