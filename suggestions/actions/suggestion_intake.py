"""What those do who take suggestions in: accept, publish, assign, refer, pause, show photos (受理、公开、交办)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from suggestions.models import (
    Suggestion,
    SuggestionHandling,
    SuggestionPause,
    SuggestionPhoto,
)
from suggestions.models.suggestions import UNITS

from .suggestions import (
    PROMISE,
    add_step,
    end_any_pause,
    go_on,
    locked_suggestion,
    refuse_unless_at,
)

State, Role = Suggestion.State, SuggestionHandling.Role
LONGEST_PAUSE = timedelta(days=180)


@transaction.atomic
def acknowledge_suggestion(suggestion: Suggestion, *, words: str = "", by: User) -> Suggestion:
    """Say that it is taken up as a suggestion (受理)."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.acknowledge_suggestion", one)
    refuse_unless_at(one, State.SUBMITTED)
    end_any_pause(one, timezone.localdate())
    step = go_on(one, State.ACKNOWLEDGED, words=words, by=by, minder=one.minder or by)
    record("suggestions.acknowledge_suggestion", one, by=by, step=str(step.pk))
    return one


@transaction.atomic
def publish_suggestion(
    suggestion: Suggestion,
    *,
    title: str,
    reasons: str,
    measures: str = "",
    change_reason: str = "",
    by: User,
) -> Suggestion:
    """Let everybody read it (公开), in words that name nobody; what was said first is kept beside it."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.publish_suggestion", one)
    if one.state in (State.WITHDRAWN, State.REFERRED):
        raise Refused(_("这条建议不公开"))
    said = (one.title, one.reasons, one.measures)
    given = (title.strip(), reasons.strip(), measures.strip())
    if not (given[0] and given[1]):
        raise Refused(_("请写建议什么，为什么"))
    changed = given != said
    if changed and not change_reason.strip():
        raise Refused(_("改了提出人的话，请写明为什么改"))
    if changed and not one.was_changed:
        one.original_title, one.original_reasons, one.original_measures = said
    one.title, one.reasons, one.measures = given
    one.change_reason = change_reason.strip() if changed else one.change_reason
    one.published_at = one.published_at or timezone.now()
    one.save(
        update_fields=[
            "title", "reasons", "measures", "original_title", "original_reasons",
            "original_measures", "change_reason", "published_at",
        ]
    )  # fmt: skip
    record("suggestions.publish_suggestion", one, by=by, changed=changed)
    return one


@transaction.atomic
def hide_suggestion(suggestion: Suggestion, *, reason: str, by: User) -> Suggestion:
    """Take it from the public list again (不再公开); handling goes on, and the reason is kept."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.hide_suggestion", one)
    if one.published_at is None:
        raise Refused(_("这条建议没有公开"))
    if not reason.strip():
        raise Refused(_("请写明为什么不再公开"))
    one.published_at = None
    one.save(update_fields=["published_at"])
    record("suggestions.hide_suggestion", one, by=by, reason=reason.strip()[:200])
    return one


@transaction.atomic
def show_suggestion_photo(
    photo: SuggestionPhoto, *, shown: Attachment | None, by: User
) -> SuggestionPhoto:
    """Choose what everybody sees of a photo (公开照片): with faces made unreadable, as it is, or nothing."""
    one = locked_suggestion(photo.suggestion)
    photo = SuggestionPhoto.objects.get(pk=photo.pk)
    require(by, "suggestions.show_suggestion_photo", one)
    photo.shown, photo.shown_by = shown, by
    photo.save(update_fields=["shown", "shown_by"])
    changed = shown is not None and shown.pk != photo.original_id
    record(
        "suggestions.show_suggestion_photo", one, by=by, photo=str(photo.pk), changed=changed,
        shown=shown is not None,
    )  # fmt: skip
    return photo


@transaction.atomic
def assign_suggestion(
    suggestion: Suggestion,
    *,
    unit: Organisation,
    helping: Sequence[Organisation] = (),
    words: str = "",
    by: User,
) -> Suggestion:
    """Give it to a unit, and to those that help (交办); the proposer is told which."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.assign_suggestion", one)
    refuse_unless_at(one, State.ACKNOWLEDGED)
    if unit in helping:
        raise Refused(_("主办单位不用再选作协办"))
    for body in (unit, *helping):
        _refuse_unit(one, body)
    _held(one, unit, Role.LEAD, by)
    for body in helping:
        _held(one, body, Role.HELPING, by)
    end_any_pause(one, timezone.localdate())
    told = _("由%(unit)s办。") % {"unit": unit.name} + words
    step = go_on(one, State.ASSIGNED, words=told, by=by, unit=unit)
    record("suggestions.assign_suggestion", one, by=by, step=str(step.pk), unit=str(unit.pk))
    return one


def _refuse_unit(one: Suggestion, unit: Organisation) -> None:
    if unit.kind not in UNITS or unit.sub_district_id != one.neighbourhood.sub_district_id:
        raise Refused(_("这个单位不在本街道"))
    if unit.neighbourhood_id not in (None, one.neighbourhood_id):
        raise Refused(_("这个单位属于别的居民区"))


def _held(
    one: Suggestion, unit: Organisation, role: SuggestionHandling.Role, by: User
) -> SuggestionHandling:
    return SuggestionHandling.objects.create(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, round=one.round, unit=unit,
        role=role, assigned_by=by,
    )  # fmt: skip


@transaction.atomic
def refer_suggestion(
    suggestion: Suggestion,
    *,
    elsewhere: Suggestion.Elsewhere,
    answer: str,
    elsewhere_id: Any = None,
    by: User,
) -> Suggestion:
    """Say where it goes instead, and why (转出): a personal claim, a topic, another authority."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.refer_suggestion", one)
    if not answer.strip():
        raise Refused(_("请写明原因，提出人会看到"))
    today = timezone.localdate()
    end_any_pause(one, today)
    one.handlings.filter(ended_at=None).update(ended_at=timezone.now())
    where = Suggestion.Elsewhere(elsewhere)
    step = go_on(
        one, State.REFERRED, words=f"{answer.strip()}\n{_('转到：')}{where.label}", by=by,
        elsewhere=where, elsewhere_id=elsewhere_id, answer=answer.strip(),
    )  # fmt: skip
    record("suggestions.refer_suggestion", one, by=by, step=str(step.pk), elsewhere=str(where))
    return one


@transaction.atomic
def pause_suggestion(suggestion: Suggestion, *, reason: str, until: date, by: User) -> Suggestion:
    """Let the clock stand still until a day (暂停), for a reason that the proposer reads."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.pause_suggestion", one)
    refuse_unless_at(one, State.SUBMITTED, State.ACKNOWLEDGED, State.ASSIGNED, State.CARRYING_OUT)
    today = timezone.localdate()
    if not reason.strip():
        raise Refused(_("请写明为什么暂停，提出人会看到"))
    if not today < until <= today + LONGEST_PAUSE:
        raise Refused(_("接着办的日子要在明天以后、半年以内"))
    if one.pauses.filter(ended_on=None).exists():
        raise Refused(_("已经暂停了"))
    if one.is_late(today) or one.next_on is None:
        raise Refused(_("已经超期的不能暂停，请先办"))
    SuggestionPause.objects.create(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, reason=reason.strip(), since=today,
        until=until, next_step=one.next_step, next_on=one.next_on, by=by,
    )  # fmt: skip
    one.next_step, one.next_on, one.rung = _("暂停到这一天，再接着办"), until, 0
    one.save(update_fields=PROMISE)
    step = add_step(one, _("暂停办理：") + reason.strip(), by)
    record("suggestions.pause_suggestion", one, by=by, step=str(step.pk), until=until.isoformat())
    return one


@transaction.atomic
def resume_suggestion(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Go on before the day (接着办)."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.resume_suggestion", one)
    if not take_up_again(one, timezone.localdate()):
        raise Refused(_("这条建议没有暂停"))
    step = add_step(one, _("接着办理。"), by)
    record("suggestions.resume_suggestion", one, by=by, step=str(step.pk))
    return one


def take_up_again(one: Suggestion, today: date) -> bool:
    """End the pause; what was promised moves by as many days as it lasted."""
    pause = one.pauses.filter(ended_on=None).first()
    if pause is None:
        return False
    lasted = min(today, pause.until) - pause.since
    pause.ended_on = today
    pause.save(update_fields=["ended_on"])
    one.next_step, one.next_on, one.rung = pause.next_step, pause.next_on + lasted, 0
    one.reply_by += lasted
    one.save(update_fields=[*PROMISE, "reply_by"])
    return True
