"""What the demo tells of suggestions and claims, once (演示)."""

from collections.abc import Callable

from django.db import transaction

from caoyang_portal.community.models import Neighbourhood
from suggestions.demo.campaigns import tell_campaigns
from suggestions.demo.claims import tell_claims
from suggestions.demo.drafts import tell_drafts
from suggestions.demo.keepsakes import tell_keepsakes
from suggestions.demo.points import tell_points
from suggestions.demo.suggestions import tell_suggestions

TELLERS: list[Callable[[Neighbourhood, Callable[[str], None]], bool]] = [  # in this order
    tell_suggestions,
    tell_claims,
    tell_drafts,
    tell_campaigns,
    tell_keepsakes,
    tell_points,  # last: its letters become suggestions and claims
]


@transaction.atomic
def tell_story(say: Callable[[str], None]) -> bool:
    """Load what is not there yet of each noun: all of it, or nothing when it is interrupted."""
    place = Neighbourhood.objects.get(code="caoyang-two")
    told = [tell(place, say) for tell in TELLERS]
    return any(told)
