"""Residents sign in with the phone on file and an SMS code; strangers learn nothing."""

import json
import re
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caoyang_portal.community.models import UnknownCaller, User
from caoyang_portal.notices.models import Sending
from caoyang_portal.signin.views import ANSWER_AFTER
from tests.community.conftest import last_code

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


def whoever_is_in(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_wang_signs_in_with_the_number_as_she_writes_it(client, people):
    answer = client.post(ASK, {"phone": "138 0000-0101"})
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)
    code = last_code("0101")
    answer = client.post(CONFIRM, {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert whoever_is_in(client) == str(people["wang"].pk)


def test_the_code_page_fills_the_code_by_itself(client, people):
    client.post(ASK, {"phone": "13800000101"})
    page = client.get(CONFIRM).content.decode()
    field = re.search(r'<input[^>]*name="code"[^>]*>', page).group()
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="one-time-code"' in field
    assert "138 0000 0101" in page


def test_she_comes_back_to_the_page_she_wanted(client, people):
    answer = client.post(f"{ASK}?next=/me/", {"phone": "13800000101", "next": "/me/"})
    answer = client.post(answer["Location"], {"code": last_code("0101"), "next": "/me/"})
    assert answer["Location"] == "/me/"


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(client, people, evil):
    client.post(ASK, {"phone": "13800000101"})
    answer = client.post(CONFIRM, {"code": last_code("0101"), "next": evil})
    assert answer["Location"] == "/"


def test_five_wrong_codes_end_the_attempt(client, people):
    client.post(ASK, {"phone": "13800000101"})
    right = last_code("0101")
    wrong = "000000" if right != "000000" else "111111"
    answers = [client.post(CONFIRM, {"code": wrong}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 302]
    client.post(CONFIRM, {"code": right})
    assert whoever_is_in(client) is None


def test_guesses_are_counted_however_many_copies_of_the_session_race(client, people):
    """Each copy remembers fewer failures than there were; the count in the database does not."""
    client.post(ASK, {"phone": "13800000101"})
    right = last_code("0101")
    wrong = "000000" if right != "000000" else "111111"
    state = dict(client.session.items())
    for _ in range(5):
        client.post(CONFIRM, {"code": wrong})
        session = client.session
        session.update(state)
        session.save()
    answer = client.post(CONFIRM, {"code": right})
    assert (answer.status_code, answer["Location"]) == (302, ASK)
    assert whoever_is_in(client) is None


def test_a_second_code_within_a_minute_is_not_sent(client, people):
    client.post(ASK, {"phone": "13800000101"})
    answer = Client().post(ASK, {"phone": "13800000101"})
    assert answer.status_code == 200
    assert "您试得太勤了" in answer.content.decode()
    assert Sending.objects.count() == 1


def masked(page: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r"13\d 0000 \d{4}", "NUMBER", page)


def test_an_unknown_number_sees_the_same_pages_and_gets_no_sms(people):
    known, unknown = Client(), Client()
    first = known.post(ASK, {"phone": "13800000101"})
    second = unknown.post(ASK, {"phone": "13900009999"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert masked(known.get(CONFIRM).content.decode()) == masked(
        unknown.get(CONFIRM).content.decode().replace("139", "138")
    )
    assert [s.to_tail for s in Sending.objects.all()] == ["0101"]
    assert [str(c).split()[0] for c in UnknownCaller.objects.all()] == ["139****9999"]
    assert unknown.post(CONFIRM, {"code": "123456"}).status_code == 200
    assert unknown.post(CONFIRM, {"code": ""}).status_code == 200


def test_a_disabled_account_gets_no_sms_and_looks_unknown(client, people):
    User.objects.filter(pk=people["wang"].pk).update(is_active=False)
    answer = client.post(ASK, {"phone": "13800000101"})
    assert answer["Location"] == CONFIRM
    assert Sending.objects.count() == 0


@pytest.mark.parametrize("number", ["", "12345", "1380000010", "002-5555 0101", "abc"])
def test_what_is_no_mobile_number_is_said_so(client, people, number):
    answer = client.post(ASK, {"phone": number})
    assert answer.status_code == 200
    assert "手机号。" in answer.content.decode()
    assert UnknownCaller.objects.count() == 0


def test_nobody_signs_up(client, people):
    before = User.objects.count()
    assert client.get("/accounts/signup/").status_code == 200
    assert client.post("/accounts/signup/", {"phone": "13700137000"}).status_code == 405
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "path", ["phone/change/", "phone/verify/", "email/", "password/reset/", "password/set/"]
)
def test_the_ways_round_the_committee_do_not_exist(client, people, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_the_committee_sees_who_could_not_get_in(client, people):
    UnknownCaller.objects.create(phone="+8613900009999")
    client.force_login(people["chen"])
    page = client.get("/unknown-callers/").content.decode()
    assert "139****9999" in page
    assert "00009999" not in page
    client.force_login(people["wang"])
    assert client.get("/unknown-callers/").status_code == 403


def test_the_sms_budget_of_an_hour_is_a_fuse(client, people, settings):
    settings.SMS_HOURLY_BUDGET = 1
    client.post(ASK, {"phone": "13800000101"})
    client.post(ASK, {"phone": "13800000202"})
    assert [s.to_tail for s in Sending.objects.all()] == ["0101"]


def test_whoever_mistyped_the_number_begins_anew(client, people):
    client.post(ASK, {"phone": "13800000202"})
    assert client.get(ASK).status_code == 200
    client.post(ASK, {"phone": "13800000101"})
    client.post(CONFIRM, {"code": last_code("0101")})
    assert whoever_is_in(client) == str(people["wang"].pk)


def test_a_known_and_an_unknown_number_cost_the_same_work(people):
    """Not to be told apart by the clock: each is written down once (the SMS, or the attempt)."""
    counts = []
    for number in ("13800000101", "13900009999"):
        with CaptureQueriesContext(connection) as queries:
            Client().post(ASK, {"phone": number})
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 1, counts


def test_the_clock_does_not_tell_a_known_from_an_unknown_number(people):
    """Both answers wait for the same moment, by which the work for either is long done."""
    took = []
    for number in ("13800000101", "13900009999"):
        browser = Client()
        browser.get(ASK)
        began = time.monotonic()
        browser.post(ASK, {"phone": number})
        took.append(time.monotonic() - began)
    assert min(took) >= ANSWER_AFTER


def test_the_session_does_not_keep_the_code_in_clear(client, people):
    client.post(ASK, {"phone": "13800000101"})
    kept = json.dumps(dict(client.session.items()))
    assert last_code("0101") not in kept
    assert re.search(r'"code": "[0-9a-f]{16}\.[0-9a-f]{64}"', kept)
    again = Client()
    again.post(ASK, {"phone": "13800000202"})
    assert client.session["account_login"] != again.session["account_login"]
