"""Who plans, runs and comes to a meeting: the committee and the host, and whoever lives there."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import Invitation, Meeting, Registration
from households.models import Household
from households.rules.offices import is_committee


def _meeting(subject) -> Meeting:
    return subject if isinstance(subject, Meeting) else subject.meeting


@rules.predicate
def hosts_it(user, subject) -> bool:
    return user.is_authenticated and _meeting(subject).host_id == user.pk


@rules.predicate
def takes_its_notes(user, subject) -> bool:
    """One of the recorders; a draft that is not saved yet has none."""
    meeting = _meeting(subject)
    return (
        user.is_authenticated
        and not meeting._state.adding
        and meeting.recorders.filter(pk=user.pk).exists()
    )


@rules.predicate
def lives_there(user, subject) -> bool:
    """Verified for a household of the meeting's neighbourhood; of its building where it has one."""
    meeting = _meeting(subject)
    if not user.is_authenticated:
        return False
    homes = Household.objects.of(user).filter(neighbourhood_id=meeting.neighbourhood_id)
    if meeting.building_id:
        homes = homes.filter(building_id=meeting.building_id)
    return homes.exists()


@rules.predicate
def is_asked_to_come(user, subject) -> bool:
    meeting = _meeting(subject)
    return (
        user.is_authenticated
        and Invitation.objects.filter(meeting_id=meeting.pk, user=user).exists()
    )


@rules.predicate
def it_is_public(user, subject) -> bool:
    return _meeting(subject).is_public


@rules.predicate
def is_their_own(user, subject) -> bool:
    """Their own invitation or registration."""
    return isinstance(subject, Invitation | Registration) and (
        user.is_authenticated and subject.user_id == user.pk
    )


runs_it = is_committee | hosts_it
PLANNING = (
    "draft_meeting", "edit_meeting", "change_meeting", "announce_meeting", "cancel_meeting",
    "plan_series", "end_series", "invite", "draw_invitees",
    "withdraw_invitation", "enter_answer", "register_by_phone", "take_off",
    "see_registration_phone", "note_rung_up", "export_registrations",
)  # fmt: skip
AGENDA = (
    "add_agenda_item", "edit_agenda_item", "move_agenda_item", "remove_agenda_item",
    "attach_paper", "remove_paper",
)  # fmt: skip
RUNNING = ("open_meeting", "close_meeting", "reopen_meeting", "set_meeting_links")
for act in PLANNING:
    rules.add_perm(f"consultation.{act}", is_committee)
for act in (*AGENDA, *RUNNING):
    rules.add_perm(f"consultation.{act}", runs_it)
rules.add_perm("consultation.register", it_is_public & lives_there)
rules.add_perm("consultation.cancel_registration", is_their_own)
rules.add_perm("consultation.answer_invitation", is_their_own)

# Questions: residents ask, whoever runs the meeting lets through.
asks = (it_is_public & lives_there) | is_asked_to_come
moderates = is_committee | hosts_it | takes_its_notes
for act in ("ask_question", "second_question"):
    rules.add_perm(f"consultation.{act}", asks)
MODERATING = (
    "see_registrations", "enter_question", "approve_question", "reject_question", "merge_question", "move_question",
    "put_on_air", "take_off_air", "answer_question",
)  # fmt: skip
for act in MODERATING:
    rules.add_perm(f"consultation.{act}", moderates)

label_acts(
    {
        "consultation.draft_meeting": _("筹备会议"),
        "consultation.edit_meeting": _("修改会议"),
        "consultation.change_meeting": _("变更会议"),
        "consultation.announce_meeting": _("发会议通知"),
        "consultation.cancel_meeting": _("取消会议"),
        "consultation.plan_series": _("安排系列会议"),
        "consultation.end_series": _("结束系列会议"),
        "consultation.invite": _("邀请"),
        "consultation.draw_invitees": _("抽签邀请"),
        "consultation.withdraw_invitation": _("撤回邀请"),
        "consultation.enter_answer": _("代录回复"),
        "consultation.answer_invitation": _("回复邀请"),
        "consultation.register": _("报名"),
        "consultation.register_by_phone": _("代为报名"),
        "consultation.cancel_registration": _("取消报名"),
        "consultation.take_off": _("代为取消报名"),
        "consultation.move_up": _("候补转正"),
        "consultation.note_rung_up": _("已打电话告诉"),
        "consultation.see_registrations": _("看报名名单"),
        "consultation.see_registration_phone": _("看报名人的电话"),
        "consultation.export_registrations": _("导出报名名单"),
        "consultation.open_meeting": _("开会"),
        "consultation.close_meeting": _("散会"),
        "consultation.reopen_meeting": _("继续开会"),
        "consultation.set_meeting_links": _("填直播和回放地址"),
        "consultation.remind_of_meeting": _("会前提醒"),
        "consultation.add_agenda_item": _("加一项议程"),
        "consultation.edit_agenda_item": _("修改议程"),
        "consultation.move_agenda_item": _("调整议程顺序"),
        "consultation.remove_agenda_item": _("去掉一项议程"),
        "consultation.attach_paper": _("附会议材料"),
        "consultation.remove_paper": _("去掉会议材料"),
        "consultation.ask_question": _("提问"),
        "consultation.second_question": _("我也想问"),
        "consultation.enter_question": _("代录提问"),
        "consultation.approve_question": _("通过提问"),
        "consultation.reject_question": _("不采用提问"),
        "consultation.merge_question": _("合并提问"),
        "consultation.move_question": _("调整提问顺序"),
        "consultation.put_on_air": _("开始回答"),
        "consultation.take_off_air": _("放回队列"),
        "consultation.answer_question": _("记录回答"),
    }
)
