"""``check --deploy``: clean with a production environment, and loud where it must be."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "k" * 25 + "-a-secret-of-fifty-or-more-characters-0123456789",
    "CONFIDENTIAL_KEYS": "a-key-of-our-own-with-32-characters-or-more",
    "CONFIDENTIAL_INDEX_KEY": "another-key-of-our-own-with-32-characters",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
    "TRUSTED_PROXIES": "1",
    "SEAL_DEMO": "0",
}


def check(**changes: str) -> tuple[int, str]:
    env = {"PATH": os.environ["PATH"], "DB_HOST": "/nonexistent"} | PRODUCTION | changes
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "manage.py",
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
            "--tag",
            "security",
        ],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_production_environment_is_clean():
    status, said = check()
    assert (status, "portal.E" in said, "security.W" in said) == (0, False, False), said


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"DEMO": "1"}, "portal.E001"),
        ({"SECRET_KEY": "local-only"}, "portal.E002"),
        ({"CONFIDENTIAL_KEYS": "short"}, "portal.E002"),
        ({"CONFIDENTIAL_INDEX_KEY": "local-only"}, "portal.E002"),
        ({"SITE_URL": "http://portal.example"}, "portal.E003"),
        ({"ALLOWED_HOSTS": "*"}, "portal.E004"),
        ({"TRUSTED_PROXIES": "0"}, "portal.W001"),
    ],
)
def test_what_must_not_be_deployed_is_named(changes, fault):
    status, said = check(**changes)
    assert status == 1
    assert fault in said


def test_without_secrets_of_its_own_it_does_not_start():
    status, _ = check(SECRET_KEY="")
    assert status == 1


def test_over_https_cookies_bear_the_host_prefix_and_browsers_stay_on_https():
    names = [
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    ]
    ask = f"from caoyang_portal import settings as s; print([getattr(s, n) for n in {names}])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ask],
        env={"PATH": os.environ["PATH"]} | PRODUCTION,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == str(
        ["__Host-session", "__Host-csrf", True, True, True, 31536000, True]
    )
