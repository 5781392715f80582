"""What hangs on a wall or stands beside a thing: the poster of a collection point (海报)."""

from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from caoyang_portal import documents
from suggestions.models import CollectionPoint

POSTER = "suggestions/papers/poster.html"


def suggest_address(point: CollectionPoint) -> str:
    """Where a scan of the poster leads: the form of suggestions, with the point filled in."""
    return f"{settings.SITE_URL}/suggestions/suggest/?point={point.pk}"


def poster_facts(point: CollectionPoint) -> dict[str, Any]:
    """All that stands on the poster, so that a changed one is printed anew."""
    held = point.hours.filter(since__lte=timezone.localdate()).first()
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "name": point.name,
            "number": point.number,
            "kind": point.get_kind_display(),
            "address": point.address,
            "hours": held.words if held else "",
            "duty_name": point.duty_name,
            "duty_phone": point.duty_phone,
            "has_mailbox": bool(point.mailbox_days),
            "paper_title": "人民建议征集点",
            "paper_number": f"{point.number} 号",
            "paper_issuer": point.neighbourhood.name,
        }


def poster(point: CollectionPoint) -> bytes:
    """The poster for the point's door, with a QR that leads to the form (征集点海报)."""
    images = {"qr": documents.qr(suggest_address(point))}
    return documents.render_pdf(POSTER, poster_facts(point), images=images)
