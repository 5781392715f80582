"""Whom to tell about a claim: whoever made it of every step, the units of what is theirs, those above of what lapses."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from suggestions.models import Claim, ClaimExtension, ClaimStep, Dispatch, VisitFinding

State = Claim.State
STEPS = (
    "make_claim", "enter_claim", "accept_claim", "refer_claim", "withdraw_claim", "merge_claim",
    "unmerge_claim", "note_contact", "whistle_claim", "settle_claim_return",
    "settle_claim_extension", "reply_claim",
    "call_back_claim", "rate_claim", "note_unreached", "supervise_claim", "close_claim",
    "pause_claim", "resume_claim", "end_claim_pause", "form_claim_team",
)  # fmt: skip
MOST = 14  # of a title within one SMS


def _short(claim: Claim) -> str:
    return claim.title if len(claim.title) <= MOST else claim.title[: MOST - 1] + "…"


def _desk(claim: Claim) -> str:
    return reverse("suggestions:desk_claim", args=[claim.pk])


def holders_of(office: str, **where) -> list[User]:
    posts = Posting.objects.live().filter(office=office, **where)
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))


def committee_of(claim: Claim) -> list[User]:
    return holders_of("committee", neighbourhood=claim.neighbourhood_id)


def street_of(claim: Claim) -> list[User]:
    return holders_of("street_official", sub_district=claim.neighbourhood.sub_district_id)


def people_of(dispatch: Dispatch, *offices: str) -> list[User]:
    """The unit's people; the committee for itself and its grid."""
    if not dispatch.is_of_a_department:
        return committee_of(dispatch.claim)
    return [one for office in offices for one in holders_of(office, organisation=dispatch.unit)]


def tell_the_claimant(entry: Entry) -> None:
    """Every step, also of those that were answered together with this one; others by word of mouth."""
    for pk in [entry.facts.get("step"), *entry.facts.get("steps_of_merged", ())]:
        step = ClaimStep.objects.select_related("claim__claimant").filter(pk=pk).first()
        if step is None or step.claim.claimant is None:
            continue
        said = {"title": _short(step.claim), "state": step.get_state_display()}
        if step.next_on:
            said |= {"next": step.next_step, "day": date_format(step.next_on)}
            text = _("您的诉求《%(title)s》%(state)s。下一步：%(next)s，%(day)s前。") % said
        else:
            text = _("您的诉求《%(title)s》%(state)s，详情请登录门户看。") % said
        link = reverse("suggestions:claim", args=[step.claim_id])
        tell(entry, [step.claim.claimant], text, link=link, key=str(step.pk)[-6:])


for act in STEPS:
    subscribe(f"suggestions.{act}")(tell_the_claimant)


@subscribe("suggestions.make_claim")
def tell_the_committee(entry: Entry) -> None:
    claim = Claim.objects.select_related("neighbourhood").get(pk=entry.subject_id)
    step = ClaimStep.objects.get(pk=entry.facts["step"])
    text = _("有居民提了诉求《%(title)s》，请在 %(day)s 前受理。")
    said = {"title": _short(claim), "day": date_format(step.next_on or step.at)}
    tell(entry, committee_of(claim), text % said, link=_desk(claim))


def tell_the_units(entry: Entry) -> None:
    """Whoever has it in hand since this act."""
    claim = Claim.objects.get(pk=entry.subject_id)
    text = _("吹哨：诉求《%(title)s》请您的单位%(role)s，%(day)s 前答复。")
    for part in claim.live_dispatches().select_related("unit", "claim__neighbourhood"):
        if part.is_of_a_department:
            said = {"title": _short(claim), "role": part.get_role_display()}
            said["day"] = date_format(part.due_on)
            tell(entry, people_of(part, "department"), text % said, link=_desk(claim))


for act in ("whistle_claim", "supervise_claim"):
    subscribe(f"suggestions.{act}")(tell_the_units)


def tell_of_the_rating(entry: Entry) -> None:
    """Not done: the units have it again, or the sub-district takes over."""
    step = ClaimStep.objects.select_related("claim__neighbourhood").get(pk=entry.facts["step"])
    if step.state == State.IN_PROGRESS:
        tell_the_units(entry)
    elif step.state == State.SUPERVISED:
        text = _("诉求《%(title)s》两次没办好，请街道在 %(day)s 前定下怎样再办。")
        said = {"title": _short(step.claim), "day": date_format(step.next_on or step.at)}
        tell(entry, street_of(step.claim), text % said, link=_desk(step.claim))


for act in ("call_back_claim", "rate_claim"):
    subscribe(f"suggestions.{act}")(tell_of_the_rating)


@subscribe("suggestions.ask_claim_return")
def tell_of_the_return(entry: Entry) -> None:
    part = Dispatch.objects.select_related("unit", "claim__neighbourhood").get(
        pk=entry.facts["dispatch"]
    )
    text = _("%(unit)s申请退单：《%(title)s》，请答复。")
    said = {"unit": part.unit_name, "title": _short(part.claim)}
    above = street_of(part.claim) if not part.is_of_a_department else committee_of(part.claim)
    tell(entry, above, text % said, link=_desk(part.claim))


@subscribe("suggestions.settle_claim_return")
def tell_the_right_unit(entry: Entry) -> None:
    part = Dispatch.objects.select_related("unit", "claim__neighbourhood").get(
        pk=entry.facts["dispatch"]
    )
    if entry.facts["agreed"]:
        new = Dispatch.objects.select_related("unit", "claim__neighbourhood").get(
            pk=entry.facts["to"]
        )
        text = _("吹哨：诉求《%(title)s》请您的单位%(role)s，%(day)s 前答复。")
        said = {"title": _short(new.claim), "role": new.get_role_display()}
        said["day"] = date_format(new.due_on)
        tell(entry, people_of(new, "department"), text % said, link=_desk(new.claim))
    else:
        text = _("退单没有同意，请继续办理《%(title)s》。") % {"title": _short(part.claim)}
        tell(entry, people_of(part, "department"), text, link=_desk(part.claim))


@subscribe("suggestions.ask_claim_extension")
def tell_of_the_extension(entry: Entry) -> None:
    asked = ClaimExtension.objects.select_related("claim__neighbourhood").get(pk=entry.subject_id)
    text = _("诉求《%(title)s》申请延期到 %(day)s，请答复。")
    said = {"title": _short(asked.claim), "day": date_format(asked.until)}
    tell(entry, committee_of(asked.claim), text % said, link=_desk(asked.claim))


@subscribe("suggestions.press_claim")
def tell_the_ladder(entry: Entry) -> None:
    """Who has it in hand, then those above, then the street; each rung once."""
    claim = Claim.objects.select_related("minder", "neighbourhood").get(pk=entry.subject_id)
    parts = claim.live_dispatches().select_related("unit", "claim__neighbourhood")
    lead = parts.filter(role=Dispatch.Role.LEAD).first()
    handling = lead if claim.state == State.IN_PROGRESS else None
    committee = committee_of(claim)
    if handling:
        first = people_of(handling, "department")
        second = [*people_of(handling, "department_head"), *committee]
    elif claim.state == State.SUPERVISED:
        first = second = street_of(claim)
    else:
        first, second = [claim.minder] if claim.minder else committee, committee
    readers = {1: first, 2: second, 3: street_of(claim)}
    text = _("诉求《%(title)s》答应 %(day)s 前有进展，现在超期了，请马上处理。")
    said = {"title": _short(claim), "day": date_format(date.fromisoformat(entry.facts["next_on"]))}
    people = [one for rung in entry.facts["rungs"] for one in readers[rung]]
    tell(entry, people, text % said, link=_desk(claim))


@subscribe("suggestions.warn_claim")
def tell_the_heads(entry: Entry) -> None:
    claim = Claim.objects.select_related("neighbourhood").get(pk=entry.subject_id)
    parts = claim.live_dispatches().select_related("unit", "claim__neighbourhood")
    lead = parts.filter(role=Dispatch.Role.LEAD).first()
    heads = people_of(lead, "department_head") if lead else []
    text = _("预警：诉求《%(title)s》可能办不好，请关注。") % {"title": _short(claim)}
    tell(entry, [*heads, *committee_of(claim)], text, link=_desk(claim))


@subscribe("suggestions.press_finding")
def tell_of_the_finding(entry: Entry) -> None:
    finding = VisitFinding.objects.select_related("visit").get(pk=entry.facts["finding"])
    text = _("走访问题答应 %(day)s 前答复，现在超期了。") % {"day": date_format(finding.due_on)}
    people = holders_of("committee", neighbourhood=finding.neighbourhood_id)
    link = reverse("suggestions:leader_visit", args=[finding.visit_id])
    tell(entry, people, text, link=link)
