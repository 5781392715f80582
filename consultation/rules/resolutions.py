"""Who may enter a resolution, carry it out, say that it is done, and find whether it is (决议)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import Attendance
from households.rules.offices import is_committee

from .topics import watches_over_the_place


@rules.predicate
def carries_it_out(user, resolution):
    return user.is_authenticated and resolution.responsible_user_id == user.pk


@rules.predicate
def sat_in_the_review(user, score):
    """Was at the meeting, and not as a guest or to watch; nobody scores what they carry out themselves."""
    return (
        user.is_authenticated
        and score.resolution.responsible_user_id != user.pk
        and Attendance.objects.filter(
            meeting=score.meeting, user=user, role="participant"
        ).exists()
    )


COMMITTEE_ACTS = (
    "enter_resolution", "take_decision", "take_follow_up", "postpone_resolution",
    "reopen_resolution", "drop_resolution", "export_resolutions", "see_responsible",
)  # fmt: skip
for act in COMMITTEE_ACTS:
    rules.add_perm(f"consultation.{act}", is_committee)
for act in ("note_progress", "add_evidence", "claim_done"):
    rules.add_perm(f"consultation.{act}", is_committee | carries_it_out)
rules.add_perm("consultation.evaluate_resolution", is_committee & ~carries_it_out)
rules.add_perm("consultation.score_resolution", sat_in_the_review)
rules.add_perm("consultation.see_resolution_desk", is_committee | watches_over_the_place)

label_acts(
    {
        "consultation.enter_resolution": _("登记决议"),
        "consultation.take_decision": _("会上决定列入决议"),
        "consultation.take_follow_up": _("表决落实事项列入决议"),
        "consultation.note_progress": _("写落实进展"),
        "consultation.add_evidence": _("附落实凭证"),
        "consultation.postpone_resolution": _("决议改期"),
        "consultation.claim_done": _("报已办好"),
        "consultation.evaluate_resolution": _("评议决议"),
        "consultation.reopen_resolution": _("重新办"),
        "consultation.drop_resolution": _("不再办"),
        "consultation.score_resolution": _("给决议打分"),
        "consultation.export_resolutions": _("导出决议"),
        "consultation.warn_resolution": _("决议超期催办"),
    }
)
