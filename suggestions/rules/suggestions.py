"""Who may make a suggestion, sort it, answer it, and say how content they are (建议)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_committee
from suggestions.models.suggestions import units_of

from .offices import watches_over_the_place


@rules.predicate
def is_signed_in(user, suggestion):
    """Whoever has a phone number may propose something; it need not be for where they live."""
    return user.is_authenticated


@rules.predicate
def made_it(user, suggestion):
    return user.is_authenticated and suggestion.proposed_by_id == user.pk


@rules.predicate
def did_not_make_it(user, suggestion):
    return user.is_authenticated and suggestion.proposed_by_id != user.pk


@rules.predicate
def maker_has_no_account(user, suggestion):
    return suggestion.proposed_by_id is None


@rules.predicate
def is_of_the_street(user, suggestion):
    return user.is_authenticated and suggestion.neighbourhood_id in user.reach("street_official")


@rules.predicate
def works_for_its_unit(user, suggestion):
    """Works for the unit that leads; a committee is a unit too."""
    if not user.is_authenticated or suggestion.unit_id is None:
        return False
    if suggestion.unit_id in units_of(user):
        return True
    unit = suggestion.unit
    return unit.kind == "committee" and unit.neighbourhood_id in user.places("committee")


@rules.predicate
def helps_with_it(user, suggestion):
    """Works for a unit that has it, as lead or helping."""
    if not user.is_authenticated:
        return False
    units = units_of(user)
    return bool(units) and (suggestion.handlings.filter(unit_id__in=units, ended_at=None).exists())


takes_in = is_committee | is_of_the_street
INTAKE_ACTS = (
    "acknowledge_suggestion", "publish_suggestion", "hide_suggestion", "assign_suggestion",
    "refer_suggestion", "merge_suggestion", "unmerge_suggestion", "show_suggestion_photo",
    "commend_suggestion",
)  # fmt: skip
for act in INTAKE_ACTS:
    rules.add_perm(f"suggestions.{act}", takes_in)
for act in ("enter_suggestion", "note_suggestion_told"):
    rules.add_perm(f"suggestions.{act}", is_committee)
for act in ("return_suggestion", "reply_suggestion", "report_work", "finish_work"):
    rules.add_perm(f"suggestions.{act}", works_for_its_unit)
for act in ("pause_suggestion", "resume_suggestion"):
    rules.add_perm(f"suggestions.{act}", takes_in | works_for_its_unit)
rules.add_perm("suggestions.write_reply_template", takes_in)
rules.add_perm("suggestions.retire_reply_template", takes_in)
rules.add_perm("suggestions.add_suggestion_note", takes_in | helps_with_it)
rules.add_perm("suggestions.make_suggestion", is_signed_in)
rules.add_perm("suggestions.endorse_suggestion", did_not_make_it)
rules.add_perm("suggestions.end_endorsement", did_not_make_it)
rules.add_perm("suggestions.withdraw_suggestion", made_it)
# Whoever answers does not say how content the other is; a committee that answered least of all.
rules.add_perm(
    "suggestions.rate_suggestion",
    made_it | (maker_has_no_account & takes_in & ~works_for_its_unit),
)
rules.add_perm("suggestions.see_suggester", is_committee | works_for_its_unit)
rules.add_perm("suggestions.read_suggester_phone", is_committee | works_for_its_unit)
rules.add_perm(
    "suggestions.see_suggestion_desk", is_committee | watches_over_the_place | helps_with_it
)

label_acts(
    {
        "suggestions.make_suggestion": _("提建议"),
        "suggestions.enter_suggestion": _("代录建议"),
        "suggestions.endorse_suggestion": _("表示“我也是”"),
        "suggestions.end_endorsement": _("收回“我也是”"),
        "suggestions.withdraw_suggestion": _("撤回建议"),
        "suggestions.acknowledge_suggestion": _("受理建议"),
        "suggestions.publish_suggestion": _("公开建议"),
        "suggestions.hide_suggestion": _("不再公开建议"),
        "suggestions.show_suggestion_photo": _("公开建议照片"),
        "suggestions.assign_suggestion": _("交办建议"),
        "suggestions.return_suggestion": _("退回建议"),
        "suggestions.refer_suggestion": _("转出建议"),
        "suggestions.reply_suggestion": _("答复建议"),
        "suggestions.report_work": _("报落实进展"),
        "suggestions.finish_work": _("报已办成"),
        "suggestions.rate_suggestion": _("评价建议办理"),
        "suggestions.commend_suggestion": _("表扬建议"),
        "suggestions.merge_suggestion": _("并入别的建议"),
        "suggestions.unmerge_suggestion": _("撤销建议并入"),
        "suggestions.pause_suggestion": _("暂停办理"),
        "suggestions.resume_suggestion": _("接着办理"),
        "suggestions.end_pause": _("暂停到期，接着办理"),
        "suggestions.add_suggestion_note": _("写内部备注"),
        "suggestions.note_suggestion_told": _("已告诉提出人"),
        "suggestions.read_suggester_phone": _("看提出人电话"),
        "suggestions.write_reply_template": _("写答复模板"),
        "suggestions.retire_reply_template": _("停用答复模板"),
        "suggestions.warn_suggestion": _("建议超期催办"),
        "suggestions.close_unrated": _("到期没有评价，办结"),
    }
)
