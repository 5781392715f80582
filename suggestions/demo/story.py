"""What the demo tells of suggestions and claims, once (演示)."""

from collections.abc import Callable

from django.db import transaction

from caoyang_portal.community.models import Neighbourhood
from suggestions.demo.drafts import tell_drafts
from suggestions.demo.claims import tell_claims
from suggestions.demo.suggestions import tell_suggestions

TELLERS: list[Callable[[Neighbourhood, Callable[[str], None]], bool]] = [  # in this order
    tell_suggestions,
    tell_drafts,
]


@transaction.atomic
def tell_story(say: Callable[[str], None]) -> bool:
    """Load what is not there yet of each noun: all of it, or nothing when it is interrupted."""
    place = Neighbourhood.objects.get(code="caoyang-two")
    told = [tell(place, say) for tell in TELLERS]
    return any(told)
