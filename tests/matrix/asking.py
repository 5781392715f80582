"""Ask for an address as somebody, and take back whatever the asking changed."""

import contextlib
import time

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from tests.conftest import EVERYONE
from tests.matrix.roles import people
from tests.matrix.row import AWAY, LOGIN, THROUGH, Row


def addresses(patterns=None, spaces=""):
    """The name of every address of the portal; the static files have none."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield spaces + (pattern.name or str(pattern.pattern))
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern.url_patterns, spaces + space)


def clients(cast: dict) -> dict[str, Client]:
    """A browser for each person, signed in."""
    made = {}
    for who in EVERYONE:
        made[who] = Client(raise_request_exception=False)
        if who != "passerby":
            made[who].force_login(cast[who])
            _seen_for_an_hour_to_come(made[who])
    return made


def _seen_for_an_hour_to_come(client: Client) -> None:
    """Nothing is written of being seen, in requests that are all taken back."""
    session, now = client.session, time.time()
    session.update({"signed_in_at": now, "seen_at": now + 3600})
    session.save()


@contextlib.contextmanager
def undrawn():
    """Answers without their pages: who gets how far is settled before a page is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *args, **kwargs: "")
        yield


def drawn(really: bool):
    return contextlib.nullcontext() if really else undrawn()


def url_of(row: Row, target) -> str:
    return reverse(row.name, kwargs=row.thing(target) if row.thing else None)


def ask(client: Client, row: Row, target, method: str):
    """One request, in a transaction that is rolled back."""
    given = {"query_params": row.query(target) if row.query else None}
    if method == "POST" and row.data:
        given["data"] = row.data(target)
    kept = client.cookies.copy()
    with transaction.atomic():
        response = getattr(client, method.lower())(url_of(row, target), **given)
        transaction.set_rollback(True)
    client.cookies = kept  # signing out is taken back too
    return response


def outcome(response):
    """The status; a redirect is called by where it leads."""
    if response.status_code == 302:
        to_login = response.headers["Location"].startswith("/accounts/login/")
        return LOGIN if to_login else AWAY
    return response.status_code


def expected(row: Row, target: str, who: str, method: str) -> set:
    """What ``who`` may be told at this address."""
    if who in people(row.may, target):
        return row.answers.get(method, THROUGH[method])
    if who in people(row.away, target):
        return {AWAY}
    if who == "passerby":
        return {row.passerby}
    return {403 if who in people(row.sees, target) else row.stranger}
