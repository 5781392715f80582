"""What office holders do with a file: read, unmask, edit, note, hand over."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from households.actions import exports, files, members, visits
from households.actions.locking import Changed
from households.models import CareTag, FileReading, Household, Member, SavedFilter, Visit


def acts(household):
    return [e.act.removeprefix("households.") for e in Entry.objects.of(household.ledger_chain)]


def test_opening_a_file_is_noted_once_a_day_for_each_reader(people, household):
    for _ in range(3):
        files.read_file(household, by=people["chen"])
    files.read_file(household, by=people["lou"])
    assert list(
        FileReading.objects.order_by("pk").values_list("reader__name", "what", "office")
    ) == [("陈静", "file", "committee"), ("楼建国", "file", "building_leader")]
    FileReading.objects.filter(reader=people["chen"]).update(
        at=timezone.now() - dt.timedelta(days=1)
    )
    files.read_file(household, by=people["chen"])
    assert FileReading.objects.filter(reader=people["chen"]).count() == 2
    assert acts(household) == ["read_file"] * 3


def test_a_stranger_opens_nothing(people, household):
    for who in ("fang", "hu", "gu", "root", "shen"):
        with pytest.raises(PermissionDenied):
            files.read_file(household, by=people[who])
    assert FileReading.objects.count() == 0


def test_a_whole_number_is_seen_with_a_reason_the_household_can_read(people, household):
    wang = household.members.get()
    with pytest.raises(Refused, match="请写明为什么要看"):
        files.unmask_number(wang, what=FileReading.What.PHONE, reason="  ", by=people["chen"])
    shown = files.unmask_number(
        wang, what=FileReading.What.PHONE, reason="约上门时间", by=people["chen"]
    )
    assert shown == "+8613800000101"
    assert list(FileReading.objects.values_list("what", "reason", "office")) == [
        ("phone", "约上门时间", "committee")
    ]
    entry = Entry.objects.of(household.ledger_chain).get()
    assert entry.facts == {
        "member": str(wang.pk),
        "what": "phone",
    }  # not the number, not the words
    with pytest.raises(PermissionDenied):
        files.unmask_number(wang, what=FileReading.What.ID_NUMBER, reason="x", by=people["lou"])


def test_care_tags_are_read_with_a_reason(people, household):
    visits.add_care_tag(
        household, kind=CareTag.Kind.LIVING_ALONE, note="子女在外地", by=people["chen"]
    )
    with pytest.raises(Refused):
        files.read_care_tags(household, reason="", by=people["chen"])
    tags = files.read_care_tags(household, reason="安排上门", by=people["chen"])
    assert [(t.kind, t.note) for t in tags] == [("living_alone", "子女在外地")]
    assert FileReading.objects.get().what == "care"
    for who in ("lou", "deng", "fang"):
        with pytest.raises(PermissionDenied):
            files.read_care_tags(household, reason="看看", by=people[who])


def test_a_care_tag_runs_out_and_may_be_set_again(people, household):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    tag = visits.add_care_tag(household, kind=CareTag.Kind.PREGNANCY, by=people["chen"])
    with pytest.raises(Refused, match="已有这个标签"):
        visits.add_care_tag(household, kind=CareTag.Kind.PREGNANCY, by=people["chen"])
    CareTag.objects.filter(pk=tag.pk).update(until=yesterday)
    assert files.read_care_tags(household, reason="核对", by=people["chen"]) == []
    again = visits.add_care_tag(household, kind=CareTag.Kind.PREGNANCY, by=people["lin"])
    visits.remove_care_tag(again, by=people["lin"])
    with pytest.raises(Refused, match="已经移除"):
        visits.remove_care_tag(again, by=people["lin"])


def test_two_colleagues_edit_one_file_and_the_second_is_shown_both_values(people, household):
    files.edit_household(
        household, version=1, values={"living_area": Decimal("21.00")}, by=people["chen"]
    )
    with pytest.raises(Changed) as conflict:
        files.edit_household(
            household,
            version=1,
            values={"living_area": Decimal("23.50")},
            by=people["lin"],
        )
    household.refresh_from_db()
    assert str(household.living_area) == "21.00"
    assert conflict.value.version == 2 == household.version
    assert {k: tuple(map(str, v)) for k, v in conflict.value.differing.items()} == {
        "living_area": ("21.00", "23.50")
    }
    assert acts(household) == ["edit_household"]


def test_the_ledger_tells_the_dwelling_s_values_and_only_the_names_of_personal_fields(
    people, household
):

    files.edit_household(
        household,
        version=1,
        values={"living_area": Decimal("23.50"), "remark": "王阿姨腿脚不便"},
        by=people["chen"],
    )
    entry = Entry.objects.of(household.ledger_chain).get()
    assert entry.facts == {
        "fields": ["living_area", "remark"],
        "changes": {"living_area": ["20.50", "23.50"]},
    }


def test_nothing_but_the_file_s_facts_can_be_edited(people, household):
    with pytest.raises(ValueError, match="not editable"):
        files.edit_household(
            household, version=1, values={"neighbourhood_id": None}, by=people["chen"]
        )


def test_the_holder_s_death_makes_the_household_wait_for_the_succession(people, household):
    wang = household.members.get()
    members.record_death(wang, by=people["chen"])
    household.refresh_from_db()
    assert household.special == "inheritance"
    assert list(Household.objects.of(people["wang"])) == []  # the login ends with its owner
    with pytest.raises(Refused, match="已经登记过"):
        members.record_death(wang, by=people["chen"])


def member_values(**changed):
    values = {
        "role": "co_owner",
        "name": "王小明",
        "relation": "儿子",
        "phone": "+8613800000111",
        "id_number": "",
        "is_registered": True,
        "lived_since": None,
        "has_other_housing": None,
        "housing_difficulty": None,
        "capacity": "full",
        "guardian": "",
    }
    return values | changed


def test_a_co_owner_joins_is_found_by_pinyin_and_leaves(people, household):
    from households.queries.search import find_households

    son = members.add_member(household, version=1, values=member_values(), by=people["chen"])
    assert list(find_households(Household.objects.all(), "wxm")) == [household]
    with pytest.raises(Refused, match="已有承租人或产权人"):
        members.edit_member(son, version=2, values={"role": "holder"}, by=people["chen"])
    with pytest.raises(Refused, match="监护人"):
        members.edit_member(son, version=2, values={"capacity": "none"}, by=people["chen"])
    members.end_membership(son, reason="产权已变更", by=people["chen"])
    son.refresh_from_db()
    assert son.left_at is not None
    assert list(find_households(Household.objects.all(), "wxm")) == []
    assert acts(household) == ["end_membership", "add_member"]


def test_a_stale_edit_of_a_member_shows_both_values(people, household):
    wang = household.members.get()
    members.edit_member(wang, version=1, values={"relation": "本人"}, by=people["chen"])
    with pytest.raises(Changed) as conflict:
        members.edit_member(wang, version=1, values={"relation": "户主"}, by=people["lin"])
    assert conflict.value.differing == {"relation": ("本人", "户主")}


def test_a_visit_is_noted_by_the_building_leader_and_plans_the_next(people, household, households):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    visits.add_visit(
        household,
        way=Visit.Way.DOOR,
        outcome=Visit.Outcome.WILLING,
        text="愿意签，等儿子周末回来",
        next_on=tomorrow,
        by=people["lou"],
    )
    household.refresh_from_db()
    assert household.next_contact_on == tomorrow
    entry = Entry.objects.of(household.ledger_chain).get()
    assert set(entry.facts) == {"visit", "way"}  # what was said stays out of the ledger
    with pytest.raises(PermissionDenied):
        visits.add_visit(
            households.zhao, way=Visit.Way.DOOR, outcome=Visit.Outcome.MET, by=people["lou"]
        )


def test_households_are_handed_over_all_or_none(people, households):
    ours = [households.wang, households.zhao]
    assert files.assign_responsible(ours, responsible=people["lin"], by=people["chen"]) == 2
    with pytest.raises(PermissionDenied):
        files.assign_responsible(
            [households.wang, households.hu], responsible=people["chen"], by=people["chen"]
        )
    with pytest.raises(Refused, match="不管"):  # the leader of building 3 has no say in building 9
        files.assign_responsible(ours, responsible=people["lou"], by=people["chen"])
    assert set(Household.objects.values_list("room", "responsible__name")) == {
        ("101", "林红"),
        ("202", "林红"),
        ("102", None),
        ("101", None),
    }


def test_an_export_is_read_about_by_every_household_in_it(people, households):
    with pytest.raises(Refused, match="用途"):
        exports.export_households(
            [households.wang],
            columns=["address"],
            is_unmasked=False,
            reason=" ",
            by=people["chen"],
        )
    export = exports.export_households(
        [households.wang, households.zhao],
        columns=["address", "holders"],
        is_unmasked=False,
        reason="上门排班",
        by=people["chen"],
    )
    assert set(FileReading.objects.values_list("household", "what", "reason")) == {
        (households.wang.pk, "export", "上门排班"),
        (households.zhao.pk, "export", "上门排班"),
    }
    entry = Entry.objects.of(export.ledger_chain).get()
    assert entry.facts == {"rows": 2, "columns": ["address", "holders"], "is_unmasked": False}
    with pytest.raises(PermissionDenied):
        exports.export_households(
            [households.wang, households.hu],
            columns=["address"],
            is_unmasked=False,
            reason="看看",
            by=people["chen"],
        )


def test_a_filter_is_kept_under_its_name_and_dropped_by_its_owner(people, places):
    saved = exports.save_filter(
        places.here, name="三号楼", query="q=3", is_shared=True, by=people["chen"]
    )
    exports.save_filter(
        places.here, name="三号楼", query="q=3-1", is_shared=True, by=people["chen"]
    )
    assert list(SavedFilter.objects.values_list("name", "query")) == [("三号楼", "q=3-1")]
    assert list(SavedFilter.objects.visible_to(people["lin"])) == [saved]
    assert list(SavedFilter.objects.visible_to(people["fang"])) == []
    with pytest.raises(PermissionDenied):
        exports.drop_filter(saved, by=people["lin"])
    exports.drop_filter(saved, by=people["chen"])
    assert SavedFilter.objects.count() == 0


def test_a_special_state_needs_its_grounds(people, household):
    with pytest.raises(Refused, match="依据"):
        files.mark_special(
            household, special=Household.Special.SEALED_OFF, reason="", by=people["chen"]
        )
    files.mark_special(
        household, special=Household.Special.SEALED_OFF, reason="法院查封", by=people["chen"]
    )
    files.mark_special(household, special=Household.Special.NONE, reason="", by=people["lin"])
    assert [e.facts for e in Entry.objects.of(household.ledger_chain)] == [
        {"before": "sealed_off", "now": ""},
        {"before": "", "now": "sealed_off"},
    ]
    assert Member.objects.filter(household=household).count() == 1
