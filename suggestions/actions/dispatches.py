"""A claim is whistled to units, and they answer (吹哨交办、办理答复)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from households.models import Visit
from suggestions.claim_paces import Code, due
from suggestions.models import Claim, ClaimExtension, ClaimReply, ClaimStep, Dispatch

from .claim_steps import (
    PROMISE,
    State,
    add_step,
    go_on,
    locked_claim,
    locked_dispatch,
    promise,
    refuse_unless_at,
    refuse_unless_live,
)

Role = Dispatch.Role


@transaction.atomic
def note_contact(claim: Claim, *, way: Visit.Way, words: str, by: User) -> Claim:
    """Say who spoke with the claimant first, when and how (先行联系)."""
    claim = locked_claim(claim)
    require(by, "suggestions.note_contact", claim)
    if not words.strip():
        raise Refused(_("请写明联系时说了什么"))
    step = go_on(
        claim, State.CONTACTED, words=words, by=by, contacted_at=timezone.now(), contacted_by=by,
        contact_way=way,
    )  # fmt: skip
    record("suggestions.note_contact", claim, by=by, step=str(step.pk), way=str(way))
    return claim


@transaction.atomic
def whistle_claim(
    claim: Claim,
    *,
    lead: Organisation | None,
    helping: Sequence[Organisation] = (),
    words: str = "",
    by: User,
) -> Dispatch:
    """Call the units (吹哨): one leads, others help; without a lead the committee does it itself."""
    claim = locked_claim(claim)
    require(by, "suggestions.whistle_claim", claim)
    refuse_unless_at(claim, State.CONTACTED)
    refuse_units(claim, lead, helping)
    step = go_on(claim, State.IN_PROGRESS, words=_said_of(lead, helping), by=by)
    first = hand_out(claim, lead, helping, words, by)
    record(
        "suggestions.whistle_claim", claim, by=by, step=str(step.pk),
        lead=str(lead.pk) if lead else "", helping=[str(unit.pk) for unit in helping],
    )  # fmt: skip
    return first


def _said_of(lead: Organisation | None, helping: Sequence[Organisation]) -> str:
    """What the claimant reads: which unit, and which ones help."""
    said = _("由%(unit)s办理。") % {"unit": lead.name if lead else _("居委会")}
    if helping:
        said += _("协同：%(units)s。") % {"units": _("、").join(unit.name for unit in helping)}
    return said


def refuse_units(claim: Claim, lead: Organisation | None, helping: Sequence[Organisation]) -> None:
    if lead in helping:
        raise Refused(_("牵头单位不用再选作协同"))
    for unit in (lead, *helping):
        if unit and unit.sub_district_id != claim.neighbourhood.sub_district_id:
            raise Refused(_("这个单位不在本街道"))
        if unit and unit.neighbourhood_id not in (None, claim.neighbourhood_id):
            raise Refused(_("这个单位属于别的居民区"))


def hand_out(
    claim: Claim,
    lead: Organisation | None,
    helping: Sequence[Organisation],
    words: str,
    by: User | None,
) -> Dispatch:
    """A row for each unit of this round, all due on the day the reply is."""
    units: list[tuple[Organisation | None, Dispatch.Role]] = [(lead, Role.LEAD)]
    units += [(unit, Role.HELPING) for unit in helping]
    made = [
        Dispatch.objects.create(
            neighbourhood_id=claim.neighbourhood_id, claim=claim, round=claim.round, unit=unit,
            role=role, words=words.strip(), by=by, due_on=cast(date, claim.reply_due),
        )
        for unit, role in units
    ]  # fmt: skip
    return made[0]


@transaction.atomic
def ask_claim_return(
    dispatch: Dispatch, *, return_to: Organisation, reason: str, by: User
) -> Dispatch:
    """Say that it belongs to another unit (申请退单), and to which; the clock goes on meanwhile."""
    dispatch = locked_dispatch(dispatch)
    require(by, "suggestions.ask_claim_return", dispatch)
    refuse_unless_at(dispatch.claim, State.IN_PROGRESS)
    refuse_unless_live(dispatch)
    if dispatch.return_asked_by_id:
        raise Refused(_("退单已经申请过一次"))
    if not reason.strip():
        raise Refused(_("请写明为什么不归您的单位办"))
    refuse_units(dispatch.claim, return_to, ())
    if dispatch.claim.live_dispatches().filter(unit=return_to).exists():
        raise Refused(_("那个单位已经在办这件诉求"))
    dispatch.return_to, dispatch.return_reason = return_to, reason.strip()
    dispatch.return_asked_by = by
    dispatch.save(update_fields=["return_to", "return_reason", "return_asked_by"])
    record("suggestions.ask_claim_return", dispatch, by=by, dispatch=str(dispatch.pk))
    return dispatch


@transaction.atomic
def settle_claim_return(dispatch: Dispatch, *, agreed: bool, answer: str, by: User) -> Dispatch:
    """Agree to a return or not (答复退单): agreed, the unit that was named has it, until the same day."""
    dispatch = locked_dispatch(dispatch)
    require(by, "suggestions.settle_claim_return", dispatch)
    claim = dispatch.claim
    refuse_unless_at(claim, State.IN_PROGRESS)
    refuse_unless_live(dispatch)
    if not dispatch.waits_for_return:
        raise Refused(_("没有等着答复的退单"))
    if not answer.strip():
        raise Refused(_("请写明理由"))
    dispatch.return_agreed, dispatch.return_answer = agreed, answer.strip()
    dispatch.return_answered_by = by
    dispatch.ended_on = timezone.localdate() if agreed else None
    dispatch.save(
        update_fields=["return_agreed", "return_answer", "return_answered_by", "ended_on"]
    )
    facts: dict[str, Any] = {"dispatch": str(dispatch.pk), "agreed": agreed}
    if agreed:
        new, step = _pass_on(dispatch, by)
        facts |= {"to": str(new.pk), "step": str(step.pk)}
    record("suggestions.settle_claim_return", dispatch, by=by, **facts)
    return dispatch


def _pass_on(dispatch: Dispatch, by: User) -> tuple[Dispatch, ClaimStep]:
    """The unit that was named has it from here; whoever made the claim reads which."""
    claim, unit = dispatch.claim, cast(Organisation, dispatch.return_to)
    new = Dispatch.objects.create(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, round=claim.round, unit=unit,
        role=dispatch.role, words=dispatch.words, by=by, due_on=dispatch.due_on,
    )  # fmt: skip
    return new, add_step(claim, _("改由%(unit)s办理。") % {"unit": unit.name}, by)


@transaction.atomic
def ask_claim_extension(
    dispatch: Dispatch, *, until: date, reason: str, by: User
) -> ClaimExtension:
    """Ask for more time (申请延期): once a round, as long as a complex claim may take."""
    dispatch = locked_dispatch(dispatch)
    require(by, "suggestions.ask_claim_extension", dispatch)
    claim = dispatch.claim
    refuse_unless_at(claim, State.IN_PROGRESS)
    refuse_unless_live(dispatch)
    if dispatch.role != Role.LEAD:
        raise Refused(_("延期由牵头单位申请"))
    if claim.extensions.filter(round=claim.round).exists():
        raise Refused(_("延期只能申请一次"))
    if not reason.strip():
        raise Refused(_("请写明为什么要延期，本人会看到"))
    start = timezone.localdate(dispatch.at) if claim.round > 1 else cast(date, claim.accepted_on)
    latest = due(Code.COMPLEX, start)
    if not dispatch.due_on < until <= latest:
        raise Refused(_("最晚延到 %(day)s") % {"day": latest})
    extension = ClaimExtension.objects.create(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, dispatch=dispatch,
        round=claim.round, until=until, reason=reason.strip(), asked_by=by,
    )  # fmt: skip
    record("suggestions.ask_claim_extension", extension, by=by, until=until.isoformat())
    return extension


@transaction.atomic
def settle_claim_extension(
    extension: ClaimExtension, *, agreed: bool, answer: str, by: User
) -> ClaimExtension:
    """Grant more time or not (答复延期): by somebody else; granted, the claim counts as complex."""
    claim = locked_claim(extension.claim)
    extension = ClaimExtension.objects.get(pk=extension.pk)
    require(by, "suggestions.settle_claim_extension", extension)
    refuse_unless_at(claim, State.IN_PROGRESS)
    if extension.agreed is not None or extension.round != claim.round:
        raise Refused(_("没有等着答复的延期"))
    if not answer.strip():
        raise Refused(_("请写明理由"))
    extension.agreed, extension.answer, extension.answered_by = agreed, answer.strip(), by
    extension.save(update_fields=["agreed", "answer", "answered_by"])
    facts: dict[str, Any] = {"agreed": agreed}
    if agreed:
        claim.reply_due, claim.claim_class = extension.until, Claim.Class.COMPLEX
        promise(claim)
        claim.save(update_fields=["reply_due", "claim_class", *PROMISE])
        claim.live_dispatches().update(due_on=extension.until)
        why = _("要多些时间：%(why)s") % {"why": extension.reason}
        facts["step"] = str(add_step(claim, why, by).pk)
    record("suggestions.settle_claim_extension", extension, by=by, **facts)
    return extension


@transaction.atomic
def reply_claim(
    dispatch: Dispatch,
    *,
    outcome: ClaimReply.Outcome,
    text: str,
    work_record: str = "",
    photos: Sequence[Attachment] = (),
    by: User,
) -> ClaimReply:
    """Say what was done (办理答复): the lead's answer goes to the claimant, a helper's to the lead."""
    dispatch = locked_dispatch(dispatch)
    require(by, "suggestions.reply_claim", dispatch)
    claim = dispatch.claim
    refuse_unless_at(claim, State.IN_PROGRESS)
    refuse_unless_live(dispatch)
    if ClaimReply.objects.filter(dispatch=dispatch).exists():
        raise Refused(_("您的单位已经答复过"))
    if not text.strip():
        raise Refused(_("请写答复；办不到的，说明原因"))
    if claim.round > 1 and not work_record.strip():
        raise Refused(_("再次办理要写工作记录：哪天、谁去、做了什么"))
    reply = _written(dispatch, outcome, text, work_record, by)
    reply.photos.set(photos)
    facts: dict[str, Any] = {"reply": str(reply.pk), "role": dispatch.role}
    if dispatch.role == Role.LEAD:
        facts["step"] = str(go_on(claim, State.REPLIED, words=text, by=by).pk)
        facts["steps_of_merged"] = [
            _answer_together(claim, one, reply) for one in claim.merged.order_by("pk")
        ]
    record("suggestions.reply_claim", claim, by=by, **facts)
    return reply


def _written(
    dispatch: Dispatch, outcome: ClaimReply.Outcome, text: str, work_record: str, by: User
) -> ClaimReply:
    return ClaimReply.objects.create(
        neighbourhood_id=dispatch.neighbourhood_id, claim=dispatch.claim, dispatch=dispatch,
        round=dispatch.round, outcome=outcome, text=text.strip(), work_record=work_record.strip(),
        by=by,
    )  # fmt: skip


def _answer_together(into: Claim, one: Claim, reply: ClaimReply) -> str:
    """A claim handled together gets the same answer, and is called back by itself."""
    one = locked_claim(one)
    one.merges.filter(ended_at=None).update(ended_at=timezone.now())
    step = go_on(
        one, State.REPLIED, words=reply.text, by=reply.by, merged_into=None,
        claim_class=one.claim_class or into.claim_class, minder=one.minder or into.minder,
        accepted_on=one.accepted_on or into.accepted_on, reply_due=one.reply_due or into.reply_due,
    )  # fmt: skip
    part = hand_out(one, reply.dispatch.unit, (), "", reply.by)
    _written(
        part, ClaimReply.Outcome(reply.outcome), reply.text, reply.work_record, reply.by
    ).photos.set(reply.photos.all())
    return str(step.pk)
