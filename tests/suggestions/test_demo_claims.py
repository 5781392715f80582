"""The demonstration's claims: every step is there, and nothing waits without a day."""

import datetime as dt
from collections import Counter

from caoyang_portal.community.models import Neighbourhood, Organisation, Posting, User
from caoyang_portal.demo import ACCOUNTS
from suggestions.demo.claims import DEPARTMENT, tell_claims
from suggestions.models import Claim, VisitFinding
from tests.suggestions.claim_builders import stocked

OFFICES = {
    "committee": "committee",
    "colleague": "committee",
    "street": "street_official",
    "department": "department",
}


def test_the_story_is_told_once_and_every_step_is_in_it(places):
    stocked()
    two = Neighbourhood.objects.create(
        sub_district=places.street, name="曹杨二村", code="caoyang-two"
    )
    unit = Organisation.objects.create(
        sub_district=places.street, kind="department", name=DEPARTMENT
    )
    for account in ACCOUNTS:
        user = User.objects.create_user(account.phone, name=account.name)
        office = OFFICES.get(account.key)
        if office:
            Posting.objects.create(
                user=user, office=office, sub_district=places.street,
                neighbourhood=two if office == "committee" else None,
                organisation=unit if office == "department" else None, since=dt.date(2020, 1, 1),
            )  # fmt: skip
    assert tell_claims(two, lambda line: None)
    assert not tell_claims(two, lambda line: None)
    assert Counter(Claim.objects.values_list("state", flat=True)) == {
        "made": 2, "in_progress": 3, "replied": 1, "supervised": 1, "closed": 1, "referred": 1,
    }  # fmt: skip
    assert Claim.objects.get(state="supervised").round == 2
    assert Claim.objects.get(rung__gt=0).title == "晾衣架松了"
    assert VisitFinding.objects.open().get().text == "晚上想用活动室"
