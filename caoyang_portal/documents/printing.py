"""Printing (打印): one HTML template in, one PDF out, the same bytes every time.

A document reaches nothing but what we bundle: ``asset:static/…`` is a file of our own ``static``
folder, ``asset:NAME`` an image handed in by the caller. Everything else is refused, whatever the
text of a template or a resident's words ask for.
"""

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from .fonts import font_css, made_font

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # libharfbuzz-subset missing: said by font_state(), not here
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

PAPER_CSS = "css/paper.css"


class AssetMissing(Exception):
    """A template names an image nobody handed in: a mistake of ours, not of the text."""


class BundledOnly(URLFetcher):
    """Reaches bundled files and handed-in images, and nothing else."""

    def __init__(self, images: Mapping[str, bytes]):
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.images = images
        self.refused: list[str] = []
        self.missing: list[str] = []

    def fetch(self, url: str, headers=None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        if scheme != "asset":
            self.refused.append(url)
            raise ValueError(f"a document may not fetch {url}")
        if name.startswith("static/"):
            return URLFetcherResponse(url, _bundled(name.removeprefix("static/")))
        if name.startswith("font-"):
            return URLFetcherResponse(url, made_font(name.removeprefix("font-")))
        if name not in self.images:
            self.missing.append(name)
            raise AssetMissing(name)
        return URLFetcherResponse(url, self.images[name])


def _bundled(name: str) -> bytes:
    root = (settings.BASE_DIR / "static").resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"a document may not fetch {name}")
    return path.read_bytes()


@cache
def _fonts() -> tuple[FontConfiguration, list[CSS]]:
    """Fonts and style sheet of this process: building them costs as much as a page."""
    fonts = FontConfiguration()
    text = font_css() + (Path(settings.BASE_DIR) / "static" / PAPER_CSS).read_text()
    return fonts, [CSS(string=text, font_config=fonts, url_fetcher=BundledOnly({}))]


@dataclass(frozen=True)
class Enclosure:
    """A file that lies in the paper (附件), as it was on a day: no clock of ours gets into the bytes."""

    name: str
    content: bytes
    at: datetime
    about: str


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
    enclosures: Sequence[Enclosure] = (),
) -> bytes:
    """Print ``template`` with ``context``; ``images`` are its ``asset:NAME`` pictures (出文书)."""
    fonts, styles = _fonts()
    fetcher = BundledOnly(images or {})
    with translation.override(settings.LANGUAGE_CODE):  # the Chinese paper is the binding one
        text = render_to_string(template, context)
    html = HTML(string=text, url_fetcher=fetcher, base_url="asset:")
    attached = [
        Attachment(
            file_obj=io.BytesIO(one.content),
            name=one.name,
            description=one.about,
            created=one.at,
            modified=one.at,
        )
        for one in enclosures
    ]
    pdf = html.write_pdf(font_config=fonts, stylesheets=styles, attachments=attached)
    if fetcher.missing:
        raise AssetMissing(", ".join(fetcher.missing))
    return pdf


def qr(text: str) -> bytes:
    """A QR code as a PNG of one bit per dot."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=2)
    return out.getvalue()
