"""Keepsakes (老物件): offered with consent, kept somewhere, shown, given back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from suggestions.models import Keepsake, KeepsakePhoto
from suggestions.periods import ends

State = Keepsake.State
Pictures = Sequence[tuple[Attachment, Attachment]]  # as it is, and small


@transaction.atomic
def offer_keepsake(
    neighbourhood: Neighbourhood, *, pictures: Pictures, by: User, **told: Any
) -> Keepsake:
    """Offer a thing of one's own (捐、借), saying what may be done with it."""
    keepsake = Keepsake(neighbourhood=neighbourhood, given_by=by, **told)
    require(by, "suggestions.offer_keepsake", keepsake)
    _put_up(keepsake, pictures)
    record("suggestions.offer_keepsake", keepsake, by=by, terms=keepsake.terms)
    return keepsake


@transaction.atomic
def enter_keepsake(
    neighbourhood: Neighbourhood,
    *,
    giver_name: str,
    consent: Attachment,
    pictures: Pictures,
    by: User,
    **told: Any,
) -> Keepsake:
    """Enter what somebody brought (代录), with the consent they signed."""
    keepsake = Keepsake(
        neighbourhood=neighbourhood, giver_name=giver_name.strip(), consent=consent,
        entered_by=by, **told,
    )  # fmt: skip
    require(by, "suggestions.enter_keepsake", keepsake)
    if not keepsake.giver_name:
        raise Refused(_("请写是谁的"))
    if consent.neighbourhood_id != neighbourhood.pk:
        raise Refused(_("这份同意书不属于本居民区"))
    _put_up(keepsake, pictures)
    record("suggestions.enter_keepsake", keepsake, by=by, consent=consent.sha256)
    return keepsake


def _put_up(keepsake: Keepsake, pictures: Pictures) -> None:
    """Its number, its day of answer, its photos."""
    today = timezone.localdate()
    place = keepsake.neighbourhood_id
    is_loan = keepsake.terms == Keepsake.Terms.LOAN
    if not (keepsake.title.strip() and keepsake.story.strip()):
        raise Refused(_("请写叫什么，和它的故事"))
    if is_loan and not (keepsake.return_by and keepsake.return_by > today):
        raise Refused(_("借展请写最晚哪天归还"))
    if keepsake.year and keepsake.year > today.year:
        raise Refused(_("年份不能晚于今年"))
    if any(f.neighbourhood_id != place or not f.is_picture for pair in pictures for f in pair):
        raise Refused(_("请传本居民区的照片"))
    keepsake.return_by = keepsake.return_by if is_loan else None
    keepsake.decide_by = ends("keepsake", today)
    # Two at a time would take the same number: they wait for each other at the place.
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=place)
    here = Keepsake.objects.filter(neighbourhood=place)
    keepsake.number = (here.aggregate(last=Max("number"))["last"] or 0) + 1
    keepsake.save(force_insert=True)
    KeepsakePhoto.objects.bulk_create(
        KeepsakePhoto(neighbourhood_id=place, keepsake=keepsake, file=file, small=small)
        for file, small in pictures
    )


def _locked(keepsake: Keepsake) -> Keepsake:
    return (
        Keepsake.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "given_by")
        .get(pk=keepsake.pk)
    )


@transaction.atomic
def accept_keepsake(keepsake: Keepsake, *, kept_at: str, answer: str = "", by: User) -> Keepsake:
    """Take it (收下): where it is kept from now on."""
    keepsake = _locked(keepsake)
    require(by, "suggestions.accept_keepsake", keepsake)
    if keepsake.state == State.SHOWN:
        raise Refused(_("已经收下了"))
    keepsake.move_to(State.ACCEPTED)
    if not kept_at.strip():
        raise Refused(_("请写放在哪里"))
    keepsake.kept_at, keepsake.answer = kept_at.strip(), answer.strip()
    keepsake.save(update_fields=["state", "kept_at", "answer"])
    record("suggestions.accept_keepsake", keepsake, by=by)
    return keepsake


@transaction.atomic
def decline_keepsake(keepsake: Keepsake, *, answer: str, by: User) -> Keepsake:
    """It is not taken (不收), with thanks and the reason."""
    keepsake = _locked(keepsake)
    require(by, "suggestions.decline_keepsake", keepsake)
    keepsake.move_to(State.DECLINED)
    if not answer.strip():
        raise Refused(_("请写为什么不收，本人会看到"))
    keepsake.answer = answer.strip()
    keepsake.save(update_fields=["state", "answer"])
    record("suggestions.decline_keepsake", keepsake, by=by)
    return keepsake


@transaction.atomic
def show_keepsake(keepsake: Keepsake, *, by: User) -> Keepsake:
    """Put it on show (展出), while its giver agrees."""
    keepsake = _locked(keepsake)
    require(by, "suggestions.show_keepsake", keepsake)
    keepsake.move_to(State.SHOWN)
    if keepsake.consent_ended_at:
        raise Refused(_("本人收回了同意，不能展出"))
    if not keepsake.photos.exists():
        raise Refused(_("还没有照片"))
    keepsake.save(update_fields=["state"])
    record("suggestions.show_keepsake", keepsake, by=by)
    return keepsake


@transaction.atomic
def hide_keepsake(keepsake: Keepsake, *, by: User) -> Keepsake:
    """Take it from the show (停止展出); it is still kept."""
    keepsake = _locked(keepsake)
    require(by, "suggestions.hide_keepsake", keepsake)
    if keepsake.state != State.SHOWN:
        raise Refused(_("没有在展出"))
    keepsake.move_to(State.ACCEPTED)
    keepsake.save(update_fields=["state"])
    record("suggestions.hide_keepsake", keepsake, by=by)
    return keepsake


@transaction.atomic
def return_keepsake(keepsake: Keepsake, *, returned_to: str, by: User) -> Keepsake:
    """It was given back (归还): to whom, and how."""
    keepsake = _locked(keepsake)
    require(by, "suggestions.return_keepsake", keepsake)
    keepsake.move_to(State.RETURNED)
    if not returned_to.strip():
        raise Refused(_("请写还给了谁，怎么还的"))
    keepsake.returned_to, keepsake.returned_at = returned_to.strip(), timezone.now()
    keepsake.save(update_fields=["state", "returned_to", "returned_at"])
    record("suggestions.return_keepsake", keepsake, by=by)
    return keepsake


@transaction.atomic
def withdraw_keepsake(keepsake: Keepsake, *, by: User) -> Keepsake:
    """Take back the offer, or the consent to show what was given (收回同意); it leaves the show at once."""
    keepsake = _locked(keepsake)
    require(by, "suggestions.withdraw_keepsake", keepsake)
    if keepsake.consent_ended_at:
        raise Refused(_("已经收回了"))
    if keepsake.state == State.OFFERED:
        keepsake.move_to(State.WITHDRAWN)
    elif keepsake.state == State.SHOWN:
        keepsake.move_to(State.ACCEPTED)
    elif keepsake.state != State.ACCEPTED:
        raise Refused(_("这件已经不在居民区"))
    keepsake.consent_ended_at = timezone.now()
    keepsake.save(update_fields=["state", "consent_ended_at"])
    record("suggestions.withdraw_keepsake", keepsake, by=by)
    return keepsake
