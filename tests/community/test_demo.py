"""The demonstration's doors exist with DEMO=1 and nowhere else."""

import json

import pytest
from django.core.management import CommandError, call_command

from caoyang_portal.community.codes import DEMO_CODE, issue_code
from caoyang_portal.community.models import Organisation, Posting, User
from caoyang_portal.demo import ACCOUNTS
from tests.community.conftest import last_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, places):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.community.demo_urlconf"
    section = Organisation.objects.create(
        sub_district=places.street, kind="department", name="城市管理科"
    )
    for account in ACCOUNTS:
        user = User.objects.create_user(account.phone, name=account.name)
        if account.office:
            Posting.objects.create(
                user=user,
                office=account.office,
                sub_district=places.street,
                neighbourhood=places.here,
                building=places.building,
                organisation=section if account.office == "department" else None,
                since="2020-01-01",
            )


def test_without_demo_there_is_no_demo_page(client, people):
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/committee/").status_code == 404
    with pytest.raises(CommandError):
        call_command("demo_accounts")


def test_everyone_is_one_click_away(client, demo):
    page = client.get("/demo/").content.decode()
    assert [account.key for account in ACCOUNTS if f'action="/demo/{account.key}/"' in page] == [
        account.key for account in ACCOUNTS
    ]


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_one_click_and_in_with_the_second_factor_shown(client, demo, account):
    assert client.post(f"/demo/{account.key}/").status_code == 302
    assert client.get("/me/").status_code == 200
    assert client.session["_auth_user_id"] == str(User.objects.by_phone(account.phone).pk)


def test_clicking_another_changes_the_person_and_the_session(client, demo):
    client.post("/demo/resident/")
    before = client.session.session_key
    client.post("/demo/committee/")
    assert client.session.session_key != before
    assert client.get("/unknown-callers/").status_code == 200


def test_it_takes_a_post_and_a_known_name(client, demo):
    assert client.get("/demo/committee/").status_code == 405
    assert client.post("/demo/nobody/").status_code == 404
    User.objects.all().update(is_active=False)
    assert client.post("/demo/committee/")["Location"] == "/demo/"


def test_the_codes_are_fixed(client, demo):
    client.post("/accounts/login/code/", {"phone": "13800000001"})
    assert last_code("0001") == DEMO_CODE
    wang = User.objects.by_phone("+8613800000001")
    assert issue_code(wang, "sign", "agreement:1", "here").clear == DEMO_CODE


def test_without_demo_the_codes_are_not(people):
    codes = set()
    for name in ("wang", "zhao", "sun", "lou", "chen"):
        codes.add(issue_code(people[name], "sign", "agreement:1", "here").clear)
    assert len(codes) > 1


def test_the_command_lists_them_for_a_script(demo, capsys):
    call_command("demo_accounts", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["page"] == "http://localhost:8000/demo/"
    assert answer["code"] == DEMO_CODE
    assert [a["key"] for a in answer["accounts"]] == [account.key for account in ACCOUNTS]
    assert all(a["loaded"] for a in answer["accounts"])
