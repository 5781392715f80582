"""Who signs in, who keeps the list at the door, who counts hands."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import Registration
from households.rules.offices import is_committee

from .meetings import hosts_it, is_asked_to_come, lives_there, takes_its_notes


@rules.predicate
def is_themselves(user, attendance) -> bool:
    return user.is_authenticated and attendance.user_id == user.pk


@rules.predicate
def has_signed_up(user, attendance) -> bool:
    coming = Registration.objects.filter(meeting=attendance.meeting_id, user=user)
    return coming.exclude(state=Registration.State.CANCELLED).exists()


runs_the_hall = is_committee | hosts_it | takes_its_notes
belongs = lives_there | is_asked_to_come | has_signed_up | runs_the_hall
rules.add_perm("consultation.check_in", is_themselves & belongs)
rules.add_perm("consultation.join_online", is_themselves & belongs)
rules.add_perm("consultation.leave_meeting", is_themselves)
AT_THE_DOOR = (
    "see_attendance", "admit", "see_out", "undo_tap", "enter_from_sheet", "set_attendee_role",
    "seat_attendee", "record_meeting_mandate", "end_seat", "see_meeting_mandate",
    "show_check_in_code",
)  # fmt: skip
HANDS = (
    "enter_teller_count", "tick_hands", "note_dissent",
)  # fmt: skip
for act in (*AT_THE_DOOR, *HANDS):
    rules.add_perm(f"consultation.{act}", runs_the_hall)
# The question is put, and the result called, by whoever runs the meeting, not by who takes notes.
for act in ("open_show_of_hands", "close_show_of_hands", "withdraw_show_of_hands"):
    rules.add_perm(f"consultation.{act}", is_committee | hosts_it)
rules.add_perm("consultation.link_show_to_poll", is_committee)
rules.add_perm("consultation.draft_poll_from_show", is_committee)

label_acts(
    {
        "consultation.check_in": _("扫码签到"),
        "consultation.join_online": _("线上到会"),
        "consultation.leave_meeting": _("先离开会议"),
        "consultation.admit": _("签到台签到"),
        "consultation.see_out": _("签到台登记离开"),
        "consultation.undo_tap": _("撤销签到台的登记"),
        "consultation.enter_from_sheet": _("照签到表补登"),
        "consultation.set_attendee_role": _("改到会身份"),
        "consultation.seat_attendee": _("对上名册"),
        "consultation.record_meeting_mandate": _("登记会议委托"),
        "consultation.end_seat": _("结束席位或委托"),
        "consultation.open_show_of_hands": _("开始举手表决"),
        "consultation.enter_teller_count": _("录入计票人的数"),
        "consultation.tick_hands": _("逐个登记举手"),
        "consultation.close_show_of_hands": _("结束举手表决"),
        "consultation.withdraw_show_of_hands": _("撤回举手表决"),
        "consultation.note_dissent": _("记下不同意见"),
        "consultation.link_show_to_poll": _("举手表决接到书面表决"),
        "consultation.draft_poll_from_show": _("从举手表决起草书面表决"),
    }
)
