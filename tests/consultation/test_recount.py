"""One result in four places: whoever recounts the bundle by hand reads it on page, paper and export."""

import json
import re
from collections import Counter
from io import StringIO

import pypdfium2
import pytest
from django.core.management import call_command
from django.urls import reverse

from caoyang_portal.uploads import intake
from consultation.actions import counting
from tests.consultation.builders import again, cast, counted, kind, neighbours, opened

NAMES = {"yes": "同意", "no": "不同意", "abstain": "弃权"}
CHOICES = ["yes"] * 5 + ["no"] * 2 + ["abstain"]


@pytest.fixture
def poll(people, places, households):
    """Eight more owners of 50.25 ㎡ each: five for it, two against, one abstains; 王桂芳 is for it."""
    poll_of = neighbours(places, len(CHOICES), area="50.25")
    found = opened(people, places, of=kind("lift-compound"))
    for voter, choice in zip(poll_of, CHOICES, strict=True):
        cast(found, voter, {"1": choice})
    cast(found, people["wang"])
    found = counted(found)
    counting.print_result_notices()
    return again(found)


def bundle_of(poll):
    out = StringIO()
    call_command("poll_bundle", poll.code, stdout=out)
    return json.loads(out.getvalue())


def by_hand(bundle):
    """Heads and area of each choice, from nothing but the roll and the ballots of the bundle."""
    heads, cents, area = Counter(), Counter(), Counter()
    for _home, voter, cent in bundle["roll"]:
        area[voter] += cent
    for ballot in bundle["ballots"]:
        heads[ballot["choice"]] += 1
        cents[ballot["choice"]] += area[ballot["voter"]]
    return {name: (heads[name], cents[name]) for name in NAMES}


def square_metres(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def test_the_recount_is_what_page_paper_and_export_say(client, poll):
    recount = by_hand(bundle_of(poll))
    assert {name: heads for name, (heads, _cents) in recount.items()} == {
        "yes": 6, "no": 2, "abstain": 1,
    }  # fmt: skip
    page = client.get(reverse("consultation:poll", args=[poll.code])).content.decode()
    paper = _words(intake.read(again(poll).result.notice))
    export = StringIO()
    call_command("poll_result", poll.code, "--json", stdout=export)
    question = json.loads(export.getvalue())["questions"][0]
    for name, (heads, cents) in recount.items():
        area = square_metres(cents)
        assert question["choices"][name] == {"heads": heads, "area_cent": cents}
        assert re.search(rf"<span>{NAMES[name]}</span> <b class=\"number\">{heads} · {area}", page)
        assert f"{NAMES[name]}{heads}人，{area}" in paper
    assert f"结论：{'通过' if question['passed'] else '未通过'}" in paper


def _words(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s", "", text)
