"""Office holders: password and second factor, or nothing."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from caoyang_portal.community.models import User
from tests.community.conftest import PASSWORD, number_now

pytestmark = pytest.mark.django_db
LOGIN, FACTOR = "/accounts/login/", "/accounts/2fa/authenticate/"
ENROL = "/accounts/2fa/"
# Pages of each kind that an office holder has business with.
DOORS = ["/", "/me/", "/unknown-callers/"]


def where(client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.headers.get("Location", "")


def test_without_a_second_factor_chen_reaches_only_its_enrolment(client, chen_with_password):
    answer = client.post(LOGIN, {"login": "13800000301", "password": PASSWORD})
    assert answer.status_code == 302
    assert [where(client, door) for door in DOORS] == [(302, ENROL)] * len(DOORS)
    assert where(client, ENROL) == (200, "")


@pytest.mark.django_db(transaction=True)  # the enrolment is noted on commit
def test_she_enrols_an_authenticator_and_is_let_in(client, chen_with_password):
    client.post(LOGIN, {"login": "13800000301", "password": PASSWORD})
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    answer = client.post(answer["Location"], {"password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/totp/activate/"
    client.get(answer["Location"])
    secret = client.session["mfa.totp.secret"]
    answer = client.post(answer["Location"], {"code": number_now(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == [
        "recovery_codes",
        "totp",
    ]
    assert where(client, "/unknown-callers/") == (200, "")
    codes = re.findall(
        r'<li class="number">(\d{8})</li>', client.get(answer["Location"]).content.decode()
    )
    assert len(codes) == 10
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored


def test_password_then_number_then_in(client, chen_with_password):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(chen_with_password, secret)
    answer = client.post(LOGIN, {"login": "138 0000 0301", "password": PASSWORD})
    assert answer["Location"] == FACTOR
    assert where(client, "/unknown-callers/")[0] == 302
    assert client.post(FACTOR, {"code": "000000"}).status_code == 200
    assert client.post(FACTOR, {"code": number_now(secret)}).status_code == 302
    assert where(client, "/unknown-callers/") == (200, "")


def test_an_sms_alone_opens_no_office(client, sign_in_by_code, chen_with_password):
    sign_in_by_code("13800000301")
    doors = [*DOORS, ENROL, "/accounts/2fa/totp/activate/"]
    assert [where(client, door) for door in doors] == [(302, "/accounts/password-first/")] * len(
        doors
    )
    assert where(client, "/accounts/password-first/") == (200, "")


def test_a_building_leader_and_a_resident_need_no_second_factor(client, sign_in_by_code, people):
    sign_in_by_code("13800000104")
    assert where(client, "/me/") == (200, "")
    assert where(client, ENROL)[0] == 404


def test_the_last_second_factor_cannot_be_taken_off(client, chen_with_password):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(chen_with_password, secret)
    client.post(LOGIN, {"login": "13800000301", "password": PASSWORD})
    client.post(FACTOR, {"code": number_now(secret)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert answer.status_code == 200
    assert "工作账号要保留一种动态验证" in answer.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_an_ended_posting_no_longer_asks_and_no_longer_opens(client, people):
    client.force_login(people["chen"])
    assert where(client, "/unknown-callers/")[0] == 200
    people["chen"].posting_set.update(since="2020-01-01", until="2020-12-31")
    assert where(client, "/unknown-callers/")[0] == 403


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("短", "密码太短了"),
        ("password1234", "这个密码太常见了"),
        ("长" * 129, "密码太长了"),
        ("只有汉字的一句长长的话", "密码太短了"),
        ("只有汉字的一句长长的话也行", None),
    ],
)
def test_a_password_is_long_and_uncommon_and_nothing_else(
    client, people, chen_with_password, password, fault
):
    client.force_login(chen_with_password)
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    accepted = User.objects.get(pk=chen_with_password.pk).check_password(password)
    assert accepted == (fault is None)
    if fault:
        assert fault in answer.content.decode()


def test_failed_passwords_of_one_phone_do_not_lock_another(client, chen_with_password):
    for _ in range(6):
        client.post(LOGIN, {"login": "13800000302", "password": "wrong"})
    answer = Client().post(LOGIN, {"login": "13800000301", "password": PASSWORD})
    assert answer.status_code == 302
    answer = client.post(LOGIN, {"login": "13800000302", "password": "wrong"})
    assert "您试得太勤了" in answer.content.decode()
