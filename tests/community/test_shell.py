"""What every page carries: large type, language, telephone, headers."""

import re

import pytest
from django.contrib.sessions.models import Session

from caoyang_portal.community.models import User

pytestmark = pytest.mark.django_db


def page_of(client, path="/", **headers) -> str:
    return client.get(path, headers=headers).content.decode()


def test_a_stranger_sees_the_start_page_with_the_committees_telephone(client, places):
    page = page_of(client)
    assert "<h1>家里的事，在这里办</h1>" in page
    assert 'href="/accounts/login/code/"' in page


def test_the_telephone_is_that_of_the_neighbourhood(client, people):
    client.force_login(people["chen"])
    page = page_of(client, "/me/")
    assert 'href="tel:02155550101"' in page
    assert "曹杨一村" in page
    client.force_login(people["fang"])
    assert 'href="tel:02155550202"' in page_of(client, "/me/")


def is_large(page: str) -> bool:
    return re.search(r"<html[^>]* data-elder", page) is not None


def test_large_type_stays_on_this_device_and_with_the_account(client, people):
    client.force_login(people["wang"])
    assert not is_large(page_of(client, "/me/"))
    answer = client.post("/elder/", {"elder": "1", "next": "/me/"})
    assert answer["Location"] == "/me/"
    assert is_large(page_of(client, "/me/"))
    assert User.objects.get(pk=people["wang"].pk).elder_mode
    client.cookies.pop("elder")
    assert is_large(page_of(client, "/me/"))
    client.post("/elder/", {"elder": "0"})
    assert not is_large(page_of(client, "/me/"))


def test_the_letters_qr_code_asks_for_large_type(client, places):
    assert is_large(page_of(client, "/?elder=1"))
    assert is_large(page_of(client))
    assert not is_large(page_of(client, "/?elder=0"))
    assert not is_large(page_of(client, "/?elder=yes"))


def test_the_switch_back_is_not_undone_by_the_letters_address(client, places):
    page = page_of(client, "/accounts/login/code/?elder=1&next=/me/")
    assert 'name="next" value="/accounts/login/code/?next=%2Fme%2F"' in page


def test_a_refused_form_leads_back_to_the_page_it_stood_on(client, places):
    answer = client.post(
        "/accounts/login/code/",
        {"phone": "1"},
        headers={"referer": "http://testserver/accounts/login/code/?next=/me/"},
    )
    assert 'name="next" value="/accounts/login/code/?next=/me/"' in answer.content.decode()
    answer = client.post(
        "/accounts/login/code/", {"phone": "1"}, headers={"referer": "http://evil.example/"}
    )
    assert 'name="next" value="/"' in answer.content.decode()


def test_the_language_is_what_was_chosen_not_what_the_phone_is_set_to(client, people):
    assert '<html lang="zh-Hans"' in page_of(client, accept_language="en-US")
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/code/"})
    assert answer["Location"] == "/accounts/login/code/"
    assert '<html lang="en"' in page_of(client)
    client.force_login(people["wang"])
    client.post("/language/", {"language": "en"})
    client.cookies.pop("django_language")
    assert '<html lang="en"' in page_of(client, "/me/")
    client.post("/language/", {"language": "klingon"})
    assert '<html lang="zh-Hans"' in page_of(client, "/me/")


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example/", "javascript:alert(1)", ""]
)
def test_the_switches_lead_nowhere_else(client, places, evil):
    assert client.post("/elder/", {"elder": "1", "next": evil})["Location"] == "/"
    assert client.post("/language/", {"language": "en", "next": evil})["Location"] == "/"


@pytest.mark.parametrize("path", ["/elder/", "/language/", "/accounts/logout/"])
def test_a_switch_is_a_post_with_a_token(people, path):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    answer = client.post(path)
    assert answer.status_code == 403
    assert "请再提交一次" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/nowhere/", 404), ("/elder/", 405), ("/me/", 302), ("/livez", 200)],
)
def test_every_answer_carries_the_headers(client, places, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.headers["Content-Security-Policy"].split("; ")) >= POLICY
    assert {
        name: answer.headers[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "X-Frame-Options",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }


def test_a_page_that_breaks_still_carries_them_and_speaks_plainly(client, places, monkeypatch):
    from caoyang_portal.community import views

    def broken(request):
        raise ValueError("a fault")

    monkeypatch.setattr(views, "doors_of", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "您的资料没有丢" in answer.content.decode()
    assert set(answer.headers["Content-Security-Policy"].split("; ")) >= POLICY


def test_what_one_person_saw_is_kept_by_no_browser(client, people):
    client.force_login(people["wang"])
    assert client.get("/me/").headers["Cache-Control"] == "no-store, private"


def test_pages_carry_no_inline_script_style_or_handler(client, people):
    client.force_login(people["chen"])
    for path in (
        "/",
        "/me/",
        "/unknown-callers/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/add/",
    ):
        page = client.get(path, follow=True).content.decode()
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|\sdisabled", page) == []
        inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
        assert [tag for tag in inline if 'type="application/json"' not in tag] == []


@pytest.mark.parametrize(("person", "expected"), [("wang", 5), ("chen", 4)])
def test_the_account_page_asks_the_same_few_questions(
    client, people, django_assert_num_queries, person, expected
):
    client.force_login(people[person])
    client.get("/me/")
    for _ in range(3):
        with django_assert_num_queries(expected):
            client.get("/me/")


def test_the_start_page_is_cheap_and_makes_no_session(client, places, django_assert_num_queries):
    with django_assert_num_queries(1):  # the neighbourhood's name
        client.get("/")
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("person", "room"), [("gu", "street"), ("chen", "committee"), ("wang", "resident")]
)
def test_whoever_is_signed_in_goes_on_to_their_own_room(client, people, person, room):
    client.force_login(people[person])
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] != "/"


@pytest.mark.parametrize("person", ["chen", "gu", "shen", "adi", "deng", "mei"])
def test_every_room_in_the_side_navigation_opens(client, people, project, person):
    client.force_login(people[person])
    page = page_of(client, "/messages/")
    side = re.search(r'<details class="side".*?</details>', page, re.S)
    rooms = re.findall(r'href="([^"]+)"', side.group()) if side else []
    closed = [room for room in rooms if client.get(room, follow=True).status_code != 200]
    assert closed == []


@pytest.mark.parametrize("path", ["/agreements/sealing/", "/agreements/", "/households/letters/"])
def test_the_side_menu_marks_one_room_the_nearest(client, people, path):
    client.force_login(people["chen"])
    marked = re.findall(r'<a href="([^"]+)" aria-current="page">', page_of(client, path))
    assert marked == [path]


def test_the_way_back_stands_inside_the_main_part(client, people):
    client.force_login(people["chen"])
    for path in ("/agreements/sealing/", "/me/"):
        page = page_of(client, path)
        assert (
            page.index('<main id="main"') < page.index('<a class="back"') < page.index("</main>")
        )
