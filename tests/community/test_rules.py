"""Who may appoint whom."""

import datetime as dt

import pytest

from caoyang_portal.authority import may
from caoyang_portal.community.models import Posting
from tests.conftest import EVERYONE

WHO_MAY = {"appoint": {"adi"}, "end_posting": {"adi"}}
WHO_MAY_WITH_CHEN_S_ACCOUNT = {
    "disable_account": {"adi"}, "enable_account": {"adi"}, "reset_second_factor": {"adi"},
}  # fmt: skip


@pytest.mark.parametrize("act", WHO_MAY_WITH_CHEN_S_ACCOUNT)
def test_who_may_touch_an_office_holder_s_account(act, people):
    def those_who_may(person):
        return {w for w in EVERYONE if may(people[w], f"community.{act}", people[person])}

    assert those_who_may("chen") == WHO_MAY_WITH_CHEN_S_ACCOUNT[act]
    # Oneself, next door, and who never held an office here.
    assert [those_who_may(person) for person in ("adi", "fang", "wang")] == [set()] * 3


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
