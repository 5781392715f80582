"""Who may appoint whom."""

import datetime as dt

import pytest

from caoyang_portal.authority import may
from caoyang_portal.community.models import Posting
from tests.conftest import EVERYONE

WHO_MAY = {"appoint": {"adi"}}


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, places):
    posting = Posting(
        user=people["sun"],
        office="committee",
        sub_district=places.street,
        neighbourhood=places.here,
        since=dt.date(2026, 1, 1),
    )
    allowed = {who for who in EVERYONE if may(people[who], f"community.{act}", posting)}
    assert allowed == WHO_MAY[act]


def test_nobody_appoints_themselves(people, places):
    posting = Posting(user=people["adi"], office="auditor", sub_district=places.street)
    assert may(people["adi"], "community.appoint", posting) is False
