"""Who may write, correct and sign minutes (纪要): the committee writes, who was there corrects."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import Meeting, MinutesSignatory
from consultation.models.minutes import was_there
from households.rules.offices import is_administrator, is_committee


@rules.predicate
def was_at_the_meeting(user, correction):
    if not user.is_authenticated:
        return False
    held = Meeting.objects.filter(pk=correction.minutes.meeting_id)
    return held.filter(was_there(user)).exists()


@rules.predicate
def did_not_raise_the_correction(user, correction):
    return correction.raised_by_id != user.pk


@rules.predicate
def is_the_signatory(user, signatory):
    return user.is_authenticated and signatory.user_id == user.pk


@rules.predicate
def signs_these_minutes(user, minutes):
    if not user.is_authenticated:
        return False
    return MinutesSignatory.objects.filter(minutes=minutes.pk, user=user).exists()


for act in (
    "draft_minutes", "edit_minutes", "add_minutes_photo", "remove_minutes_photo", "send_minutes",
    "enter_correction", "start_signing", "reopen_minutes", "add_addendum",
):  # fmt: skip
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.retry_minutes_paper", is_committee | is_administrator)
rules.add_perm("consultation.raise_correction", was_at_the_meeting)
# Nobody settles what they brought up themselves.
rules.add_perm("consultation.accept_correction", is_committee & did_not_raise_the_correction)
rules.add_perm("consultation.answer_correction", is_committee & did_not_raise_the_correction)
rules.add_perm("consultation.sign_minutes", is_the_signatory)
rules.add_perm("consultation.enter_minutes_signature", is_committee & ~is_the_signatory)
rules.add_perm("consultation.excuse_signatory", is_committee & ~is_the_signatory)
rules.add_perm("consultation.see_full_minutes", is_committee | signs_these_minutes)

label_acts(
    {
        "consultation.draft_minutes": _("起草纪要"),
        "consultation.edit_minutes": _("修改纪要"),
        "consultation.add_minutes_photo": _("纪要加照片"),
        "consultation.remove_minutes_photo": _("纪要去掉照片"),
        "consultation.send_minutes": _("纪要送达"),
        "consultation.raise_correction": _("提出更正"),
        "consultation.enter_correction": _("代录更正"),
        "consultation.accept_correction": _("采纳更正"),
        "consultation.answer_correction": _("答复更正"),
        "consultation.remind_of_corrections": _("提醒答复更正"),
        "consultation.start_signing": _("纪要开始签字"),
        "consultation.sign_minutes": _("签纪要"),
        "consultation.enter_minutes_signature": _("录入纪要纸上签字"),
        "consultation.excuse_signatory": _("注明未签"),
        "consultation.reopen_minutes": _("纪要退回更正"),
        "consultation.complete_minutes": _("纪要签齐"),
        "consultation.seal_minutes": _("纪要盖章存档"),
        "consultation.retry_minutes_paper": _("重新做纪要文书"),
        "consultation.add_addendum": _("补记纪要"),
        "consultation.seal_addendum": _("补记盖章存档"),
    }
)
