"""An app hears that the days of "its" publicity are over (听公示期满).

@when_over("households.project")
def tell_the_committee(entry, publicity): ...
"""

from collections.abc import Callable
from functools import wraps

from caoyang_portal.ledger.entries import Entry, subscribe

from .models import Publicity

Hearer = Callable[[Entry, Publicity], None]


def when_over(about: str) -> Callable[[Hearer], Hearer]:
    """Decorate a subscriber that should hear of the end of every publicity ``about`` such a thing.

    It is called through the ledger's outbox: at least once, with its writes settled together.
    """

    def add(hearer: Hearer) -> Hearer:
        @wraps(hearer)
        def heard(entry: Entry) -> None:
            if entry.facts["about"] == about:
                hearer(entry, Publicity.objects.get(pk=entry.subject_id))

        subscribe("publicity.end_publicity")(heard)
        return hearer

    return add
