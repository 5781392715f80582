"""The auditor reads, the administrator mends, nobody else finds a door."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caoyang_portal.community.models import Posting, SubDistrict
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Delivery, Entry
from caoyang_portal.ledger.queries import entries_of
from caoyang_portal.ledger.wording import describe, label_acts


@pytest.fixture
def dead(thing, enter, subscribers):
    subscribers["a.b"] = {"t.hear": lambda entry: None}
    enter("a.b", thing)
    Delivery.objects.update(dead_at=timezone.now(), attempts=12, last_error="LookupError")
    return Delivery.objects.get()


@pytest.mark.parametrize("url", ["/ledger/entries/", "/ledger/dead-letters/"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("passerby", 302), ("wang", 403), ("chen", 403), ("root", 403), ("shen", 200), ("adi", 200)],
)
def test_who_opens_the_pages(url, person, status, people, client):
    if person != "passerby":
        client.force_login(people[person])
    assert client.get(url).status_code == status


def test_the_auditor_finds_by_chain_act_and_day(people, thing, other, enter, client):
    label_acts({"a.b": "签了字"})
    enter("a.b", thing, by=people["wang"], n=1)
    enter("a.c", thing)
    enter("a.b", other)
    client.force_login(people["shen"])

    def rows(**asked):
        html = client.get("/ledger/entries/", asked).content.decode()
        return html.count("<article")

    today = timezone.localdate().isoformat()
    assert rows() == 3
    assert rows(chain="household:1") == 2
    assert rows(chain="household:1", act="a.b") == 1
    assert rows(day=today) == 3
    assert rows(day="2020-01-01") == 0
    html = client.get("/ledger/entries/", {"chain": "household:1"}).content.decode()
    assert "签了字" in html
    assert "王*芳" in html
    assert "王桂芳" not in html
    assert "到点自动" in html


def test_another_neighbourhood_s_record_is_not_there(people, places, thing, enter, client):
    thing.neighbourhood_id = places.there.pk
    enter("a.b", thing)
    client.force_login(people["shen"])
    html = client.get("/ledger/entries/", {"chain": "household:1"}).content.decode()
    assert "没有找到记录" in html


@pytest.mark.parametrize("odd", ["'); --", "\0", "x" * 10_000, "%s"])
def test_odd_searches_find_nothing_and_break_nothing(odd, people, client):
    client.force_login(people["shen"])
    for name in ("chain", "act", "day", "page"):
        assert client.get("/ledger/entries/", {name: odd}).status_code == 200


@pytest.mark.parametrize("url", ["/ledger/entries/", "/ledger/dead-letters/"])
def test_three_rows_cost_no_more_queries_than_one(url, people, thing, enter, subscribers, client):
    subscribers["a.b"] = {"t.hear": print}
    client.force_login(people["adi"])

    def queries_with(rows):
        for _ in range(rows):
            enter("a.b", thing, by=people["wang"])
        Delivery.objects.update(dead_at=timezone.now())
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).content.decode().count("<article") == Entry.objects.count()
        return len(captured)

    one, three = queries_with(1), queries_with(2)
    assert one == three
    assert one <= 10


def test_the_retry_page_revives_a_dead_letter(people, dead, client):
    client.force_login(people["adi"])
    assert "LookupError" in client.get("/ledger/dead-letters/").content.decode()
    answer = client.post(f"/ledger/dead-letters/{dead.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (302, "/ledger/dead-letters/")
    assert deliver_pending() == 1
    assert "没有死信" in client.get("/ledger/dead-letters/").content.decode()


def test_pressed_twice_it_says_so(people, dead, client):
    client.force_login(people["adi"])
    client.post(f"/ledger/dead-letters/{dead.pk}/retry/")
    answer = client.post(f"/ledger/dead-letters/{dead.pk}/retry/")
    assert answer.status_code == 422
    assert "这条已在投递，不用重投。" in answer.content.decode()
    assert Entry.objects.filter(act="ledger.retry_delivery").count() == 1


def test_the_auditor_has_no_button_and_no_right(people, dead, client):
    client.force_login(people["shen"])
    assert "重新投递" not in client.get("/ledger/dead-letters/").content.decode()
    assert client.post(f"/ledger/dead-letters/{dead.pk}/retry/").status_code == 403


def test_a_dead_letter_next_door_is_not_there(people, dead, client):
    Posting.objects.filter(user=people["adi"]).update(sub_district=other_street())
    client.force_login(people["adi"])
    assert client.post(f"/ledger/dead-letters/{dead.pk}/retry/").status_code == 404
    assert client.get(f"/ledger/dead-letters/{dead.pk}/retry/").status_code == 405


def other_street():
    return SubDistrict.objects.get(code="quyang")


def test_a_timeline_reads_several_chains_page_by_page(people, thing, other, enter):
    label_acts({"a.b": "签了字"})
    for n in range(5):
        enter("a.b", (thing, other)[n % 2], by=people["wang"], n=n)
    first = entries_of(["household:1", "household:2"], limit=3)
    rest = entries_of(["household:1", "household:2"], before=first.next_before, limit=3)
    assert [e.facts["n"] for e in first.entries] == [4, 3, 2]
    assert [e.facts["n"] for e in rest.entries] == [1, 0]
    assert rest.next_before == ""
    assert {e.label for e in first.entries} == {"签了字"}
    assert [e.facts["n"] for e in entries_of("household:2").entries] == [3, 1]
    assert describe("x.unnamed") == "x.unnamed"
