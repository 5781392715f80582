"""The demonstration's points, mailbox, campaigns and keepsakes: all there, told once, and quickly."""

import datetime as dt
import time

import pytest
from django.db.models import Count

from caoyang_portal.community.models import Neighbourhood, Posting, User
from caoyang_portal.demo import ACCOUNTS
from suggestions.demo.campaigns import tell_campaigns
from suggestions.demo.keepsakes import tell_keepsakes
from suggestions.demo.points import tell_points
from suggestions.models import Campaign, CollectionPoint, Keepsake, Letter, MailboxRound
from suggestions.queries.campaigns import met_by_building
from tests.conftest import make_household

pytestmark = pytest.mark.usefixtures("announced")


@pytest.fixture
def place(places):
    """Caoyang Two with twenty homes, and the two of its committee."""
    two = Neighbourhood.objects.create(
        sub_district=places.street, name="曹杨二村", code="caoyang-two"
    )
    building = two.building_set.create(name="8号楼", number=8)
    for n in range(20):
        make_household(two, building, f"{101 + n}", f"住户{n}")
    for account in ACCOUNTS:
        user = User.objects.create_user(account.phone, name=account.name)
        if account.key in ("committee", "colleague"):
            Posting.objects.create(
                user=user, office="committee", sub_district=places.street, neighbourhood=two,
                since=dt.date(2020, 1, 1),
            )  # fmt: skip
    return two


@pytest.mark.parametrize("tell", [tell_points, tell_campaigns, tell_keepsakes])
def test_it_is_told_once_and_quickly(tell, place):
    said = []
    began = time.process_time()
    assert tell(place, said.append)
    assert time.process_time() - began < 3  # alone on a machine it is half of that
    assert not tell(place, said.append)
    assert len(said) == 1


def test_one_centre_three_areas_twenty_points_and_ten_letters_half_dealt_with(place):
    tell_points(place, lambda step: None)
    kinds = CollectionPoint.objects.values_list("kind").annotate(Count("pk"))
    assert dict(kinds) == {"centre": 1, "area": 3, "point": 20}
    opened = MailboxRound.objects.get()
    assert (opened.state, opened.counted, opened.counted_again) == ("confirmed", 10, 10)
    fates = Letter.objects.values_list("fate").annotate(Count("pk"))
    assert dict(fates) == {"suggestion": 3, "claim": 1, "neither": 1, "waiting": 5}


def test_two_calls_and_a_round_of_visits(place):
    tell_campaigns(place, lambda step: None)
    states = Campaign.objects.order_by("drafted_at").values_list("kind", "state")
    assert list(states) == [("call", "open"), ("call", "answered"), ("anti_fraud", "open")]
    rate = met_by_building(Campaign.objects.get(kind="anti_fraud"))[-1]
    assert (rate.total, rate.first, rate.both, rate.rate) == (20, 15, 18, "90.0%")


def test_a_dozen_keepsakes_most_of_them_on_show(place):
    tell_keepsakes(place, lambda step: None)
    states = Keepsake.objects.values_list("state").annotate(Count("pk"))
    assert dict(states) == {"shown": 8, "accepted": 2, "offered": 1, "declined": 1}
