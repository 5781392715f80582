"""Who may make a claim, handle it, and ask afterwards how it went (诉求)."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from households.rules.offices import is_committee
from suggestions.models.claims import departments_of

from .offices import lives_in_the_neighbourhood


@rules.predicate
def is_street(user, subject):
    """Sits at the sub-district office over the place."""
    return user.is_authenticated and subject.neighbourhood_id in user.reach("street_official")


@rules.predicate
def made_it(user, claim):
    return user.is_authenticated and claim.claimant_id == user.pk


@rules.predicate
def works_for_it(user, dispatch):
    """For a department its people; for a grid and for the committee itself the committee."""
    if not user.is_authenticated:
        return False
    if dispatch.is_of_a_department:
        return dispatch.unit_id in departments_of(user)
    return dispatch.neighbourhood_id in user.places("committee")


@rules.predicate
def has_it_in_hand(user, claim):
    """Works for a department that has it now, or is on its joint team."""
    if not user.is_authenticated or not user.live_postings:
        return False
    units = departments_of(user)
    if units and claim.live_dispatches().filter(unit__in=units).exists():
        return True
    return claim.team.filter(pk=user.pk).exists()


@rules.predicate
def did_not_handle_it(user, claim):
    """Wrote none of its replies, in whatever round."""
    return not claim.replies.filter(by=user).exists()


@rules.predicate
def did_not_ask_for_its_return(user, dispatch):
    return dispatch.return_asked_by_id != user.pk


@rules.predicate
def did_not_ask_for_the_extension(user, extension):
    return extension.asked_by_id != user.pk


coordinates = is_committee | is_street
COORDINATORS_ACTS = (
    "enter_claim", "accept_claim", "refer_claim", "merge_claim", "unmerge_claim", "note_contact",
    "whistle_claim", "pause_claim", "resume_claim", "form_claim_team", "note_claim_told",
    "record_leader_visit", "answer_finding", "claim_finding",
)  # fmt: skip
for act in COORDINATORS_ACTS:
    rules.add_perm(f"suggestions.{act}", coordinates)
rules.add_perm("suggestions.make_claim", lives_in_the_neighbourhood)
for act in ("withdraw_claim", "rate_claim"):
    rules.add_perm(f"suggestions.{act}", made_it)
for act in ("ask_claim_return", "ask_claim_extension", "reply_claim"):
    rules.add_perm(f"suggestions.{act}", works_for_it)
rules.add_perm("suggestions.settle_claim_return", coordinates & did_not_ask_for_its_return)
rules.add_perm("suggestions.settle_claim_extension", coordinates & did_not_ask_for_the_extension)
for act in ("call_back_claim", "note_unreached"):
    rules.add_perm(f"suggestions.{act}", coordinates & did_not_handle_it)
rules.add_perm("suggestions.supervise_claim", is_street)
rules.add_perm("suggestions.close_claim", is_street & did_not_handle_it)
rules.add_perm("suggestions.see_claimant", coordinates | has_it_in_hand)
rules.add_perm("suggestions.see_claimant_phone", coordinates | has_it_in_hand)

label_acts(
    {
        "suggestions.make_claim": _("提出诉求"),
        "suggestions.enter_claim": _("代录诉求"),
        "suggestions.accept_claim": _("受理诉求"),
        "suggestions.refer_claim": _("转出诉求"),
        "suggestions.merge_claim": _("诉求合在一起办"),
        "suggestions.unmerge_claim": _("诉求分开办"),
        "suggestions.withdraw_claim": _("撤回诉求"),
        "suggestions.note_contact": _("先行联系"),
        "suggestions.whistle_claim": _("吹哨交办"),
        "suggestions.ask_claim_return": _("申请退单"),
        "suggestions.settle_claim_return": _("答复退单"),
        "suggestions.ask_claim_extension": _("申请延期"),
        "suggestions.settle_claim_extension": _("答复延期"),
        "suggestions.reply_claim": _("答复诉求"),
        "suggestions.call_back_claim": _("回访"),
        "suggestions.note_unreached": _("回访没联系上"),
        "suggestions.rate_claim": _("本人评价诉求办理"),
        "suggestions.supervise_claim": _("街道督办"),
        "suggestions.close_claim": _("督办后办结"),
        "suggestions.pause_claim": _("暂停办理"),
        "suggestions.resume_claim": _("恢复办理"),
        "suggestions.form_claim_team": _("成立联合小组"),
        "suggestions.note_claim_told": _("已当面告诉本人"),
        "suggestions.see_claimant_phone": _("查看诉求人电话"),
        "suggestions.press_claim": _("诉求超期催办"),
        "suggestions.warn_claim": _("诉求预警"),
        "suggestions.end_claim_pause": _("暂停到期，接着办"),
        "suggestions.record_leader_visit": _("登记领导走访"),
        "suggestions.answer_finding": _("答复走访问题"),
        "suggestions.claim_finding": _("走访问题转诉求"),
        "suggestions.press_finding": _("走访问题超期"),
    }
)
