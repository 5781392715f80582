"""How long a sign-in lasts, and what ends it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from caoyang_portal.community.models import User

pytestmark = pytest.mark.django_db
TO_LOGIN = "/accounts/login/code/?next=/me/"


def is_in(client, after: timedelta) -> bool:
    with time_machine.travel(timezone.now() + after, tick=False):
        return client.get("/me/").status_code == 200


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("person", "shared", "still", "over"),
    [
        ("wang", False, 23 * HOUR, 24 * HOUR + MINUTE),
        ("chen", False, 29 * MINUTE, 31 * MINUTE),
        ("wang", True, 14 * MINUTE, 16 * MINUTE),
        ("chen", True, 14 * MINUTE, 16 * MINUTE),
    ],
)
def test_idle_long_enough_and_one_is_out(client, people, person, shared, still, over):
    client.force_login(people[person])
    session = client.session
    session["shared"] = shared
    session.save()
    assert is_in(client, timedelta())
    assert is_in(client, still)
    assert not is_in(client, still + over)


@pytest.mark.parametrize(
    ("person", "step", "whole"), [("wang", 20 * HOUR, 30 * DAY), ("chen", 25 * MINUTE, 12 * HOUR)]
)
def test_never_idle_and_out_all_the_same_in_the_end(client, people, person, step, whole):
    client.force_login(people[person])
    spent = timedelta()
    while spent < whole:
        assert is_in(client, spent)
        spent += step
    assert not is_in(client, spent)


def test_she_is_told_why_and_comes_back_where_she_was(client, people):
    client.force_login(people["wang"])
    client.get("/me/")
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        answer = client.get("/me/")
        assert answer["Location"] == TO_LOGIN
        assert "为了安全请重新登录" in client.get(answer["Location"]).content.decode()


def test_what_she_sent_too_late_brings_her_back_to_its_page(client, people):
    client.force_login(people["wang"])
    client.get("/me/")
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        answer = client.post("/me/sessions/1/end/", headers={"referer": "http://testserver/me/"})
    assert answer["Location"] == TO_LOGIN


def test_the_session_gets_a_new_name_at_sign_in(client, sign_in_by_code, people):
    client.get("/accounts/login/code/")
    client.post("/accounts/login/code/", {"phone": "13800000202"})
    before = client.session.session_key
    sign_in_by_code("13800000101")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_cookie_kept_from_before_signing_out_is_worth_nothing(client, sign_in_by_code, people):
    sign_in_by_code("13800000101")
    stolen = client.cookies["session"].value
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = Client()
    thief.cookies["session"] = stolen
    assert thief.get("/me/").status_code == 302


def test_a_disabled_account_is_out_at_the_next_page(client, people):
    client.force_login(people["wang"])
    assert is_in(client, timedelta())
    User.objects.filter(pk=people["wang"].pk).update(is_active=False)
    assert not is_in(client, timedelta())


def test_she_ends_her_sign_in_on_another_device_and_nobody_elses(client, sign_in_by_code, people):
    phone, computer, stranger = Client(), client, Client()
    sign_in_by_code("13800000101")  # the computer
    phone.force_login(people["wang"])
    page = computer.get("/me/")
    (own,) = page.context["sessions"]
    assert own["here"]
    stranger.force_login(people["zhao"])
    assert stranger.post(f"/me/sessions/{own['pk']}/end/").status_code == 404
    assert phone.post(f"/me/sessions/{own['pk']}/end/").status_code == 302
    assert computer.get("/me/").status_code == 302
    assert phone.get("/me/").status_code == 200


def test_the_shared_machine_box_is_remembered(client, sign_in_by_code, people):
    sign_in_by_code("13800000101", shared="on")
    assert client.session["shared"] is True


def test_a_page_that_stands_open_asks_to_go_on(client, people):
    assert client.get("/accounts/go-on/").status_code == 401
    client.force_login(people["chen"])
    page = client.get("/agreements/").content.decode()
    assert 'data-idle="1800"' in page
    with time_machine.travel(timezone.now() + 28 * MINUTE, tick=False):
        said = client.get("/accounts/go-on/").json()
        assert said["left"] == 1800
        assert len(said["token"]) == 64
    with time_machine.travel(timezone.now() + 57 * MINUTE, tick=False):
        assert client.get("/accounts/go-on/").status_code == 200
    with time_machine.travel(timezone.now() + 88 * MINUTE, tick=False):
        assert client.get("/accounts/go-on/").status_code == 401  # over
