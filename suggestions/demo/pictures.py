"""Pictures of the demonstration (演示图片): letters as a scanner gives them, old things as somebody draws them."""

import io

from PIL import Image, ImageDraw

from households.demo.drawings import INK, PAPER, lettering

SEPIA, FADED, CHALK = (112, 84, 54), (232, 220, 196), (246, 238, 222)
LINE = 16  # characters of a letter


def letter(text: str) -> bytes:
    """A sheet of ruled paper with ``text`` on it."""
    sheet = Image.new("RGB", (560, 400), PAPER)
    draw = ImageDraw.Draw(sheet)
    for y in range(70, 400, 48):
        draw.line([(30, y), (530, y)], fill=(196, 206, 214), width=1)
    for n in range(0, len(text), LINE):
        draw.text((36, 34 + 48 * (n // LINE)), text[n : n + LINE], INK, font=lettering(30))
    return _png(sheet)


def old_thing(name: str, year: int, shape: str) -> bytes:
    """A sepia drawing in a frame: ``round`` a vessel, ``square`` a machine, else a photo of houses."""
    sheet = Image.new("RGB", (640, 480), FADED)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle([24, 24, 616, 456], outline=SEPIA, width=5)
    if shape == "round":
        draw.ellipse([200, 110, 440, 350], fill=CHALK, outline=SEPIA, width=8)
        draw.ellipse([250, 160, 390, 300], outline=SEPIA, width=3)
    elif shape == "square":
        draw.rectangle([170, 190, 470, 350], fill=CHALK, outline=SEPIA, width=8)
        draw.polygon([(210, 190), (260, 120), (400, 120), (430, 190)], fill=SEPIA)
    else:
        for left in (90, 270, 450):
            draw.polygon([(left - 20, 220), (left + 50, 150), (left + 120, 220)], fill=SEPIA)
            draw.rectangle([left, 220, left + 100, 360], fill=CHALK, outline=SEPIA, width=4)
            draw.rectangle([left + 36, 290, left + 64, 360], fill=SEPIA)
    draw.text((60, 392), f"{name}  {year}", SEPIA, font=lettering(36))
    return _png(sheet)


def _png(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
