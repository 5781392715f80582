"""What everybody may take away: feed, files, interface; and what of a person is in none of them."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from suggestions import interface
from suggestions.actions import suggestion_answers as answers
from suggestions.actions import suggestion_intake as intake
from suggestions.models import Suggestion
from suggestions.queries.opening import FIELDS
from tests.suggestions.finding_builders import suggested
from tests.suggestions.suggestion_builders import entered, made, photo, unit

ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = (
    "suggestion_list", "suggestion_feed", "open_data", "open_data_csv", "open_data_json",
    "suggestion_figures", "suggestion_figures_csv", "api_suggestions", "api_description",
)  # fmt: skip


def got(client, name, *args, **query):
    response = client.get(reverse(f"suggestions:{name}", args=args), query)
    assert response.status_code == 200
    return response.getvalue().decode()


def api(client, *args, **query):
    name = "api_suggestion" if args else "api_suggestions"
    return json.loads(got(client, name, *args, **query))


def right(body, schema):
    whole = {**schema, "components": interface.document("")["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(
        body
    )


@pytest.fixture
def answered(people, places, announced):
    """One of 王桂芳's that was looked at, handed over and answered in part."""
    one = made(people, places, title="花坛边上装充电桩")
    words = {"title": one.title, "reasons": one.reasons, "measures": one.measures}
    one = intake.publish_suggestion(one, **words, by=people["chen"])
    one = intake.acknowledge_suggestion(one, by=people["chen"])
    one = intake.assign_suggestion(one, unit=unit(people, places), by=people["chen"])
    answers.reply_suggestion(
        one, verdict="partly", text="先装六个。", why="变压器不够。", by=people["deng"]
    )
    one.refresh_from_db()
    return one


def test_a_suggestion_as_a_program_gets_it(client, answered):
    body = api(client, answered.pk)
    right(body, interface.schema_of_suggestion())
    assert body == {
        "id": str(answered.pk),
        "number": answered.number,
        "neighbourhood": "caoyang-one",
        "neighbourhood_name": "曹杨一村",
        "building": None,
        "category": "traffic",
        "title": "花坛边上装充电桩",
        "reasons": "飞线充电不安全。",
        "measures": "花坛边上装桩。",
        "state": answered.state,
        "supporters": 1,
        "submitted_on": body["submitted_on"],
        "reply_by": answered.reply_by.isoformat(),
        "unit": "城建中心",
        "verdict": "partly",
        "reply": "先装六个。",
        "reply_reason": "变压器不够。",
        "replied_on": body["replied_on"],
        "outcome": None,
        "done_on": None,
    }


def test_pages_of_the_interface_lead_on_to_every_one(client, places):
    all_of_them = {str(suggested(places.here, f"第{n}条").pk) for n in range(7)}
    suggested(places.here, "还没公开", published_at=None)
    seen, address = [], reverse("suggestions:api_suggestions") + "?limit=3"
    while address:
        page = json.loads(client.get(address).content)
        right(page, interface.schema_of_page())
        assert (page["count"], page["count_is_exact"]) == (7, True)
        seen += [one["id"] for one in page["suggestions"]]
        address = page["next"]
    assert (len(seen), set(seen)) == (7, all_of_them)


def test_filters_of_the_interface(client, places):
    suggested(places.here, "装扶手", category="elderly")
    suggested(places.there, "修电梯", category="housing")
    for query in ({"q": "扶手"}, {"neighbourhood": "caoyang-one"}, {"category": "elderly"}):
        assert [one["title"] for one in api(client, **query)["suggestions"]] == ["装扶手"]
    assert len(api(client, year=2026, state="submitted")["suggestions"]) == 2
    assert api(client, year=2025)["suggestions"] == []


@pytest.mark.parametrize(
    "query",
    [{"limit": 1000}, {"ordering": "proposer_phone"}, {"state": "withdrawn"}, {"year": "x"}],
)
def test_what_is_asked_wrongly_is_said(client, db, query):
    response = client.get(reverse("suggestions:api_suggestions"), query)
    assert response.status_code == 400
    right(response.json(), interface.PROBLEM)
    assert list(query) == [response.json()["error"].rpartition("：")[2]]


def test_what_has_not_changed_is_not_sent_again(client, places):
    one = suggested(places.here, "装扶手")
    for name, args in [
        ("api_suggestions", []), ("api_suggestion", [one.pk]), ("suggestion_feed", []),
        ("api_description", []),
    ]:  # fmt: skip
        address = reverse(f"suggestions:{name}", args=args)
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    Suggestion.objects.filter(pk=one.pk).update(title="装两个扶手")
    address = reverse("suggestions:api_suggestion", args=[one.pk])
    assert client.get(address, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("name", "times"), [("api_suggestions", 120), ("suggestion_feed", 120), ("open_data_csv", 10)]
)
def test_who_asks_too_often_waits_and_nobody_else(client, db, monkeypatch, name, times):
    counts = {}

    def allow(key, limit, seconds):
        counts[key] = counts.get(key, limit - 1) + 1
        return counts[key] <= limit

    monkeypatch.setattr("suggestions.views.opening.allow", allow)
    address = reverse(f"suggestions:{name}")
    assert client.get(address).status_code == 200
    refused = client.get(address)
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    right(refused.json(), interface.PROBLEM)
    assert client.get(address, REMOTE_ADDR="10.9.8.7").status_code == 200
    assert times >= 10


def test_files_hold_every_public_one_and_no_formula(client, places):
    titles = ["=cmd|' /C calc'!A0", "装扶手"]
    for title in titles:
        suggested(places.here, title)
    suggested(places.here, "撤回的", state="withdrawn", next_step="", next_on=None)
    heading, *lines = csv.reader(io.StringIO(got(client, "open_data_csv").removeprefix("\ufeff")))
    assert heading == [field.name for field in FIELDS]
    assert [line[heading.index("title")] for line in lines] == [titles[1], "'" + titles[0]]
    records = json.loads(got(client, "open_data_json"))["suggestions"]
    assert [one["title"] for one in records] == titles[::-1]
    for one in records:
        right(one, interface.schema_of_suggestion())
    assert client.get(reverse("suggestions:open_data_json"), {"q": "扶手"}).status_code == 400
    assert json.loads(got(client, "open_data_json", year=2020)) == {"suggestions": []}


def test_a_file_goes_on_over_its_pieces(client, places, monkeypatch):
    monkeypatch.setattr("suggestions.queries.opening.PIECE", 2)
    made = [str(suggested(places.here, f"第{n}条").pk) for n in range(5)]
    records = json.loads(got(client, "open_data_json"))["suggestions"]
    assert [one["id"] for one in records] == made[::-1]


def test_the_feed_is_atom_and_bears_strange_letters(client, places):
    suggested(places.here, "装\x0b扶手 <b>&", "理\x08由")
    suggested(places.there, "修电梯")
    feed = ET.fromstring(got(client, "suggestion_feed"))
    assert [e.findtext(f"{ATOM}title") for e in feed.iter(f"{ATOM}entry")] == [
        "修电梯",
        "装扶手 <b>&",
    ]
    assert feed.find(f".//{ATOM}author") is None
    here = ET.fromstring(got(client, "suggestion_feed", neighbourhood="caoyang-one"))
    assert len(list(here.iter(f"{ATOM}entry"))) == 1


def test_the_page_names_every_field_in_both_languages(client, db):
    for language in ("zh-hans", "en"):
        page = client.get(reverse("suggestions:open_data"), headers={"Accept-Language": language})
        for field in FIELDS:
            assert f"<code>{field.name}</code>" in page.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_one_or_three_take_the_same_queries(client, places, answered, name):
    address = reverse(f"suggestions:{name}")
    client.get(address)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(address))
        return len(queries)

    with_one = asked()
    suggested(places.here, "装扶手", unit=answered.unit)
    suggested(places.here, "装椅子", unit=answered.unit)
    assert asked() == with_one


MARK = "绝密"


def test_nothing_confided_is_in_anything_open(client, people, places, announced):
    """A mark in every field that is not for everybody, and no open page or file that shows it."""
    people["wang"].name = f"{MARK}本人"
    people["wang"].save(update_fields=["name"])
    chen = people["chen"]
    one = made(
        people, places, reasons=f"{MARK}原话：找王桂芳 13800000101", measures=f"{MARK}办法",
        title=f"{MARK}原题", name_shown="public", photos=[photo(places.here, people["wang"])],
        spot=f"{MARK}门牌",
    )  # fmt: skip
    two = entered(
        people, places, proposer_name=f"{MARK}阿婆", proposer_phone="+8613911112222",
        source_note=f"{MARK}来源",
    )  # fmt: skip
    unseen = made(people, places, title=f"{MARK}未公开", who="zhao")
    for each in (one, two):
        words = {"title": "装充电桩", "reasons": "不安全。", "measures": "装桩。"}
        intake.publish_suggestion(each, **words, change_reason=f"{MARK}改动", by=chen)
        intake.acknowledge_suggestion(each, by=chen)
        intake.assign_suggestion(each, unit=unit(people, places), by=chen)
        answers.add_suggestion_note(each, text=f"{MARK}备注", by=chen)
    shown = []
    for name in LISTS:
        shown.append(got(client, name))
    for each in (one, two):
        shown.append(got(client, "api_suggestion", each.pk))
    for name in ("suggestion_list", "api_suggestions"):
        shown += [got(client, name, q=word) for word in (MARK, "13911112222", "王桂芳")]
    confided = (MARK, "13911112222", "139****2222", "13800000101")
    for page in shown:
        # What one looked for is repeated in the field, and in where to come back to.
        said = re.sub('<input type="(search|hidden)"[^>]*>', "", page)
        assert [word for word in confided if word in said] == []
    assert client.get(reverse("suggestions:api_suggestion", args=[unseen.pk])).status_code == 404
    for mark in (MARK, "阿婆", "13911112222"):
        assert api(client, q=mark)["suggestions"] == []
