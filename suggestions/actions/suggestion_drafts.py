"""What somebody has filled in so far (写到一半): kept page by page, so that nothing typed is lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from suggestions.models import SuggestionDraft

MOST_PHOTOS = 3
KEPT = timedelta(days=90)  # since something was last filled in


@transaction.atomic
def keep_draft(neighbourhood: Neighbourhood, user: User, **answers: Any) -> SuggestionDraft:
    """Keep the answers of one page."""
    draft, _new = SuggestionDraft.objects.select_for_update().get_or_create(
        user=user, defaults={"neighbourhood": neighbourhood}
    )
    if draft.neighbourhood_id != neighbourhood.pk:
        for photo in draft.photos.all():  # they are kept under the place they were taken in for
            draft.photos.remove(photo)
            intake.discard(photo)
        draft.neighbourhood, draft.building = neighbourhood, None
    for name, value in answers.items():
        setattr(draft, name, value)
    draft.kept_at = timezone.now()
    draft.save(update_fields=["neighbourhood", "building", "kept_at", *answers])
    return draft


@transaction.atomic
def add_draft_photos(draft: SuggestionDraft, photos: Sequence[Attachment]) -> SuggestionDraft:
    """Put photos to it, three at most."""
    draft = SuggestionDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.photos.count() + len(photos) > MOST_PHOTOS:
        raise Refused(_("最多 %(n)s 张照片，请先去掉一张") % {"n": MOST_PHOTOS})
    draft.photos.add(*photos)
    return draft


@transaction.atomic
def drop_draft_photo(draft: SuggestionDraft, photo: Attachment) -> None:
    """Take a photo off again; nobody keeps it."""
    draft = SuggestionDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    draft.photos.remove(photo)
    intake.discard(photo)


def forget_drafts(now: datetime | None = None) -> int:
    """What was never sent is not kept for ever (清理草稿). By the clock."""
    before = (now or timezone.now()) - KEPT
    old = list(SuggestionDraft.objects.filter(kept_at__lt=before))
    for draft in old:
        _forget(draft)
    return len(old)


@transaction.atomic
def _forget(draft: SuggestionDraft) -> None:
    photos = list(draft.photos.all())
    draft.delete()
    for photo in photos:
        intake.discard(photo)
