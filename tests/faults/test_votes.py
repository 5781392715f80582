"""Voters vote while the web's workers are killed (投票演练): every receipt that was shown is kept."""

import json
import random
import re
import threading
import time

import pytest

from tests.faults import clients, hooks

pytestmark = pytest.mark.drill
SEED = 278
PHONES = 6
VOTERS = 160
KILLS = 4
# Four groups of four, as on a ballot's receipt; not the middle of an id.
CODE = re.compile(r"(?<![-\w])[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}(?![-\w])")


@pytest.fixture(scope="module")
def voters(machine):
    """Voters of one open poll, each at the last page."""
    file = machine.base / "voters.json"
    machine.run("-m", "tests.faults.seed_votes", str(VOTERS + 2), str(file))
    return json.loads(file.read_text())


def live_marks(machine, voters):
    """Live votes by entry on the roll."""
    found = machine.rows(
        "SELECT entry_id, count(*) FROM consultation_castmark WHERE NOT voided"
        " AND entry_id = ANY(%s::uuid[]) GROUP BY 1",
        [voter["entry"] for voter in voters],
    )
    return {str(row["entry_id"]): row["count"] for row in found}


def codes_of(machine, voter):
    return [
        answer["code"]
        for row in machine.rows(
            "SELECT choices FROM consultation_openballot WHERE NOT superseded AND entry_id = %s",
            voter["entry"],
        )
        for answer in row["choices"].values()
    ]


def cast(portal, voter, fault=""):
    """Post the last page and open the receipt: its code, "" if only the vote was acknowledged, or None."""
    headers = voter["headers"] | ({"X-Fault": fault} if fault else {})
    posted = clients.ask(portal.port, "POST", voter["path"], voter["body"], headers)
    if (posted.status, posted.location) != (302, voter["receipt_path"]):
        return None
    page = clients.ask(portal.port, "GET", voter["receipt_path"], headers=voter["headers"])
    found = CODE.search(page.text) if page.status == 200 else None
    return found.group() if found else ""


def cast_again(portal, voter, seconds=30):
    """Send the same form until a receipt is shown, as people do while a server comes back."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        code = cast(portal, voter)
        if code:
            return code
        time.sleep(0.5)
    raise AssertionError(f"no receipt within {seconds} s")


def kept_up(portal):
    """As systemd does: one worker killed twice in 5.5 s is a crash loop, and the server gives up."""
    time.sleep(0.5)
    if portal.processes["web"].poll() is not None:
        portal.start("web")


def test_every_receipt_is_kept_while_web_workers_are_killed(portal, voters):
    chance, told, lock = random.Random(SEED), {}, threading.Lock()
    crowd = voters[:VOTERS]

    def phone(mine, wait):
        for voter in mine:
            code = cast(portal, voter)
            with lock:
                told[voter["entry"]] = code
            time.sleep(wait.uniform(0.1, 0.8) if code is not None else 1)

    phones = [
        threading.Thread(target=phone, args=(crowd[n::PHONES], random.Random(n)))
        for n in range(PHONES)
    ]
    for each in phones:
        each.start()
    for _kill in range(KILLS):
        time.sleep(chance.uniform(2, 3))
        portal.kill_web_worker(chance)
        kept_up(portal)
    for each in phones:
        each.join(60)
    kept_up(portal)
    marks = live_marks(portal, crowd)
    assert set(marks.values()) == {1}
    acknowledged = [voter for voter in crowd if told[voter["entry"]] is not None]
    assert len(acknowledged) > VOTERS // 4  # or nobody voted
    assert [v for v in acknowledged if v["entry"] not in marks] == []
    for voter in acknowledged:
        assert told[voter["entry"]] in ("", *codes_of(portal, voter))
    for voter in crowd:  # whoever got no answer sends the form again; everybody else may too
        code = cast_again(portal, voter)
        assert told[voter["entry"]] in (None, "", code)
        assert codes_of(portal, voter) == [code]
    assert live_marks(portal, crowd) == {voter["entry"]: 1 for voter in crowd}


def test_a_worker_that_dies_after_the_commit_has_cast_and_the_retry_shows_the_receipt(
    portal, voters
):
    voter = voters[-1]
    assert cast(portal, voter, fault=hooks.BEFORE_ANSWER) is None
    assert live_marks(portal, [voter]) == {voter["entry"]: 1}
    codes = codes_of(portal, voter)
    assert [cast_again(portal, voter) for _retry in range(3)] == codes * 3


def test_a_worker_that_dies_before_the_commit_has_cast_nothing_and_the_same_code_still_casts(
    portal, voters
):
    voter = voters[-2]
    assert cast(portal, voter, fault=hooks.BEFORE_COMMIT) is None
    assert live_marks(portal, [voter]) == {}
    assert cast_again(portal, voter) in codes_of(portal, voter)
