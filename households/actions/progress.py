"""How far somebody has come on the way to signing (签约进度): a bookmark, not an act; not recorded."""

from typing import Any

from django.utils import timezone

from caoyang_portal.community.models import User
from households.models import Agreement, SigningProgress


def note_step(agreement: Agreement, user: User, *steps: str, **seen: Any) -> SigningProgress:
    """Remember that ``user`` has been through ``steps`` (``plan_seen_at`` …), and what they saw."""
    now = timezone.now()
    noted = dict.fromkeys(steps, now) | seen
    progress, _made = SigningProgress.objects.update_or_create(
        agreement=agreement,
        user=user,
        defaults=noted,
        create_defaults=noted | {"neighbourhood_id": agreement.neighbourhood_id},
    )
    return progress
