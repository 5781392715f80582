"""Offices and accounts on the administrator's page: given, ended, stopped, set anew."""

import datetime as dt
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caoyang_portal.community import actions
from caoyang_portal.community.models import Organisation, Posting, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from tests.community.conftest import PASSWORD, last_code

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
OWN = "苏州河上的桥一共有几座呢"


@pytest.fixture
def adi(client, people):
    client.force_login(people["adi"])
    return SimpleNamespace(user=people["adi"], client=client)


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def last_entry():
    entry = Entry.objects.latest("at")
    return entry.act, entry.actor_id, entry.facts


def test_the_list_names_whoever_holds_an_office_here_and_finds_them(adi, people):
    page = adi.client.get("/people/").content.decode()
    assert all(name in page for name in ("陈静", "顾伟", ["楼建国", "3号楼"][0]))
    assert not any(name in page for name in ("王桂芳", "方圆", "13800000301"))
    for words, found in {"陈": True, "138 0000 0301": True, "0301": False, "方圆": False}.items():
        assert ("陈静" in adi.client.get("/people/", {"q": words}).content.decode()) is found


def test_the_list_asks_as_often_for_many_as_for_few(adi, people, places):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert adi.client.get("/people/").status_code == 200
        return len(queries)

    asked()
    few = asked()
    for who in ("wang", "zhao", "sun"):
        actions.appoint(
            people[who], "mediator", sub_district=places.street, neighbourhood=places.here
        )
    assert asked() == few


def terms(places, **changed):
    form = {
        "phone": "139 0000 0777",
        "name": "何平",
        "office": "committee",
        "place": str(places.here.pk),
        "since": TODAY().isoformat(),
    }
    return form | changed


def test_a_new_colleague_is_appointed_and_sets_password_and_second_factor(adi, places):
    answer = adi.client.post("/people/appoint/", terms(places))
    he = User.objects.by_phone("+8613900000777")
    assert answer["Location"] == f"/people/{he.pk}/"
    assert he.holds("committee")
    assert last_entry() == (
        "community.appoint", adi.user.pk, {"user": str(he.pk), "office": "committee"}
    )  # fmt: skip
    browser = Client()
    browser.post("/accounts/login/code/", {"phone": "13900000777"})
    browser.post("/accounts/login/code/confirm/", {"code": last_code("0777")})
    assert browser.get("/people/")["Location"] == "/accounts/password-first/"
    wrong = browser.post("/accounts/password-first/", {"password1": "x", "password2": "x"})
    assert wrong.status_code == 422
    done = browser.post("/accounts/password-first/", {"password1": OWN, "password2": OWN})
    assert done["Location"] == "/accounts/2fa/"
    assert browser.get("/households/")["Location"] == "/accounts/2fa/"  # the factor is still due
    assert fresh(he).check_password(OWN)


def test_a_department_is_opened_by_its_first_person_and_has_no_neighbourhood(adi, places):
    street = {"place": f"street:{places.street.pk}"}
    works = terms(places, office="department", department="市政科", **street)
    head = works | {"phone": "13900000778", "office": "department_head"}
    assert [adi.client.post("/people/appoint/", one).status_code for one in (works, head)] == [
        302, 302,
    ]  # fmt: skip
    posts = Posting.objects.filter(organisation__name="市政科", organisation__kind="department")
    assert {(post.office, str(post.place)) for post in posts} == {
        ("department", "市政科"), ("department_head", "市政科"),
    }  # fmt: skip
    assert Organisation.objects.count() == 1
    for wrong in (
        works | {"department": ""},
        works | {"place": str(places.here.pk)},
        terms(places, department="市政科"),
    ):
        assert adi.client.post("/people/appoint/", wrong).status_code == 422


def test_whoever_has_a_password_cannot_set_another_by_sms(people):
    people["chen"].set_password(PASSWORD)
    people["chen"].save(update_fields=["password"])
    browser = Client()
    browser.post("/accounts/login/code/", {"phone": "13800000301"})
    browser.post("/accounts/login/code/confirm/", {"code": last_code("0301")})
    evil = {"password1": "别人的密码也有十二个字长", "password2": "别人的密码也有十二个字长"}
    browser.post("/accounts/password-first/", evil)
    assert fresh(people["chen"]).check_password(PASSWORD)


@pytest.mark.parametrize(
    "changed",
    [
        {"phone": "12345"},
        {"office": "building_leader"},  # of which building?
        {"until": "2020-01-01"},
        {"place": "street"},
        {"office": "king"},
    ],
)
def test_what_is_no_appointment_changes_nothing(adi, places, changed):
    before = Posting.objects.count(), User.objects.count()
    assert adi.client.post("/people/appoint/", terms(places, **changed)).status_code == 422
    assert (Posting.objects.count(), User.objects.count()) == before


def test_places_of_others_are_not_offered(adi, places):
    there = terms(places, place=str(places.there.pk))
    assert adi.client.post("/people/appoint/", there).status_code == 422
    local = terms(places, place=f"street:{places.street.pk}")
    assert (
        adi.client.post("/people/appoint/", local).status_code == 422
    )  # the committee of nowhere
    leader = terms(places, office="building_leader", building=str(places.building.pk))
    assert adi.client.post("/people/appoint/", leader).status_code == 302
    assert adi.client.post("/people/appoint/", leader).status_code == 422  # holds it already


@pytest.mark.parametrize("office", ["committee", "mediator", "administrator", "auditor"])
def test_an_administrator_does_not_raise_himself(adi, places, office):
    own = terms(places, phone="13800000307", office=office)
    assert adi.client.post("/people/appoint/", own).status_code == 403
    assert [post.office for post in fresh(adi.user).live_postings] == ["administrator"]


def test_an_office_is_ended_and_opens_nothing_any_more(adi, people):
    post = people["chen"].posting_set.get()
    yesterday = TODAY() - dt.timedelta(days=1)
    early = adi.client.post(f"/people/postings/{post.pk}/end/", {"until": "2019-01-01"})
    assert early.status_code == 422
    adi.client.post(f"/people/postings/{post.pk}/end/", {"until": yesterday.isoformat()})
    assert not fresh(people["chen"]).holds("committee")
    assert last_entry() == (
        "community.end_posting",
        adi.user.pk,
        {"user": str(people["chen"].pk), "until": yesterday.isoformat()},
    )
    again = adi.client.post(f"/people/postings/{post.pk}/end/", {"until": TODAY().isoformat()})
    assert again.status_code == 422


def test_a_disabled_account_is_out_at_once_and_comes_back(adi, people):
    chen = Client()
    chen.force_login(people["chen"])
    assert chen.get("/households/").status_code == 200
    assert adi.client.post(f"/people/{people['chen'].pk}/disable/", {"why": ""}).status_code == 422
    adi.client.post(f"/people/{people['chen'].pk}/disable/", {"why": "left"})
    assert chen.get("/households/").status_code == 302
    assert last_entry() == ("community.disable_account", adi.user.pk, {"why": "left"})
    with pytest.raises(Refused):
        actions.disable_account(people["chen"], why="left", by=adi.user)
    adi.client.post(f"/people/{people['chen'].pk}/enable/", {"why": "back"})
    assert fresh(people["chen"]).is_active


def test_password_and_second_factor_are_set_anew(adi, people):
    chen = people["chen"]
    chen.set_password(PASSWORD)
    chen.save(update_fields=["password"])
    totp.TOTP.activate(chen, totp.generate_totp_secret())
    browser = Client()
    browser.force_login(chen)
    assert adi.client.post(f"/people/{chen.pk}/reset/", {"why": "made up"}).status_code == 422
    adi.client.post(f"/people/{chen.pk}/reset/", {"why": "phone_lost"})
    assert Authenticator.objects.filter(user=chen).count() == 0
    assert not fresh(chen).has_usable_password()
    assert browser.get("/me/").status_code == 302
    assert last_entry() == ("community.reset_second_factor", adi.user.pk, {"why": "phone_lost"})


def second_administrator(people, places, until=None):
    return actions.appoint(people["sun"], "administrator", sub_district=places.street, until=until)


def test_the_last_administrator_stays(people, places):
    """One whose own post runs out could otherwise leave the place with none."""
    second_administrator(people, places, until=TODAY() + dt.timedelta(days=3))
    sun, adi = fresh(people["sun"]), fresh(people["adi"])
    with pytest.raises(Refused, match="至少要留一位"):
        actions.disable_account(adi, why="left", by=sun)
    with pytest.raises(Refused, match="至少要留一位"):
        actions.end_posting(adi.posting_set.get(), until=TODAY(), by=sun)
    assert fresh(adi).is_active
    actions.disable_account(sun, why="left", by=adi)  # the passing one may go
    assert not fresh(sun).is_active


def test_of_two_permanent_administrators_one_may_go(people, places):
    second_administrator(people, places)
    actions.disable_account(people["adi"], why="left", by=fresh(people["sun"]))
    assert not fresh(people["adi"]).is_active
