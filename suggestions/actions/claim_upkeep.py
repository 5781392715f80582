"""What is done beside a claim's way: put together and taken apart, paused, told, called (诉求跟进)."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.actions.files import note_reading
from households.models import FileReading
from suggestions.claim_paces import shifted, working_days_between
from suggestions.models import Claim, ClaimMerge, ClaimPause, ClaimStep

from .claim_steps import PROMISE, State, add_step, locked_claim, promise, refuse_unless_at
from .claims import refuse_what_hangs_on

LONGEST_PAUSE = 92  # days


@transaction.atomic
def merge_claim(claim: Claim, *, into: Claim, words: str = "", by: User) -> Claim:
    """Handle a claim together with another about the same (合在一起办); it can be taken apart again."""
    # By key, so that two merges of the same two wait for each other.
    both = {one.pk: one for one in map(locked_claim, sorted((claim, into), key=lambda c: c.pk))}
    claim, into = both[claim.pk], both[into.pk]
    require(by, "suggestions.merge_claim", claim)
    if claim.pk == into.pk:
        raise Refused(_("不能和自己合在一起"))
    if claim.neighbourhood_id != into.neighbourhood_id:
        raise Refused(_("只能和本居民区的诉求合在一起"))
    if into.state not in (State.MADE, State.ACCEPTED, State.CONTACTED, State.IN_PROGRESS):
        raise Refused(_("那件诉求已经答复或者结束，请另选一件"))
    refuse_what_hangs_on(claim)
    before = ClaimMerge(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, into=into, state=claim.state,
        next_step=claim.next_step, rung=claim.rung, by=by,
    )  # fmt: skip
    claim.move_to(State.MERGED)
    before.next_on = cast(date, claim.next_on)  # what may be merged promises a day
    before.save(force_insert=True)
    claim.merged_into = into
    promise(claim)
    claim.save(update_fields=["state", "merged_into", *PROMISE])
    step = add_step(claim, words, by)
    record("suggestions.merge_claim", claim, by=by, step=str(step.pk), into=str(into.pk))
    return claim


@transaction.atomic
def unmerge_claim(claim: Claim, *, by: User) -> Claim:
    """Take them apart (分开办): state and promise are again what they were before."""
    claim = locked_claim(claim)
    require(by, "suggestions.unmerge_claim", claim)
    merge = claim.merges.filter(ended_at=None).first()
    if merge is None:
        raise Refused(_("这件诉求没有和别的合在一起"))
    claim.state, claim.merged_into = merge.state, None
    claim.next_step, claim.next_on, claim.rung = merge.next_step, merge.next_on, merge.rung
    claim.save(update_fields=["state", "merged_into", *PROMISE])
    merge.ended_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["ended_at", "undone_by"])
    step = add_step(claim, _("分开办，接着单独往下走。"), by)
    record("suggestions.unmerge_claim", claim, by=by, step=str(step.pk))
    return claim


@transaction.atomic
def pause_claim(claim: Claim, *, until: date, reason: str, by: User) -> ClaimPause:
    """Let the clock stand still until a day (暂停), with a reason that the claimant reads."""
    claim = locked_claim(claim)
    require(by, "suggestions.pause_claim", claim)
    refuse_unless_at(claim, State.ACCEPTED, State.CONTACTED, State.IN_PROGRESS, State.SUPERVISED)
    today = timezone.localdate()
    if not reason.strip():
        raise Refused(_("请写明为什么暂停，本人会看到"))
    if not 0 < (until - today).days <= LONGEST_PAUSE:
        raise Refused(_("暂停到明天以后、三个月以内的一天"))
    next_on, reply_due = cast(date, claim.next_on), cast(date, claim.reply_due)
    pause = ClaimPause.objects.create(
        neighbourhood_id=claim.neighbourhood_id, claim=claim, reason=reason.strip(), since=today,
        until=until, days_left=working_days_between(today, next_on), next_step=claim.next_step,
        reply_days_left=working_days_between(today, reply_due), by=by,
    )  # fmt: skip
    claim.paused_until = claim.next_on = until
    claim.next_step, claim.rung = _("暂停到这一天，接着办"), 0
    claim.save(update_fields=["paused_until", *PROMISE])
    step = add_step(claim, reason, by)
    record("suggestions.pause_claim", claim, by=by, step=str(step.pk), until=until.isoformat())
    return pause


@transaction.atomic
def resume_claim(claim: Claim, *, by: User) -> Claim:
    """Go on (恢复办理): as many working days are left as when the clock was stopped."""
    claim = locked_claim(claim)
    require(by, "suggestions.resume_claim", claim)
    if not claim.paused_until:
        raise Refused(_("这件诉求没有暂停"))
    step = go_on_after_pause(claim, timezone.localdate(), by)
    record("suggestions.resume_claim", claim, by=by, step=str(step.pk))
    return claim


def go_on_after_pause(claim: Claim, today: date, by: User | None) -> ClaimStep:
    """Take the claim up where it was left; the caller holds and records it."""
    pause = claim.pauses.get(resumed_on=None)
    pause.resumed_on = today
    pause.save(update_fields=["resumed_on"])
    claim.paused_until, claim.next_step, claim.rung = None, pause.next_step, 0
    claim.next_on = shifted(today, pause.days_left)
    claim.reply_due = shifted(today, pause.reply_days_left)
    claim.save(update_fields=["paused_until", "reply_due", *PROMISE])
    claim.live_dispatches().update(due_on=claim.reply_due)
    return add_step(claim, _("恢复办理。"), by)


@transaction.atomic
def form_claim_team(claim: Claim, *, members: Sequence[User], words: str, by: User) -> Claim:
    """Name those who take on a hard case together (联合小组)."""
    claim = locked_claim(claim)
    require(by, "suggestions.form_claim_team", claim)
    refuse_unless_at(claim, State.CONTACTED, State.IN_PROGRESS, State.SUPERVISED)
    if len(members) < 2:
        raise Refused(_("联合小组至少两个人"))
    claim.team.set(members)
    names = _("、").join(str(member) for member in members)
    step = add_step(claim, f"{_('联合小组：')}{names}\n{words.strip()}", by)
    record(
        "suggestions.form_claim_team", claim, by=by, step=str(step.pk),
        members=[str(member.pk) for member in members],
    )  # fmt: skip
    return claim


@transaction.atomic
def note_claim_told(step: ClaimStep, *, by: User) -> ClaimStep:
    """Somebody without an account was told how it stands by word of mouth (已告诉), and so of every step before."""
    locked_claim(step.claim)
    step = ClaimStep.objects.get(pk=step.pk)
    require(by, "suggestions.note_claim_told", step)
    if step.told_at is None:
        so_far = ClaimStep.objects.filter(claim=step.claim_id, at__lte=step.at, told_at=None)
        so_far.update(told_at=timezone.now(), told_by=by)
        record("suggestions.note_claim_told", step, by=by)
    return ClaimStep.objects.get(pk=step.pk)


@transaction.atomic
def see_claimant_phone(claim: Claim, *, by: User) -> str:
    """See the whole telephone number (查看电话), to call about this claim; the home reads who did."""
    claim = locked_claim(claim)
    require(by, "suggestions.see_claimant_phone", claim)
    if not claim.is_live:
        raise Refused(_("这件诉求已经结束，不用再打电话"))
    if claim.household:
        why = _("联系诉求 %(number)s") % {"number": claim.number}
        note_reading(claim.household, FileReading.What.PHONE, reader=by, reason=why)
    record("suggestions.see_claimant_phone", claim, by=by)
    return claim.phone
