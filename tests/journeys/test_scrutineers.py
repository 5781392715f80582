"""Sealed ballots: the scrutineers make their lock offline, and open it together (双信封)."""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from consultation.models import SealedEnvelope
from tests.consultation.builders import again, cast, closed, draft, freeze, start
from tests.journeys.browsing import AXE, aside, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCRIPT = settings.BASE_DIR / "static" / "scrutineer_key.py"


def test_the_scrutineers_lock_and_open_the_ballots(
    new_context, live_server, people, places, households, tmp_path
):
    """Their own shares open what nobody could read before; a share less opens nothing."""
    key, shares = _lock(tmp_path, ["刘明", "吴敏"])
    poll = draft(people, places, secrecy="sealed")
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["chen"])
    page = context.new_page()

    def go(name):
        page.goto(live_server.url + reverse(f"consultation:{name}", args=[poll.pk]))

    go("set_scrutineers")
    page.locator("[name=names]").fill("刘明\n吴敏")
    page.locator("[name=public_key]").fill(key)
    assert look_over(page, elder=False) == []
    press(page, "登记公钥")
    assert again(poll).scrutineer_key == key

    aside(_voted, poll, people)
    go("desk_counting")
    expect(page.get_by_text("密封票还没有由监票人开启")).to_be_visible()
    page.get_by_role("link", name="监票人到场，开启密封票").click()
    page.get_by_label("刘明 的分片").fill(shares[0])
    page.get_by_label("吴敏 的分片").fill("0" * 64)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_text(re.compile("分片不对"))).to_be_visible()
    assert look_over(page, elder=False) == []
    for name, share in zip(("刘明", "吴敏"), shares, strict=True):
        page.get_by_label(f"{name} 的分片").fill(share)
    page.get_by_role("main").get_by_role("button").last.click()
    press(page, "完成计票")
    expect(page.get_by_role("heading", name="表决结果", exact=True)).to_be_visible()
    question = again(poll).result.shown["questions"][0]
    assert {name: sums["heads"] for name, sums in question["choices"].items()} == {
        "yes": 1, "no": 1, "abstain": 0, "spoilt": 0,
    }  # fmt: skip


def _lock(folder, names) -> tuple[str, list[str]]:
    """The public key and the shares, as the script that is handed out makes them."""
    made = subprocess.run(
        [sys.executable, SCRIPT, *names], cwd=folder, check=True, capture_output=True, text=True
    )
    files = [folder / f"scrutineer-{name}.txt" for name in names]
    return made.stdout.split()[-1], [file.read_text().splitlines()[1] for file in files]


def _voted(poll, people):
    start(freeze(poll, people))
    cast(poll, people["wang"])
    cast(poll, people["zhao"], {"1": "no"})
    assert SealedEnvelope.objects.filter(superseded=False).count() == 2
    closed(poll)
