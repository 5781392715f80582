"""Making parts of a photo unreadable (遮挡): faces, number plates. What is covered cannot be got back."""

import io
from collections.abc import Iterable

from PIL import Image

BLOCKS = 4  # a face in four by four grey squares is nobody's
Spot = tuple[int, int, int, int]  # from left, from top, width, height, in percent


def covered(picture: bytes, spots: Iterable[Spot]) -> bytes:
    """The picture as JPEG with each spot replaced by a few squares of its mean colours."""
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    for x, y, w, h in spots:
        left, top = x * width // 100, y * height // 100
        right = max(left + 1, -(-(x + w) * width // 100))
        bottom = max(top + 1, -(-(y + h) * height // 100))
        box = (left, top, min(right, width), min(bottom, height))
        size = (box[2] - box[0], box[3] - box[1])
        blocks = image.crop(box).resize((BLOCKS, BLOCKS), Image.Resampling.BOX)
        image.paste(blocks.resize(size, Image.Resampling.NEAREST), box)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
