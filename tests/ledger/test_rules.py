"""Who may do what with the ledger."""

import pytest

from caoyang_portal.authority import may
from caoyang_portal.ledger.models import Delivery, Entry
from tests.conftest import EVERYONE

WHO_MAY = {
    "read_entries": {"shen", "adi"},  # 审计员、管理员
    "retry_delivery": {"adi"},  # an auditor changes nothing
}


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, thing):
    entry = Entry(neighbourhood_id=thing.neighbourhood_id)
    subject = Delivery(entry=entry) if act == "retry_delivery" else None
    assert may(people[person], f"ledger.{act}", subject) is (person in WHO_MAY[act])


def test_an_administrator_mends_nothing_next_door(people, places, thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": print}
    thing.neighbourhood_id = places.there.pk
    enter("a.b", thing)
    assert may(people["adi"], "ledger.retry_delivery", Delivery.objects.get()) is False


def test_what_belongs_to_no_place_is_any_administrator_s(people, thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": print}
    thing.neighbourhood_id = None
    enter("a.b", thing)
    assert may(people["adi"], "ledger.retry_delivery", Delivery.objects.get()) is True
