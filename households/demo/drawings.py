"""Floor plans of the demonstration (演示图纸): simple, to scale, with words instead of symbols."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from caoyang_portal.documents import fonts

PAPER, INK, NEW = "#fffdf8", "#2a2f33", "#0a4f5c"


def floor_plan(title: str, living: str, gained: str) -> bytes:
    """A PNG of 900 x 620 pixels: the room, and the kitchen and toilet that are added to it."""
    sheet = Image.new("RGB", (900, 620), PAPER)
    draw = ImageDraw.Draw(sheet)
    big, small = lettering(34), lettering(24)
    draw.text((40, 24), title, INK, font=big)
    draw.rectangle((60, 100, 600, 540), outline=INK, width=8)
    draw.rectangle((600, 100, 840, 320), outline=NEW, width=8)
    draw.rectangle((600, 320, 840, 540), outline=NEW, width=8)
    draw.text((230, 280), f"居室 {living} ㎡", INK, font=big)
    draw.text((650, 180), "厨房", NEW, font=big)
    draw.text((650, 226), "新增，独用", NEW, font=small)
    draw.text((650, 400), "卫生间", NEW, font=big)
    draw.text((650, 446), "新增，独用", NEW, font=small)
    draw.line((600, 250, 600, 300), fill=PAPER, width=10)
    draw.line((600, 340, 600, 390), fill=PAPER, width=10)
    draw.text((230, 515), "窗", INK, font=small)
    draw.line((180, 540, 480, 540), fill="#5aa7b5", width=8)
    draw.text((60, 566), f"深青色是新增部分，共多 {gained} ㎡", NEW, font=small)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


@cache
def lettering(size: int) -> ImageFont.FreeTypeFont:
    family = fonts.SANS if fonts.font_state().complete else fonts.FALLBACK
    face = fonts.made_font(f"{family.replace(' ', '-')}-400")
    return ImageFont.truetype(io.BytesIO(face), size)
