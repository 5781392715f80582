"""What keeps a suggestion from silence (建议跟进): merging and undoing, "me too", word of mouth, the clock."""

from datetime import date
from typing import cast

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.apart import apart
from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import add_working_days
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.models import Endorsement, Suggestion, SuggestionMerge, SuggestionStep

from .suggestion_intake import take_up_again
from .suggestions import PROMISE, add_step, go_on, locked_suggestion, promise

log = structlog.get_logger(__name__)
State = Suggestion.State
# Working days after the promised one: whoever follows it up, then everybody who could, then the street.
RUNGS = (0, 3, 8)
RATED = (State.REPLIED, State.DONE)  # here it is the proposer who has a day, not we


@transaction.atomic
def merge_suggestion(
    suggestion: Suggestion, *, into: Suggestion, reason: str = "", by: User
) -> Suggestion:
    """Put one into another that says the same (并入); nothing is deleted, and it can be undone."""
    # By key, so that two merges of the same two wait for each other.
    pair = sorted((suggestion, into), key=lambda one: one.pk)
    both = {one.pk: one for one in map(locked_suggestion, pair)}
    one, into = both[suggestion.pk], both[into.pk]
    require(by, "suggestions.merge_suggestion", one)
    _refuse_merge(one, into)
    before = SuggestionMerge(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, into=into, state=one.state,
        next_step=one.next_step, next_on=cast(date, one.next_on), rung=one.rung, by=by,
    )  # fmt: skip
    one.move_to(State.MERGED)
    before.save(force_insert=True)
    one.merged_into = into
    promise(one, timezone.localdate())
    one.save(update_fields=["state", "merged_into", *PROMISE])
    step = add_step(one, reason, by)
    record("suggestions.merge_suggestion", one, by=by, step=str(step.pk), into=str(into.pk))
    return one


def _refuse_merge(one: Suggestion, into: Suggestion) -> None:
    if one.pk == into.pk:
        raise Refused(_("不能并入自己"))
    if one.neighbourhood_id != into.neighbourhood_id:
        raise Refused(_("只能并入本居民区的建议"))
    if not into.is_live:
        raise Refused(_("要并入的建议已经结束，请另选一条"))
    if one.merged.exists():
        raise Refused(_("已有别的建议并入这一条，请反过来并"))


@transaction.atomic
def unmerge_suggestion(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Undo a merging (撤销并入): state and promise are again what they were before it."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.unmerge_suggestion", one)
    merge = one.merges.filter(undone_at=None).first()
    if merge is None:
        raise Refused(_("这条建议没有并入别的建议"))
    one.state, one.merged_into = merge.state, None
    one.next_step, one.next_on, one.rung = merge.next_step, merge.next_on, merge.rung
    one.save(update_fields=["state", "merged_into", *PROMISE])
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    step = add_step(one, _("撤销并入，接着单独办。"), by)
    record("suggestions.unmerge_suggestion", one, by=by, step=str(step.pk))
    return one


@transaction.atomic
def endorse_suggestion(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Want it too (我也是), once."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.endorse_suggestion", one)
    if not (one.is_live and one.is_public):
        raise Refused(_("这条建议现在不能点“我也是”"))
    fields = {"neighbourhood_id": one.neighbourhood_id}
    _kept, is_new = Endorsement.objects.get_or_create(suggestion=one, user=by, defaults=fields)
    if is_new:
        record("suggestions.endorse_suggestion", one, by=by)
    return one


@transaction.atomic
def end_endorsement(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Take that back (不再跟着提)."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.end_endorsement", one)
    gone, _kinds = Endorsement.objects.filter(suggestion=one, user=by).delete()
    if gone:
        record("suggestions.end_endorsement", one, by=by)
    return one


@transaction.atomic
def note_suggestion_told(step: SuggestionStep, *, by: User) -> SuggestionStep:
    """Somebody without an account was told how it stands by word of mouth (已告诉), and so of every step before."""
    locked_suggestion(step.suggestion)
    step = SuggestionStep.objects.get(pk=step.pk)
    require(by, "suggestions.note_suggestion_told", step)
    if step.told_at is None:
        SuggestionStep.objects.filter(
            suggestion=step.suggestion_id, at__lte=step.at, told_at=None
        ).update(told_at=timezone.now(), told_by=by)
        record("suggestions.note_suggestion_told", step, by=by)
    return SuggestionStep.objects.get(pk=step.pk)


def watch_suggestions(today: date | None = None) -> int:
    """End pauses, close what was not rated, tell of lapsed promises, each rung once. By the clock."""
    today = today or timezone.localdate()
    due = Suggestion.objects.live().filter(next_on__lte=today).order_by("pk")
    paused = due.filter(pauses__ended_on=None, pauses__isnull=False).distinct()
    late = due.filter(next_on__lt=today)
    unrated = late.filter(state__in=RATED)
    waiting = late.exclude(state__in=RATED).filter(rung__lt=len(RUNGS))
    return sum(
        bool(apart(act, one, today))
        for act, some in (
            (end_pause, paused),
            (close_unrated, unrated),
            (warn_suggestion, waiting),
        )
        for one in some
    )


@transaction.atomic
def end_pause(suggestion: Suggestion, today: date) -> bool:
    """The day has come to go on (暂停到期)."""
    one = locked_suggestion(suggestion)
    pause = one.pauses.filter(ended_on=None).first()
    if not one.is_live or pause is None or pause.until > today:
        return False
    take_up_again(one, today)
    step = add_step(one, _("暂停到期，接着办理。"), None)
    record("suggestions.end_pause", one, step=str(step.pk))
    return True


@transaction.atomic
def close_unrated(suggestion: Suggestion, today: date) -> bool:
    """Nobody said how content they are; it is closed, unrated (没有评价)."""
    one = locked_suggestion(suggestion)
    if one.state not in RATED or not one.is_late(today):
        return False
    step = go_on(one, State.CLOSED, words=_("到期没有评价，先办结。"), by=None)
    record("suggestions.close_unrated", one, step=str(step.pk))
    return True


def rung_reached(due: date, today: date) -> int:
    """How many rungs of the ladder a promise for ``due`` has reached on ``today``."""
    return sum(add_working_days(due, days) < today if days else due < today for days in RUNGS)


@transaction.atomic
def warn_suggestion(suggestion: Suggestion, today: date) -> bool:
    """One rung further, if the day has come; whoever stands on it is told by the ledger's entry."""
    one = locked_suggestion(suggestion)
    if one.state in RATED or not one.is_late(today) or one.next_on is None:
        return False
    reached = rung_reached(one.next_on, today)
    if reached <= one.rung:
        return False
    rungs = list(range(one.rung + 1, reached + 1))
    one.rung = reached
    one.save(update_fields=["rung"])
    record("suggestions.warn_suggestion", one, rungs=rungs, next_on=one.next_on.isoformat())
    return True
