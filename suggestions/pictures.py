"""Small pictures for lists (缩略图): drawn from what the worker has cleaned, never from what was sent."""

import io
from uuid import UUID

from PIL import Image

from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment

SIDE = 480  # of a tile on a phone of twice the usual sharpness


def thumbnail(content: bytes) -> bytes:
    """The same picture, no side longer than ``SIDE``."""
    with Image.open(io.BytesIO(content)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()


def taken_in(file, *, neighbourhood_id: UUID, by: User) -> tuple[Attachment, Attachment]:
    """Take in a photo and keep its small one beside it."""
    kept = intake.take_in(file, neighbourhood_id=neighbourhood_id, by=by)
    if not kept.is_picture:
        raise Refused(str(intake.REFUSALS["not_a_picture"]))
    small = intake.keep(
        thumbnail(intake.read(kept)), kept.shown_name, "image/jpeg",
        neighbourhood_id=neighbourhood_id, by=by,
    )  # fmt: skip
    return kept, small
