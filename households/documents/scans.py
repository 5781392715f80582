"""The scans of paper signatures in the certificate (扫描件): pictures as pages, a PDF enclosed.

A foreign PDF's pages are not drawn into a paper of ours: what else they bring would come under our
seal. It lies in the certificate to the byte, with its hash beside the signature.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image

from caoyang_portal import documents
from caoyang_portal.uploads import intake
from households.models import Signature

LONGEST = 2000  # pixels of a page's longer side: an A4 page at 170 dots an inch
QUALITY = 80


@dataclass(frozen=True)
class ScanPage:
    """One scanned picture as a page: whose signature, and its ``asset:`` name."""

    name: str
    receipt: str
    asset: str


@dataclass
class Scans:
    """What the certificate shows of the papers, and what lies in it."""

    pages: list[ScanPage] = field(default_factory=list)
    images: dict[str, bytes] = field(default_factory=dict)
    enclosures: list["documents.Enclosure"] = field(default_factory=list)


def scans_of(signatures: Iterable[Signature]) -> Scans:
    """The scans of those signed on paper."""
    found = Scans()
    for signature in signatures:
        if signature.scan is None:
            continue
        content, receipt = intake.read(signature.scan), signature.receipt_number
        name = signature.signatory.member.name
        if signature.scan.is_picture:
            asset = f"scan-{receipt}"
            found.images[asset] = scaled(content)
            found.pages.append(ScanPage(name, receipt, asset))
        else:
            about = f"{name}的签字页扫描件"
            found.enclosures.append(
                documents.Enclosure(f"scan-{receipt}.pdf", content, signature.signed_at, about)
            )
    return found


def scaled(picture: bytes) -> bytes:
    """The picture no larger than a page needs, on white."""
    image = Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")).convert("RGBA")
    image.thumbnail((LONGEST, LONGEST))
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
