"""Who may do what with messages."""

import pytest

from caoyang_portal.authority import may
from caoyang_portal.notices.models import Notice, Preference, Sending
from tests.conftest import EVERYONE

WHO_MAY = {
    "read_notices": {"wang"},  # her own
    "set_preference": {"wang"},
    "see_sendings": {"chen", "lin", "adi", "fang"},
    "retry_sending": {"chen", "lin", "adi"},  # not the committee next door
}


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, places):
    subject = {
        "read_notices": Notice(reader=people["wang"]),
        "set_preference": Preference(user=people["wang"]),
        "see_sendings": None,
        "retry_sending": Sending(reader=people["wang"], neighbourhood_id=places.here.pk),
    }[act]
    assert may(people[person], f"notices.{act}", subject) is (person in WHO_MAY[act])


@pytest.mark.parametrize("person", EVERYONE)
def test_a_code_belongs_to_no_place_and_only_to_administrators(person, people):
    code = Sending(reader=people["wang"])
    assert may(people[person], "notices.retry_sending", code) is (person == "adi")
