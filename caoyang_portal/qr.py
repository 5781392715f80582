"""A QR code on a page (二维码)."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """The code of ``text`` as an SVG that takes the size of its place."""
    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(border=2, svgclass="qr", omitsize=True))  # noqa: S308 nothing of the text is in it
