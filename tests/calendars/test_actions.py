"""Who may change the calendar, what is refused, and what the ledger keeps of it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from caoyang_portal.authority import may
from caoyang_portal.calendars import actions
from caoyang_portal.calendars.actions import GivenDay
from caoyang_portal.calendars.models import SpecialDay
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from tests.conftest import EVERYONE

TYPHOON = dt.date(2026, 11, 23)  # a Monday
WHO_MAY = {
    "set_special_day": {"adi"},
    "remove_special_day": {"adi"},
    "import_special_days": {"adi"},
}


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people):
    assert {who for who in EVERYONE if may(people[who], f"calendars.{act}", None)} == WHO_MAY[act]


def entries():
    return [(entry.act, entry.chain, entry.facts) for entry in Entry.objects.order_by("seq")]


def test_adi_enters_a_day_off_and_takes_it_back(announced, people):
    special = actions.set_special_day(
        TYPHOON,
        kind=SpecialDay.Kind.HOLIDAY,
        name="台风停工",
        source="市政府通告",
        by=people["adi"],
    )
    actions.remove_special_day(special, by=people["adi"])
    assert not SpecialDay.objects.filter(day=TYPHOON).exists()
    assert entries() == [
        (
            "calendars.set_special_day",
            "calendar:2026",
            {"day": "2026-11-23", "kind": "holiday", "before": None},
        ),
        (
            "calendars.remove_special_day",
            "calendar:2026",
            {"day": "2026-11-23", "before": "holiday"},
        ),
    ]


def test_chen_of_the_committee_may_not(announced, people):
    with pytest.raises(PermissionDenied):
        actions.set_special_day(
            TYPHOON, kind=SpecialDay.Kind.HOLIDAY, name="台风", source="", by=people["chen"]
        )
    assert (SpecialDay.objects.filter(day=TYPHOON).count(), entries()) == (0, [])


def test_a_weekday_is_worked_anyway(announced, people):
    with pytest.raises(Refused, match="2026-11-23 本来就要上班"):
        actions.set_special_day(
            TYPHOON, kind=SpecialDay.Kind.WORKDAY, name="调休", source="", by=people["adi"]
        )


def test_an_announcement_takes_the_place_of_its_year(announced, people):
    given = [
        GivenDay(dt.date(2027, 1, 1), SpecialDay.Kind.HOLIDAY, "元旦"),
        GivenDay(dt.date(2027, 1, 3), SpecialDay.Kind.WORKDAY, "元旦"),
    ]
    SpecialDay.objects.create(day=dt.date(2027, 5, 1), kind="holiday", name="劳动节")
    before = SpecialDay.objects.of_year(2026).count()
    assert actions.import_special_days(given, source="国办通知", by=people["adi"]) == 2
    assert list(SpecialDay.objects.of_year(2027).values_list("day", "kind", "source")) == [
        (dt.date(2027, 1, 1), "holiday", "国办通知"),
        (dt.date(2027, 1, 3), "workday", "国办通知"),
    ]
    assert SpecialDay.objects.of_year(2026).count() == before
    [(act, chain, facts)] = entries()
    assert (act, chain, facts["days"]) == ("calendars.import_special_days", "calendar:2027", 2)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], "文件里没有日期"),
        (["2026-12-31", "2027-01-01"], "只放一年"),
        (["2027-01-01", "2027-01-01"], "重复的日期"),
    ],
)
def test_a_doubtful_announcement_changes_nothing(announced, people, days, said):
    given = [GivenDay(dt.date.fromisoformat(d), SpecialDay.Kind.HOLIDAY, "元旦") for d in days]
    before = list(SpecialDay.objects.values_list("day", "kind"))
    with pytest.raises(Refused, match=said):
        actions.import_special_days(given, source="", by=people["adi"])
    assert list(SpecialDay.objects.values_list("day", "kind")) == before
