"""A suggestion is made or entered for somebody (提建议、代录), and taken back; each step promises the next."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from suggestions.models import (
    Category,
    NameShown,
    Suggestion,
    SuggestionDraft,
    SuggestionPhoto,
    SuggestionStep,
)
from suggestions.periods import ends

State = Suggestion.State
MOST_WAITING = 10  # of one person, not acknowledged yet
PROMISE = ["next_step", "next_on", "rung"]


@transaction.atomic
def make_suggestion(
    neighbourhood: Neighbourhood,
    *,
    category: Category,
    title: str,
    reasons: str,
    measures: str = "",
    building: Building | None = None,
    spot: str = "",
    source_note: str = "",
    name_shown: NameShown = NameShown.MASKED,
    photos: Sequence[Attachment] = (),
    by: User,
) -> Suggestion:
    """Propose something for everybody (提建议), from one's own phone; the draft it came from is gone."""
    one = Suggestion(
        neighbourhood=neighbourhood, category=category, title=title.strip(),
        reasons=reasons.strip(), measures=measures.strip(), building=building, spot=spot.strip(),
        source_note=source_note, name_shown=name_shown, proposed_by=by,
    )  # fmt: skip
    require(by, "suggestions.make_suggestion", one)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second tap waits for the first
    waiting = Suggestion.objects.filter(proposed_by=by, state=State.SUBMITTED)
    if waiting.filter(title=one.title, reasons=one.reasons).exists():
        raise Refused(_("这条建议您已经提过，我们收到了"))
    if waiting.count() >= MOST_WAITING:
        raise Refused(_("您有 %(n)s 条建议还没受理，请等一等再提") % {"n": MOST_WAITING})
    step = put_up(one, photos, by)
    SuggestionDraft.objects.filter(user=by).delete()
    record("suggestions.make_suggestion", one, by=by, step=str(step.pk))
    return one


@transaction.atomic
def enter_suggestion(
    neighbourhood: Neighbourhood,
    *,
    category: Category,
    title: str,
    reasons: str,
    source: Suggestion.Source,
    confirmed: Suggestion.Confirmed,
    measures: str = "",
    source_note: str = "",
    proposer_name: str = "",
    proposer_phone: str = "",
    proposed_by: User | None = None,
    building: Building | None = None,
    spot: str = "",
    name_shown: NameShown = NameShown.MASKED,
    photos: Sequence[Attachment] = (),
    by: User,
) -> Suggestion:
    """Write down what somebody else proposes, and how they confirmed the words (代录)."""
    one = Suggestion(
        neighbourhood=neighbourhood, category=category, title=title.strip(),
        reasons=reasons.strip(), measures=measures.strip(), building=building, spot=spot.strip(),
        name_shown=name_shown, source=source, source_note=source_note.strip(),
        proposer_name=proposer_name.strip(), proposer_phone=proposer_phone,
        proposed_by=proposed_by, confirmed=confirmed, entered_by=by, minder=by,
    )  # fmt: skip
    require(by, "suggestions.enter_suggestion", one)
    if not (one.proposed_by or one.proposer_name):
        raise Refused(_("请写明是谁提出的"))
    if not one.confirmed:
        raise Refused(_("请写明提出人怎样确认了这些话"))
    step = put_up(one, photos, by)
    record("suggestions.enter_suggestion", one, by=by, step=str(step.pk), source=str(source))
    return one


def put_up(one: Suggestion, photos: Sequence[Attachment], by: User) -> SuggestionStep:
    """The number, the row, its photos and its first promise."""
    if not (one.title and one.reasons):
        raise Refused(_("请写建议什么，为什么"))
    place = one.neighbourhood_id
    if one.building and one.building.neighbourhood_id != place:
        raise Refused(_("这一幢不属于本居民区"))
    if any(photo.neighbourhood_id != place for photo in photos):
        raise Refused(_("这张照片不属于本居民区"))
    if not all(photo.is_picture for photo in photos):
        raise Refused(_("这里只收照片"))
    today = timezone.localdate()
    one.number = _next_number(place)
    one.reply_by = ends("reply", today)
    one.next_step, one.next_on = promised(one, today)
    one.save(force_insert=True)
    SuggestionPhoto.objects.bulk_create(
        SuggestionPhoto(neighbourhood_id=place, suggestion=one, original=photo) for photo in photos
    )
    return add_step(one, "", by)


def _next_number(neighbourhood_id: Any) -> str:
    """The next of the year; numbers are given one after the other."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)
    year = timezone.localdate().year
    here = Suggestion.objects.filter(
        neighbourhood_id=neighbourhood_id, number__startswith=f"{year}-"
    )
    last = here.order_by("-number").values_list("number", flat=True).first()
    return f"{year}-{int(last.split('-')[1]) + 1 if last else 1:06d}"


def locked_suggestion(suggestion: Suggestion) -> Suggestion:
    """The suggestion as it stands, held until the transaction ends."""
    return (
        Suggestion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "proposed_by", "unit")
        .get(pk=suggestion.pk)
    )


def refuse_unless_at(one: Suggestion, *states: str) -> None:
    if one.state not in states:
        raise Refused(_("建议“%(now)s”，现在不能这样做") % {"now": one.get_state_display()})


def add_step(one: Suggestion, text: str, by: User | None) -> SuggestionStep:
    """Put state and promise as they are now on the line that its proposer reads."""
    return SuggestionStep.objects.create(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, state=one.state, text=text.strip(),
        next_step=one.next_step, next_on=one.next_on, by=by,
    )  # fmt: skip


def promised(one: Suggestion, today: date) -> tuple[str, date]:
    """What comes next in its state, and until when."""
    made = timezone.localdate(one.submitted_at)
    match one.state:
        case State.SUBMITTED:
            return _("受理，或者说明去哪里办"), ends("acknowledge", made)
        case State.ACKNOWLEDGED:
            # A unit that gives it back does not use up the days of the next one.
            again = one.handlings.exists()
            due = ends("return", today) if again else ends("assign", made)
            return _("定下由哪个单位办"), due
        case State.ASSIGNED:
            return _("答复"), one.reply_by
        case State.CARRYING_OUT:
            return _("办成"), one.outcomes.get(round=one.round).due_on
        case _answered:
            return _("请提出人评价"), ends("rate", today)


def promise(one: Suggestion, today: date) -> None:
    """Set what comes next; what should have come long ago is promised for today."""
    if one.is_live:
        step, due = promised(one, today)
        one.next_step, one.next_on = step, max(due, today)
    else:
        one.next_step, one.next_on = "", None
    one.rung = 0


def go_on(
    one: Suggestion, state: State, *, words: str, by: User | None, **changes: Any
) -> SuggestionStep:
    """Move, change, promise, and say so on the line."""
    one.move_to(state)
    for name, value in changes.items():
        setattr(one, name, value)
    promise(one, timezone.localdate())
    one.save(update_fields=["state", *PROMISE, *changes])
    return add_step(one, words, by)


@transaction.atomic
def withdraw_suggestion(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Take it back (撤回): whoever made it, before a unit has it and before others want it too."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.withdraw_suggestion", one)
    if one.endorsements.exists() or one.merged.exists():
        raise Refused(_("已有邻居也提了，不能撤回了。不想再跟进请告诉居委"))
    end_any_pause(one, timezone.localdate())
    step = go_on(one, State.WITHDRAWN, words="", by=by)
    record("suggestions.withdraw_suggestion", one, by=by, step=str(step.pk))
    return one


def end_any_pause(one: Suggestion, today: date) -> None:
    """A step forward ends a pause."""
    one.pauses.filter(ended_on=None).update(ended_on=today)
