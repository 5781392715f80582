"""Where a notice hangs (张贴): places, photos, and when it came down."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.publicity.models import PostingPlace, Publicity
from caoyang_portal.uploads.models import Attachment

from .locking import locked, refuse_unless

State = Publicity.State
HANGING = (State.POSTED, State.OPINIONS, State.ENDED)


@transaction.atomic
def add_posting_place(
    publicity: Publicity, *, place: str, building: Building | None = None, by: User
) -> PostingPlace:
    """Say where it is to hang (登记张贴点); each place once."""
    publicity = locked(publicity)
    require(by, "publicity.add_posting_place", publicity)
    refuse_unless(publicity, State.DRAFT, *Publicity.RUNNING)
    if building and building.neighbourhood_id != publicity.neighbourhood_id:
        raise Refused(_("这一幢不属于本居民区"))
    if publicity.places.filter(place=place, building=building).exists():
        raise Refused(_("这个张贴点已经登记"))
    added = PostingPlace.objects.create(
        neighbourhood_id=publicity.neighbourhood_id,
        publicity=publicity,
        building=building,
        place=place,
    )
    record("publicity.add_posting_place", added, by=by, place=added.pk)
    return added


@transaction.atomic
def remove_posting_place(place: PostingPlace, *, by: User) -> Publicity:
    """Strike out a place where nothing was hung (去掉张贴点)."""
    publicity = locked(place.publicity)
    place = PostingPlace.objects.get(pk=place.pk)
    require(by, "publicity.remove_posting_place", place)
    if place.put_up_on:
        raise Refused(_("这里已经登记贴出，不能去掉"))
    removed = place.pk
    place.delete()
    record("publicity.remove_posting_place", publicity, by=by, place=removed)
    return publicity


@transaction.atomic
def put_up_notice(
    place: PostingPlace, *, put_up_on: date, photo: Attachment | None = None, by: User
) -> PostingPlace:
    """Note that it hangs there, since when, with a photo (登记张贴). The photo may come later, once."""
    publicity = locked(place.publicity)
    place = PostingPlace.objects.get(pk=place.pk)
    require(by, "publicity.put_up_notice", place)
    refuse_unless(publicity, *HANGING)
    if place.photo_id:
        raise Refused(_("这里的照片已经登记，不能换"))
    if not publicity.starts_on <= put_up_on <= timezone.localdate():
        raise Refused(_("贴出日期要在公示发布以后、今天以前"))
    if photo is not None and not photo.is_picture:
        raise Refused(_("请传照片"))
    if place.put_up_on is None:
        place.put_up_on, place.put_up_by = put_up_on, by
    place.photo = photo
    place.photographed_at = timezone.now() if photo else None
    place.save(update_fields=["put_up_on", "put_up_by", "photo", "photographed_at"])
    sha256 = photo.sha256 if photo else ""
    record("publicity.put_up_notice", place, by=by, place=place.pk, sha256=sha256)
    return place


@transaction.atomic
def take_off_notice(place: PostingPlace, *, taken_down_on: date, by: User) -> PostingPlace:
    """Note that it hangs there no more (登记撤下)."""
    publicity = locked(place.publicity)
    place = PostingPlace.objects.get(pk=place.pk)
    require(by, "publicity.take_off_notice", place)
    refuse_unless(publicity, *HANGING)
    if place.put_up_on is None:
        raise Refused(_("这里还没有登记贴出"))
    if place.taken_down_on:
        raise Refused(_("这里已经登记撤下"))
    if not place.put_up_on <= taken_down_on <= timezone.localdate():
        raise Refused(_("撤下日期要在贴出以后、今天以前"))
    place.taken_down_on, place.taken_down_by = taken_down_on, by
    place.save(update_fields=["taken_down_on", "taken_down_by"])
    record("publicity.take_off_notice", place, by=by, place=place.pk)
    return place
