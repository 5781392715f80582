"""Handwriting (笔迹): strokes kept as points, drawn when a picture is needed.

The strokes are the signature pad's own JSON: a list of groups, each with ``points`` of x, y, time
and pressure in CSS pixels.
"""

import io
import json
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from caoyang_portal.documents import fonts

WIDTH, HEIGHT = 900, 336  # the box of 75 x 28 mm at 305 dpi
MARGIN = 24
INK = (16, 24, 64, 255)
THIN, THICK = 5.0, 11.0


def draw(strokes: str) -> bytes:
    """The strokes as a transparent PNG that fills the signature box, its proportions kept."""
    groups = [group["points"] for group in json.loads(strokes) if group["points"]]
    points = [point for group in groups for point in group]
    left, top = min(p["x"] for p in points), min(p["y"] for p in points)
    width = max(p["x"] for p in points) - left
    height = max(p["y"] for p in points) - top
    scale = min((WIDTH - 2 * MARGIN) / max(width, 1), (HEIGHT - 2 * MARGIN) / max(height, 1))
    x0, y0 = (WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2
    picture = Image.new("RGBA", (WIDTH, HEIGHT), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    for group in groups:
        _stroke(
            pen,
            [
                (x0 + (p["x"] - left) * scale, y0 + (p["y"] - top) * scale, _pressure(p))
                for p in group
            ],
        )
    return _png(picture)


def _pressure(point: dict) -> float:
    return min(1.0, max(0.0, float(point.get("pressure", 0.5))))  # a finger reports none


def _stroke(pen: ImageDraw.ImageDraw, points: list[tuple[float, float, float]]) -> None:
    for n, (x, y, pressure) in enumerate(points):
        radius = (THIN + (THICK - THIN) * pressure) / 2
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=INK)
        if n:
            before = points[n - 1]
            pen.line((before[0], before[1], x, y), fill=INK, width=round(radius * 2))


def typed(name: str) -> bytes:
    """What stands in the box of somebody who typed their name."""
    return _words(name, "（本人输入姓名）")


@cache
def paper_note() -> bytes:
    """What stands in the box of somebody who signed on paper."""
    return _words("已在纸上签名", "扫描件指纹见签署证明")


def _words(large: str, small: str) -> bytes:
    picture = Image.new("RGBA", (WIDTH, HEIGHT), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    size = min(96, (WIDTH - 2 * MARGIN) // max(len(large), 1))
    pen.text((WIDTH / 2, HEIGHT * 0.42), large, fill=INK, font=_font(size), anchor="mm")
    pen.text((WIDTH / 2, HEIGHT * 0.78), small, fill=INK, font=_font(40), anchor="mm")
    return _png(picture)


def _font(size: int) -> ImageFont.FreeTypeFont:
    path = fonts.system_file("Noto Sans CJK SC", 400) or fonts.fallback_file(400)
    return ImageFont.truetype(path, size, index=fonts.face_number(path))


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
