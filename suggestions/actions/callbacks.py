"""Whoever made a claim is asked how it went (满意度反馈): nobody asks about their own work.

"Not done" reopens it once by itself; the second time the sub-district takes over.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.claim_paces import Code, due
from suggestions.models import Claim, ClaimCallback, ClaimReply, ClaimStep, Dispatch

from .claim_steps import State, add_step, go_on, locked_claim, refuse_unless_at
from .dispatches import hand_out, refuse_units

MOST_MISSED = 3  # days on which nobody was reached, then it is closed as such
Satisfaction, Way = ClaimCallback.Satisfaction, ClaimCallback.Way


@transaction.atomic
def call_back_claim(
    claim: Claim,
    *,
    way: ClaimCallback.Way,
    is_done: bool,
    attitude: ClaimCallback.Satisfaction,
    result: ClaimCallback.Satisfaction,
    words: str = "",
    by: User,
) -> ClaimCallback:
    """Ask the claimant (回访): is it done, how were you treated, how is the result."""
    claim = locked_claim(claim)
    require(by, "suggestions.call_back_claim", claim)
    callback = _asked(claim, way, is_done, attitude, result, words, by)
    step = _settle(claim, callback, by)
    record("suggestions.call_back_claim", claim, by=by, step=str(step.pk), round=callback.round)
    return callback


@transaction.atomic
def rate_claim(
    claim: Claim,
    *,
    is_done: bool,
    attitude: ClaimCallback.Satisfaction,
    result: ClaimCallback.Satisfaction,
    words: str = "",
    by: User,
) -> ClaimCallback:
    """The claimant says the same without being called (本人评价)."""
    claim = locked_claim(claim)
    require(by, "suggestions.rate_claim", claim)
    callback = _asked(claim, Way.ONLINE, is_done, attitude, result, words, by)
    step = _settle(claim, callback, by)
    record("suggestions.rate_claim", claim, by=by, step=str(step.pk), round=callback.round)
    return callback


@transaction.atomic
def note_unreached(
    claim: Claim, *, way: ClaimCallback.Way, words: str = "", by: User
) -> ClaimCallback:
    """Nobody answered (没联系上); after three days of trying the claim is closed, and says so."""
    claim = locked_claim(claim)
    require(by, "suggestions.note_unreached", claim)
    reply, today = _to_ask_about(claim, by), timezone.localdate()
    if reply.callbacks.filter(reached=False, on=today).exists():
        raise Refused(_("今天已经记过一次，请改天再联系"))
    callback = ClaimCallback.objects.create(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, reply=reply, round=claim.round,
        handler=reply.by, on=today, by=by, way=way, reached=False, words=words.strip(),
    )  # fmt: skip
    missed = reply.callbacks.filter(reached=False).count()
    if missed >= MOST_MISSED:
        said = _("三天都没联系上您，先办结。没办好请再提，写上这个编号。")
        step = _close(claim, said, by)
    else:
        step = add_step(claim, _("回访没联系上您，我们改天再联系。"), by)
    record("suggestions.note_unreached", claim, by=by, step=str(step.pk), missed=missed)
    return callback


def _to_ask_about(claim: Claim, by: User) -> ClaimReply:
    """The answer of this round; whoever wrote one does not ask."""
    refuse_unless_at(claim, State.REPLIED)
    if claim.replies.filter(by=by).exists():
        raise Refused(_("不能回访自己办的，请同事来回访"))
    return claim.replies.get(
        round=claim.round, dispatch__role=Dispatch.Role.LEAD, dispatch__ended_on=None
    )


def _asked(
    claim: Claim, way: ClaimCallback.Way, is_done: bool, attitude: ClaimCallback.Satisfaction,
    result: ClaimCallback.Satisfaction, words: str, by: User,
) -> ClaimCallback:  # fmt: skip
    reply = _to_ask_about(claim, by)
    callback = ClaimCallback(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, reply=reply, round=claim.round,
        handler=reply.by, on=timezone.localdate(), by=by, way=way, reached=True, is_done=is_done,
        attitude=attitude, result=result, words=words.strip(),
    )  # fmt: skip
    if (Satisfaction.UNSATISFIED in (attitude, result) or not is_done) and not callback.words:
        raise Refused(_("没办好或者不满意的，请写一写差在哪里"))
    callback.save(force_insert=True)
    return callback


def _settle(claim: Claim, callback: ClaimCallback, by: User) -> ClaimStep:
    """Done: closed. Not done: once more by the same units; then the sub-district decides."""
    if callback.is_done and callback.result != Satisfaction.UNSATISFIED:
        return _close(claim, _("回访过，办好了。"), by)
    if claim.round > 1:
        return go_on(claim, State.SUPERVISED, words=_("两次没办好，请街道督办。"), by=by)
    before = list(claim.live_dispatches().select_related("unit"))
    again = due(Code.AGAIN, timezone.localdate())
    words = _("没办好，请再办一次。")
    step = go_on(claim, State.IN_PROGRESS, words=words, by=by, round=2, reply_due=again)
    lead = next(part.unit for part in before if part.role == Dispatch.Role.LEAD)
    helping = [part.unit for part in before if part.role != Dispatch.Role.LEAD and part.unit]
    hand_out(claim, lead, helping, callback.words, None)
    return step


def _close(claim: Claim, words: str, by: User, **changes: str) -> ClaimStep:
    return go_on(
        claim, State.CLOSED, words=words, by=by, closed_at=timezone.now(), closed_by=by, **changes
    )


@transaction.atomic
def supervise_claim(
    claim: Claim,
    *,
    lead: Organisation | None,
    helping: Sequence[Organisation] = (),
    until: date,
    words: str,
    by: User,
) -> Dispatch:
    """The sub-district says who does it now, and until when (督办)."""
    claim = locked_claim(claim)
    require(by, "suggestions.supervise_claim", claim)
    refuse_unless_at(claim, State.SUPERVISED)
    refuse_units(claim, lead, helping)
    today = timezone.localdate()
    latest = due(Code.COMPLEX, today)
    if not today < until <= latest:
        raise Refused(_("最晚到 %(day)s") % {"day": latest})
    if not words.strip():
        raise Refused(_("请写明督办的要求"))
    said = _("街道督办，由%(unit)s办理。") % {"unit": lead.name if lead else _("居委会")}
    step = go_on(
        claim, State.IN_PROGRESS, words=said, by=by, round=claim.round + 1, reply_due=until
    )
    first = hand_out(claim, lead, helping, words, by)
    record("suggestions.supervise_claim", claim, by=by, step=str(step.pk), round=claim.round)
    return first


@transaction.atomic
def close_claim(claim: Claim, *, answer: str, by: User) -> Claim:
    """The sub-district says why nothing more can be done (督办后办结)."""
    claim = locked_claim(claim)
    require(by, "suggestions.close_claim", claim)
    refuse_unless_at(claim, State.SUPERVISED)
    if not answer.strip():
        raise Refused(_("请写明为什么办结，本人会看到"))
    step = _close(claim, answer, by, answer=answer.strip())
    record("suggestions.close_claim", claim, by=by, step=str(step.pk))
    return claim
