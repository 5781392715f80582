"""Scanned ballots of the demonstration (演示扫描件): a question, three boxes, one of them ticked."""

import io

from PIL import Image, ImageDraw

from consultation.tally import ABSTAIN, NO, YES
from households.demo.drawings import INK, NEW, PAPER, lettering

BOXES = {YES: "同意", NO: "不同意", ABSTAIN: "弃权"}


def marked_ballot(title: str, question: str, serial: str, choice: str) -> bytes:
    """A PNG of 900 x 560 pixels, as the desk's scanner would give it."""
    sheet = Image.new("RGB", (900, 560), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((60, 40), "表决票（演示扫描件）", INK, font=lettering(36))
    draw.text((60, 105), title, INK, font=lettering(28))
    draw.text((60, 150), f"票号 {serial}", INK, font=lettering(24))
    draw.text((60, 220), question, INK, font=lettering(28))
    for n, (opinion, words) in enumerate(BOXES.items()):
        left, top = 90 + 260 * n, 340
        draw.rectangle((left, top, left + 60, top + 60), outline=INK, width=5)
        draw.text((left + 80, top + 12), words, INK, font=lettering(32))
        if opinion == choice:
            tick = [(left + 8, top + 30), (left + 26, top + 52), (left + 70, top - 12)]
            draw.line(tick, fill=NEW, width=9, joint="curve")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
