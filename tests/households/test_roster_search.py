"""Whatever somebody remembers of a household finds it (查找户)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caoyang_portal.community.models import Building
from caoyang_portal.confidential import blind_index
from households.models import Household, Member
from households.queries.search import find_households, search_text_for, spelled

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(places):
    """Six dwellings in buildings 3 and 9, and one in the next neighbourhood."""
    found = {}
    for building, room, name, phone in [
        (places.building, "502", "王桂芳", "+8619900510014"),
        (places.building, "101", "单雄信", "+8619900510101"),
        (places.next_building, "502", "尉迟恭", "+8619900510015"),
        (places.next_building, "1502", "曾国强", "+8613800138000"),
        (places.next_building, "12A", "万俟雪", ""),
        (places.building, "203", "Mary Wong", "+862162345678"),
        (places.far_building, "502", "王桂芳", "+8619900510014"),
    ]:
        household = Household.objects.create(
            neighbourhood=building.neighbourhood,
            building=building,
            door=f"{building.neighbourhood.name}{building.number}号",
            room=room,
            tenure="public_tenant",
            certificate_number=f"普曹租{building.number:02d}{room}",
        )
        member = Member(
            neighbourhood=building.neighbourhood,
            household=household,
            role="holder",
            name=name,
            phone=phone,
        )
        member.index_numbers()
        member.save()
        household.search_text = search_text_for(household, [member])
        household.save(update_fields=["search_text"])
        found[household.pk] = f"{building.number}-{room}"
    return found


def finds(homes, places, text):
    here = Household.objects.filter(neighbourhood=places.here)
    return sorted(homes[home.pk] for home in find_households(here, text))


FOUND = {
    "王桂芳": ["3-502"],
    "桂芳": ["3-502"],
    "wangguifang": ["3-502"],
    "WangGui": ["3-502"],
    "ｗｇｆ": ["3-502"],
    "wguif": ["3-502"],
    "王gf": ["3-502"],
    "王桂f": ["3-502"],
    "guifang": ["3-502"],
    "wang 3-502": ["3-502"],
    "shanxiongxin": ["3-101"],  # a surname's reading
    "danxiong": ["3-101"],  # and the ordinary one
    "sxx": ["3-101"],
    "yuchigong": ["9-502"],
    "zengguoqiang": ["9-1502"],
    "zgq": ["9-1502"],
    "moqixue": ["9-12A"],
    "mary": ["3-203"],
    "3-502": ["3-502"],
    "3号楼502": ["3-502"],
    "三号五零二": ["3-502"],
    "３号楼５０２室": ["3-502"],
    "3幢502室": ["3-502"],
    "502室": ["3-502", "9-502"],
    "502": ["3-502", "9-502"],
    "九号楼": ["9-12A", "9-1502", "9-502"],
    "曹杨一村3号": ["3-101", "3-203", "3-502"],
    "12a": ["9-12A"],
    "0014": ["3-502"],
    "199 0051 0014": ["3-502"],
    "+86 13800138000": ["9-1502"],
    "普曹租09502": ["9-502"],
    "王国强": [],
    "'; --": [],
    "(.*": [],
    "3-": ["3-101", "3-203", "3-502"],
    "wong": ["3-203"],
    "  ": ["3-101", "3-203", "3-502", "9-12A", "9-1502", "9-502"],
}


@pytest.mark.parametrize("text", FOUND)
def test_a_household_is_found_by_name_pinyin_room_and_number(text, homes, places):
    assert finds(homes, places, text) == sorted(FOUND[text])


def test_a_receipt_number_is_read_as_it_is_spoken(homes, places):
    assert finds(homes, places, "7K3M-9QXC-2B5T") == []


def test_somebody_who_left_is_not_found_by_their_number(homes, places):
    Member.objects.filter(phone_tail_index=blind_index("0014", "tail")).update(
        left_at="2020-01-01T00:00Z"
    )
    assert finds(homes, places, "0014") == []


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_search(text):
    assert list(find_households(Household.objects.all(), text)[:1]) == []


def test_a_surname_of_two_readings_stands_twice():
    assert spelled("曾国强") == "曾zeng国guo强qiang 曾ceng国guo强qiang"
    assert spelled("欧阳芳") == "欧ou阳yang芳fang"
    assert spelled("Mary Wong") == "mary wong"


def test_the_address_is_searched_without_a_household_s_own_query(
    places, django_assert_num_queries
):
    household = Household(
        building=Building(name="3号楼", number=3), door="曹杨一村3号", room="502", part="前楼"
    )
    with django_assert_num_queries(0):
        assert (
            search_text_for(household, [Member(name="王桂芳")])
            == "王wang桂gui芳fang|3号楼曹杨一村3号502室前楼"
        )
