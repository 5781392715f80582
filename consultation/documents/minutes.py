"""Minutes on paper (纪要文书): the internal and the public version, and addenda; words are Chinese."""

import io
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from PIL import Image

from caoyang_portal import documents
from caoyang_portal.confidential import mask_name
from caoyang_portal.uploads.intake import read
from caoyang_portal.uploads.models import Attachment
from consultation.minutes_text import Body, empty
from consultation.models import Minutes, MinutesCorrection, MinutesPaper, MinutesVersion
from consultation.queries.minutes import current

MINUTES = "consultation/papers/minutes.html"
ADDENDUM = "consultation/papers/minutes_addendum.html"
LARGEST = (1200, 900)  # pixels of a printed photo: 150 to the inch
PUBLIC, Corrected = MinutesPaper.Audience.PUBLIC, MinutesCorrection.State
WHEN = {"before": "改造前", "after": "改造后"}


def number_of(paper: MinutesPaper) -> str:
    """As printed at the head of the paper."""
    number = paper.minutes.number
    return f"{number}-B{paper.addendum.number}" if paper.addendum else number


def printed(paper: MinutesPaper) -> bytes:
    """The paper as it is sealed then."""
    paper = MinutesPaper.objects.select_related(
        "minutes__meeting", "minutes__neighbourhood", "addendum"
    ).get(pk=paper.pk)
    with translation.override(settings.LANGUAGE_CODE):
        if paper.addendum:
            return _print(ADDENDUM, _of_the_addendum(paper), [])
        return print_version(current(paper.minutes), paper.audience, paper.minutes)


def print_version(version: MinutesVersion, audience: str, minutes: Minutes) -> bytes:
    """One version for one audience; a draft's preview comes out of here, too."""
    with translation.override(settings.LANGUAGE_CODE):
        is_public = audience == PUBLIC
        body = version.public_body if is_public else version.body
        context = _about(minutes, audience) | _shown(body) | {
            "paper_title": "会议纪要",
            "paper_number": minutes.number,
            "paper_fingerprint": version.fingerprint if version.text_sha256 else "",
            "version": version,
            "signatories": _signatories(minutes, version, is_public=is_public),
            "corrections": _corrections(minutes, is_public=is_public),
        }  # fmt: skip
        return _print(MINUTES, context, body["photos"])


def _print(template: str, context: dict[str, Any], photos: list[dict[str, str]]) -> bytes:
    images = {f"photo-{n}": _small(photo["id"]) for n, photo in enumerate(photos, 1)}
    address = f"{settings.SITE_URL}/minutes/{context['minutes'].meeting_id}/"
    images["qr"] = documents.qr(address)
    return documents.render_pdf(template, context, images=images)


def _small(attachment: str) -> bytes:
    """A photo no larger than it is printed."""
    content = read(Attachment.objects.get(pk=attachment))
    with Image.open(io.BytesIO(content)) as image:
        if image.width <= LARGEST[0] and image.height <= LARGEST[1]:
            return content
        image.draft("RGB", LARGEST)
        small = image.convert("RGB")
        small.thumbnail(LARGEST)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=82)
    return out.getvalue()


def _about(minutes: Minutes, audience: str) -> dict[str, Any]:
    return {
        "minutes": minutes,
        "is_public": audience == PUBLIC,
        "audience": MinutesPaper.Audience(audience).label,
        "paper_issuer": minutes.neighbourhood.name,
        "show_qr": True,
        "is_demo_seal": documents.is_demo_seal(),
        "seal_statement": documents.seal_statement(),
        "site": settings.SITE_URL.partition("://")[2],
    }


def _shown(body: Body) -> dict[str, Any]:
    """The body as the template lays it out: a row for each role, photos in pairs."""
    people = empty()["people"] | body["people"]
    groups: dict[str, list[str]] = defaultdict(list)
    for one in people["present"]:
        groups[one["role"] or "到会"].append(one["name"])
    photos = [
        photo | {"asset": f"photo-{n}", "label": WHEN.get(photo["when"], "")}
        for n, photo in enumerate(body["photos"], 1)
    ]
    return {
        "body": body,
        "people": people,
        "groups": list(groups.items()),
        "photo_rows": [photos[at : at + 2] for at in range(0, len(photos), 2)],
    }


def _signatories(
    minutes: Minutes, version: MinutesVersion, *, is_public: bool
) -> list[dict[str, str]]:
    signed = {one.signatory_id: one for one in version.signatures.all()}
    found = []
    for one in minutes.signatories.all():
        signature = signed.get(one.pk)
        when = ""
        if signature:
            when = f"{timezone.localtime(signature.signed_at):%Y-%m-%d %H:%M}"
        found.append(
            {
                "role": str(one.get_role_display()),
                "name": mask_name(one.name) if is_public else one.name,
                "way": str(signature.get_way_display()) if signature else "",
                "when": f"{signature.signed_on:%Y-%m-%d}" if signature and signature.signed_on else when,
                "scan": signature.scan.sha256[:16] if signature and signature.scan else "",
                # Why somebody did not sign may be their own affair.
                "excused": ("未签" if is_public else f"未签：{one.excused}") if one.excused else "",
            }
        )  # fmt: skip
    return found


def _corrections(minutes: Minutes, *, is_public: bool) -> dict[str, Any]:
    rows = list(minutes.corrections.all())
    return {
        "raised": len(rows),
        "accepted": sum(one.state == Corrected.ACCEPTED for one in rows),
        "answered": sum(one.state == Corrected.ANSWERED for one in rows),
        "remarks": [] if is_public else [one for one in rows if one.state == Corrected.REMARK],
    }


def _of_the_addendum(paper: MinutesPaper) -> dict[str, Any]:
    addendum, is_public = paper.addendum, paper.audience == PUBLIC
    assert addendum is not None
    version = current(paper.minutes)
    body = version.public_body if is_public else version.body
    return _about(paper.minutes, paper.audience) | {
        "paper_title": "会议纪要补记",
        "paper_number": number_of(paper),
        "paper_fingerprint": "",
        "addendum": addendum,
        "meeting": body["meeting"],
        "text": addendum.public_text if is_public else addendum.text,
        "reason": addendum.public_reason if is_public else addendum.reason,
        "sealed_sha256": addendum.public_sha256 if is_public else addendum.sealed_sha256,
    }
