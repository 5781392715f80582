"""What hangs on a wall or stands beside a thing: posters of collection points, labels of keepsakes (海报、标签)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from caoyang_portal import documents
from caoyang_portal.community.models import Neighbourhood
from suggestions.models import CollectionPoint, Keepsake

POSTER = "suggestions/papers/poster.html"
LABELS = "suggestions/papers/labels.html"


def suggest_address(point: CollectionPoint) -> str:
    """Where a scan of the poster leads: the form of suggestions, with the point filled in."""
    return f"{settings.SITE_URL}{reverse('suggestions:suggest')}?point={point.pk}"


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


def labels(place: Neighbourhood, keepsakes: Sequence[Keepsake]) -> bytes:
    """Labels to cut out, six on a page, each with a QR that leads to the story (展品标签)."""
    images = {
        f"qr-{n}": documents.qr(f"{settings.SITE_URL}/keepsakes/{one.pk}/")
        for n, one in enumerate(keepsakes)
    }
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "rows": [
                {
                    "keepsake": one,
                    "kind": one.get_kind_display(),
                    "giver": one.shown_giver,
                    "picture": f"asset:qr-{n}" if one.state == Keepsake.State.SHOWN else "",
                }
                for n, one in enumerate(keepsakes)
            ],
            "paper_title": "老物件标签",
            "paper_number": f"{len(keepsakes)} 件",
            "paper_issuer": place.name,
        }
    return documents.render_pdf(LABELS, context, images=images)
