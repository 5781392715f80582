"""Signing in step by step, as people do."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp

from caoyang_portal.notices.models import Sending

PASSWORD = "杨树浦路的梧桐1921"


def last_code(phone_tail: str) -> str:
    """The six digits in the newest SMS to a phone."""
    text = Sending.objects.filter(to_tail=phone_tail).latest("created_at").text
    return re.search(r"\d{6}", text).group()


def number_now(secret: str) -> str:
    """What the authenticator on the phone shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def sign_in_by_code(client):
    """Phone number, SMS code, in."""

    def sign_in(phone: str, **more):
        client.post("/accounts/login/code/", {"phone": phone, **more})
        return client.post("/accounts/login/code/confirm/", {"code": last_code(phone[-4:])})

    return sign_in


@pytest.fixture
def chen_with_password(people):
    people["chen"].set_password(PASSWORD)
    people["chen"].save(update_fields=["password"])
    return people["chen"]
