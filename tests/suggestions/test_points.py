"""Collection points: one centre, areas, points; list and plan are the same; hours keep their versions."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from suggestions.actions import points as acts
from suggestions.actions.suggestion_drafts import keep_draft
from suggestions.documents import papers
from suggestions.models import CollectionPoint, Suggestion
from suggestions.queries.points import with_hours
from tests.conftest import EVERYONE
from tests.suggestions.point_builders import area, centre, spot, where

DAY = dt.timedelta(days=1)
COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    ("add_point", "edit_point", "set_point_hours", "close_point", "reopen_point"), COMMITTEE
)


def at(name, *things):
    return reverse(f"suggestions:{name}", args=[thing.pk for thing in things])


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    point = centre(people, places.here)
    assert {act for act in WHO_MAY if may(people[person], f"suggestions.{act}", point)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


def test_a_point_belongs_to_an_area_and_an_area_to_the_one_centre(people, places):
    heart = centre(people, places.here)
    east = area(people, places.here)
    hall = spot(people, places.here, east)
    assert [(p.number, p.kind, p.belongs_to) for p in CollectionPoint.objects.all()] == [
        (1, "centre", None), (2, "area", heart), (3, "point", east),
    ]  # fmt: skip
    with pytest.raises(Refused, match="中心只有一个"):
        acts.add_point(
            places.here, kind="centre", name="二心", hours="全天", by=people["chen"],
            **where(90, 90),
        )  # fmt: skip
    for kind, above in [("point", heart), ("area", east), ("point", hall), ("area", None)]:
        with pytest.raises(Refused, match="归中心管"):
            acts.add_point(
                places.here, kind=kind, name="别的", hours="全天", by=people["chen"],
                **where(90, 90, belongs_to=above),
            )  # fmt: skip
    there = centre(people, places.there, "fang")
    with pytest.raises(Refused, match="归中心管"):
        acts.edit_point(east, name="东片", by=people["chen"], **where(20, 20, belongs_to=there))


def test_two_points_can_be_told_apart_on_the_plan(people, places):
    centre(people, places.here)
    with pytest.raises(Refused, match="离“一心”太近"):
        area(people, places.here, x=54, y=46)
    area(people, places.here, x=56, y=50)


def test_the_database_holds_one_centre_and_the_plan_s_edge(people, places):
    heart = centre(people, places.here)
    here = CollectionPoint.objects.filter(pk=heart.pk)
    second = CollectionPoint(
        neighbourhood=places.here, kind="centre", name="二心", number=2, x=0, y=0, address="楼下",
        duty_name="王", duty_phone="1", added_by=people["chen"],
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="one_collection_centre"), transaction.atomic():
        second.save(force_insert=True)
    for change, sentence in [
        ({"x": 101}, "a_collection_point_is_on_the_plan"),
        ({"belongs_to_id": heart.pk}, "all_but_the_collection_centre_belong_to_one"),
        ({"closed_at": timezone.now()}, "a_closed_collection_point_says_why"),
        ({"mailbox_days": 7}, "a_mailbox_is_opened_again_and_again"),
    ]:
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            here.update(**change)


def test_hours_keep_their_versions(people, places):
    point = centre(people, places.here)
    today = timezone.localdate()
    acts.set_point_hours(point, since=today + 3 * DAY, words="只开周六", by=people["lin"])
    now = lambda day: with_hours(CollectionPoint.objects.all(), day).get().hours_now  # noqa: E731
    assert (now(today), now(today + 2 * DAY), now(today + 3 * DAY)) == (
        "周一到周五 9:00–16:30", "周一到周五 9:00–16:30", "只开周六",
    )  # fmt: skip
    acts.set_point_hours(point, since=today + 3 * DAY, words="只开周日", by=people["chen"])
    assert [one.words for one in point.hours.all()] == ["只开周日", "周一到周五 9:00–16:30"]
    with pytest.raises(Refused, match="今天或以后"):
        acts.set_point_hours(point, since=today - DAY, words="早就", by=people["chen"])


def test_a_closed_point_is_off_list_and_plan_until_it_opens_again(client, people, places):
    east = area(people, places.here)
    heart = east.belongs_to
    with pytest.raises(Refused, match="还有征集点归它管"):
        acts.close_point(heart, reason="装修", by=people["chen"])
    acts.close_point(east, reason="装修", by=people["chen"])
    assert "东片" not in client.get(at("point_list")).content.decode()
    assert client.get(at("point", east)).status_code == 404
    client.force_login(people["chen"])
    assert "装修" in client.get(at("point", east)).content.decode()
    with pytest.raises(Refused, match="已经停用"):
        acts.close_point(east, reason="再停", by=people["chen"])
    acts.reopen_point(east, by=people["chen"])
    with pytest.raises(Refused, match="在用"):
        acts.reopen_point(east, by=people["chen"])
    client.logout()
    assert "东片" in client.get(at("point_list")).content.decode()


def test_list_and_plan_lead_to_the_same_points_in_the_same_order(client, people, places):
    heart = centre(people, places.here)
    areas = [area(people, places.here, name=f"片{n}", x=10 + 30 * n, y=20) for n in range(3)]
    spots = [
        spot(people, places.here, areas[n % 3], name=f"点{n}", x=8 + 9 * (n % 10), y=70 + 10 * (n // 10))
        for n in range(20)
    ]  # fmt: skip
    centre(people, places.there, "fang")
    page = client.get(at("point_list"), {"place": "caoyang-one"}).content.decode()
    plan, _svg, listed = page[page.index("<svg viewBox") :].partition("</svg>")
    led_to = [re.findall(r"/points/([0-9a-f-]{36})/", part) for part in (plan, listed)]
    assert led_to[0] == led_to[1] == [str(p.pk) for p in (heart, *areas, *spots)]
    assert len(led_to[0]) == 24
    assert "一共 24 个" in page
    names = re.findall(r'aria-label="(\d+ [^"]+)"', plan)
    assert names == [f"{p.number} {p.name}" for p in (heart, *areas, *spots)]


def test_a_reader_sees_the_plan_of_home(client, people, places, households):
    centre(people, places.there, "fang", duty_name="方老师")
    centre(people, places.here)
    client.force_login(people["hu"])
    assert "<h2>曲阳一村</h2>" in client.get(at("point_list")).content.decode()
    client.force_login(people["wang"])
    assert "<h2>曹杨一村</h2>" in client.get(at("point_list")).content.decode()


def test_the_poster_leads_to_the_form_with_the_point_filled_in(client, people, places, settings):
    settings.SITE_URL = "https://portal.example"
    point = centre(people, places.here)
    assert papers.suggest_address(point) == (
        f"https://portal.example/suggestions/new/?point={point.pk}"
    )
    client.force_login(people["chen"])
    answer = client.get(at("point_poster", point))
    assert answer.headers["Content-Type"] == "application/pdf"
    import io

    import pypdf

    read = pypdf.PdfReader(io.BytesIO(answer.content))
    text = "".join(read.pages[0].extract_text().split())
    assert len(read.pages) == 1
    for words in ("有话请说", "一心", "周一到周五9:00–16:30", "王老师", "021-55550101"):
        assert words in text
    client.force_login(people["fang"])
    assert client.get(at("point_poster", point)).status_code == 404


def test_what_was_scanned_at_a_point_says_so(client, people, places, households):
    point = centre(people, places.here)
    client.force_login(people["wang"])
    client.get(at("suggest"), {"point": "天书"})
    client.get(at("suggest"), {"point": str(point.pk)})
    draft = keep_draft(
        places.here, people["wang"], category="other", where_said=True, title="多放长椅",
        reasons="走累了没处坐。",
    )  # fmt: skip
    sent = client.post(
        reverse("suggestions:make_suggestion", args=["name"]), {"name_shown": "masked"}
    )
    assert (sent.status_code, draft.title) == (302, "多放长椅")
    assert Suggestion.objects.get().source_note == "在“一心”扫码"
    assert "suggested_at" not in client.session


def test_the_committee_keeps_them_on_the_desk(client, people, places):
    client.force_login(people["chen"])
    given = {
        "kind": "centre", "name": "一心", "hours": "全天", "address": "居委会", "x": "50", "y": "40",
        "duty_name": "陈老师", "duty_phone": "021-1", "mailbox_days": "7", "belongs_to": "",
        "building": "",
    }  # fmt: skip
    assert client.post(at("add_point", places.here), given).status_code == 302
    point = CollectionPoint.objects.get()
    assert (point.mailbox_days, point.mailbox_since) == (7, timezone.localdate())
    changed = given | {"address": "老年活动室", "mailbox_days": ""}
    assert client.post(at("edit_point", point), changed).status_code == 302
    point.refresh_from_db()
    assert (point.address, point.mailbox_days) == ("老年活动室", None)
    day = (timezone.localdate() + DAY).isoformat()
    assert (
        client.post(at("set_point_hours", point), {"since": day, "words": "周六"}).status_code
        == 302
    )
    assert client.post(at("close_point", point), {"reason": "装修"}).status_code == 302
    page = client.get(at("desk_point", point)).content.decode()
    assert ("装修" in page, "周六" in page) == (True, True)
    assert client.post(at("reopen_point", point)).status_code == 302


@pytest.mark.parametrize("name", ["point_list", "point_desk"])
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places):
    east = area(people, places.here)
    client.force_login(people["chen"])

    def cost():
        client.get(at(name))
        with CaptureQueriesContext(connection) as asked:
            client.get(at(name))
        return len(asked)

    alone = cost()
    for n in range(3):
        spot(people, places.here, east, name=f"点{n}", x=40 + 10 * n, y=80)
    assert cost() == alone
