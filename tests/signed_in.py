"""``client.force_login`` stands for a whole sign-in, second factor included.

Tests of signing in itself go through the pages instead.
"""

import time

import pytest
from django.test import Client


@pytest.fixture(scope="session", autouse=True)
def _whoever_is_signed_in_showed_a_second_factor():
    plain = Client.force_login

    def force_login(client, user, backend=None):
        plain(client, user, backend)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield
