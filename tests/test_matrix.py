"""Every address × every person × own, other household, other neighbourhood (safety cases 21, 24, 37).

An address without a row fails. A surprising answer is looked up in the visibility matrix of the
field's rules first: it is the portal that is mended, not the row.
"""

import logging

import pytest

from tests.conftest import EVERYONE
from tests.matrix.asking import addresses, ask, clients, drawn, expected, outcome, undrawn
from tests.matrix.roles import people
from tests.matrix.rows import GROUPS


@pytest.fixture(autouse=True)
def _quiet():
    """Thousands of requests; the lines of the log would take longer than they."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_has_a_row_and_every_row_an_address():
    rows = {row.name for group in GROUPS.values() for row in group}
    assert set(addresses()) == rows


@pytest.mark.parametrize("group", GROUPS)
def test_who_gets_through(group, world):
    """The first to get through is drawn the page, too; what the others see is looked at elsewhere."""
    browsers = clients(world.people)
    surprises, shown = [], set()
    for row in GROUPS[group]:
        for target in row.targets:
            for who in EVERYONE:
                for method in row.methods.split():
                    first = who in people(row.may, target) and (row.name, method) not in shown
                    with drawn(first):
                        got = outcome(ask(browsers[who], row, world.targets[target], method))
                    right = expected(row, target, who, method)
                    shown |= {(row.name, method)} if first else set()
                    if got not in right:
                        surprises.append((row.name, method, target, who, got, right))
    assert surprises == []


@pytest.mark.parametrize("group", GROUPS)
def test_another_method_is_refused(group, world):
    """allauth's own forms take a PUT for a POST; that opens nothing a POST does not."""
    browsers = clients(world.people)
    methods = {}
    for row in GROUPS[group]:
        methods.setdefault(row.name, set()).update(row.methods.split())
    surprises = []
    for row in GROUPS[group]:
        who = next((w for w in EVERYONE if w in people(f"{row.may} {row.away}", "own")), "chen")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods[row.name]:
            with undrawn():
                got = outcome(ask(browsers[who], row, world.own, method))
            right = {405, *(expected(row, "own", who, "POST") if group == "signing in" else ())}
            if got not in right:
                surprises.append((row.name, method, who, got))
    assert surprises == []
