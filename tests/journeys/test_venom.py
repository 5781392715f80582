"""Names and notes of somebody who means harm, in a real browser: nothing runs, nothing is refused."""

import pytest

from tests.journeys.browsing import come_in
from tests.journeys.test_every_page import pages
from tests.matrix.asking import url_of
from tests.matrix.venom import poison

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("who", ["wang", "chen"])
def test_nothing_runs(who, world, page, live_server):
    poison()
    troubles = []
    page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: said.type == "error" and troubles.append(said.text))
    page.on(
        "response", lambda got: got.status >= 400 and troubles.append(f"{got.status} {got.url}")
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    come_in(page.context, live_server, world.people[who])
    found = {}
    for row in pages(who, plain=True):
        if row.query:
            continue
        page.goto(live_server.url + url_of(row, world.own))
        planted = page.evaluate("document.querySelectorAll('i[onclick]').length")
        if troubles or planted:
            found[row.name] = [*troubles, planted]
        troubles.clear()
    assert found == {}
