"""What the boards show, to whom, and how anyone checks it."""

import datetime as dt
import hashlib
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.ledger import merkle
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from households.actions import board as actions
from households.actions import effect
from households.models import PublishedBoard, Visit
from households.queries import board as queries
from tests.conftest import EVERYONE, make_household, open_signing
from tests.households.builders import frozen_agreement, signed_agreement

WHO_MAY = {
    "publish_board": {"chen", "lin"},
    "see_grid": {"chen", "lin", "lou"},
}


@pytest.fixture(autouse=True)
def _fresh_figures():
    caches["local"].clear()


def sealed(project, household, by, sha):
    return signed_agreement(project, household, by, sealed_sha256=sha, sealed_at=timezone.now())


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, project):
    assert may(people[person], f"households.{act}", project) is (person in WHO_MAY[act])


def test_the_grid_tells_seven_states(project, households, people, places):
    homes = [
        make_household(places.here, places.building, str(n), f"住户{n}") for n in range(201, 208)
    ]
    project = open_signing(places, homes, code="grid", name="签约图")
    signed_agreement(project, homes[0], people["chen"])
    frozen_agreement(project, homes[1], people["chen"], state="signing")
    frozen_agreement(project, homes[2], people["chen"], state="declined", closing_reason="再想想")
    homes[3].special = "inheritance"
    homes[3].save()
    for home, outcome in ((homes[4], "willing"), (homes[5], "met")):
        Visit.objects.create(
            neighbourhood=places.here,
            household=home,
            by=people["chen"],
            way="door",
            outcome=outcome,
        )
    (building,) = queries.grid(project, type(homes[0]).objects.visible_to(people["chen"]))
    assert building.rate == queries.Rate(1, 7)
    assert [(c.room, str(c.state)) for floor in building.floors for c in floor.cells] == [
        ("201", "signed"),
        ("202", "partly"),
        ("203", "objects"),
        ("204", "special"),
        ("205", "willing"),
        ("206", "contacted"),
        ("207", "untouched"),
    ]


def test_floors_are_listed_from_the_top(project, people, places):
    homes = [
        make_household(places.here, places.building, room, room) for room in ("301", "103", "202")
    ]
    project = open_signing(places, homes, code="floors")
    (building,) = queries.grid(project, type(homes[0]).objects.all())
    assert [floor.number for floor in building.floors] == [3, 2, 1]


def test_a_building_leader_sees_only_their_building(client, project, people):
    client.force_login(people["lou"])
    page = client.get(reverse("households:grid", args=[project.pk])).content.decode()
    cells = page.split('id="cells"')[1]
    assert "tabindex" not in cells  # every room is reached without script too
    assert ("3号楼" in page, "9号楼" in page) == (True, False)


@pytest.mark.parametrize(
    ("person", "status"),
    [("chen", 200), ("gu", 200), ("wang", 200), ("sun", 404), ("fang", 404), ("hu", 404)],
)
def test_strangers_cannot_tell_the_board_exists(client, project, people, person, status):
    client.force_login(people[person])
    assert client.get(reverse("households:board", args=[project.pk])).status_code == status


def test_everyone_sees_the_public_board_and_no_name_or_room(client, project, households, people):
    signed_agreement(project, households.wang, people["chen"])
    page = client.get(reverse("households:public_board", args=[project.code])).content.decode()
    assert "已签 <b>1</b> 户，共 <b>3</b> 户" in page
    assert "还差 2 户到 95%" in page
    assert [word for word in ("王桂芳", "赵大勇", "101室", "202室") if word in page] == []


def test_a_project_before_signing_has_no_public_board(client, places, households):
    project = open_signing(places, [households.wang], code="early", stage="plan_approved")
    assert client.get(reverse("households:public_board", args=[project.code])).status_code == 404


def test_an_unmoved_board_answers_with_nothing(client, project, households, people):
    url = reverse("households:public_board", args=[project.code])
    tag = queries.board_of(project).tag
    headers = {"HX-Request": "true"}
    assert client.get(f"{url}?seen={tag}", headers=headers).status_code == 204
    signed_agreement(project, households.wang, people["chen"])
    caches["local"].clear()
    moved = client.get(f"{url}?seen={tag}", headers=headers)
    assert moved.status_code == 200
    assert moved.content.decode().lstrip().startswith('<div class="figures"')


def test_the_json_has_an_etag(client, project, households, people):
    signed_agreement(project, households.wang, people["chen"])
    url = reverse("households:board_json", args=[project.code])
    first = client.get(url)
    assert first.json()["total"] == {"signed": 1, "total": 3, "rate": "33.33"}
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_screen_page_and_json_say_the_same_number(client, project, households, people):
    signed_agreement(project, households.wang, people["chen"])
    client.force_login(people["chen"])
    code = project.code
    pages = [
        client.get(reverse("households:board", args=[project.pk])).content.decode(),
        client.get(reverse("households:public_board", args=[code])).content.decode(),
        client.get(reverse("households:public_board", args=[code]) + "?screen=1").content.decode(),
    ]
    assert ["<b>33.33</b>" in page for page in pages] == [True, True, True]
    assert (
        client.get(reverse("households:board_json", args=[code])).json()["total"]["rate"]
        == "33.33"
    )


def test_the_start_page_leads_to_every_open_project(client, project, households, people, places):
    open_signing(places, [households.wang], code="early", name="还没开始", stage="plan_approved")
    signed_agreement(project, households.wang, people["chen"])
    start = client.get("/").content.decode()
    listed = client.get(reverse("households:public_list")).content.decode()
    assert reverse("households:public_list") in start
    assert reverse("households:public_board", args=[project.code]) in listed
    assert "3 户中已签 1 户（33.33%）" in listed
    assert "还没开始" not in listed


@pytest.mark.parametrize(
    ("name", "queries_made"), [("households:board_list", 8), ("households:public_list", 7)]
)
@pytest.mark.parametrize("count", [2, 4])
def test_the_lists_queries_do_not_grow(
    client, places, people, households, count, name, queries_made, django_assert_num_queries
):
    for n in range(count):
        open_signing(places, [households.wang], code=f"q{n}")
    client.force_login(people["chen"])
    client.get(reverse(name))
    with django_assert_num_queries(queries_made):
        page = client.get(reverse(name), {"q": "改造"})
    assert len(page.context["lines"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_grid_s_queries_do_not_grow(client, places, people, count, django_assert_num_queries):
    homes = [make_household(places.here, places.building, f"20{n}", "某") for n in range(count)]
    project = open_signing(places, homes, code=f"q{count}")
    client.force_login(people["chen"])
    url = reverse("households:grid", args=[project.pk])
    client.get(url)
    caches["local"].clear()
    with django_assert_num_queries(8):
        page = client.get(url).content.decode()
    assert page.count('role="gridcell"') == count


def test_a_published_board_can_be_recomputed_by_anyone(
    client, project, households, people, tmp_path
):
    pdf = tmp_path / "sealed.pdf"
    pdf.write_bytes(b"%PDF sealed agreement of 3-101")
    sha = hashlib.sha256(pdf.read_bytes()).hexdigest()
    sealed(project, households.wang, people["chen"], sha)
    sealed(project, households.zhao, people["chen"], "b" * 64)
    board = actions.publish_board(project, by=people["chen"])

    assert (board.signed, board.total, board.sealed) == (2, 3, 2)
    proof = queries.inclusion(board, sha)
    assert merkle.verify_proof(
        merkle.leaf(bytes.fromhex(sha)),
        proof.index,
        proof.size,
        [bytes.fromhex(step) for step in proof.path],
        bytes.fromhex(board.root),
    )
    assert queries.inclusion(board, "c" * 64) is None

    file = tmp_path / "proof.json"
    file.write_bytes(client.get(reverse("households:proof_json", args=[project.code])).content)
    verify = [sys.executable, settings.BASE_DIR / "static" / "verify_board.py", file, pdf]
    assert subprocess.run(verify, check=False, capture_output=True).returncode == 0

    tampered = json.loads(file.read_text())
    tampered["leaves"][0] = "d" * 64
    file.write_text(json.dumps(tampered))
    refused = subprocess.run(verify, check=False, capture_output=True, text=True)
    assert (refused.returncode, "BAD  the root is right" in refused.stdout) == (1, True)


def test_a_resident_finds_the_own_agreement_under_the_root(client, project, households, people):
    sealed(project, households.wang, people["chen"], "ab" * 32)
    actions.publish_board(project, by=people["chen"])
    url = reverse("households:check_inclusion", args=[project.code])
    assert "算进去了" in client.get(url, {"sha256": "ABABABAB " * 8}).content.decode()
    assert "没有找到" in client.get(url, {"sha256": "c" * 64}).content.decode()
    wrong = client.get(url, {"sha256": "12"})
    assert (wrong.status_code, "请填写证书页上完整的 64 位指纹" in wrong.content.decode()) == (
        422,
        True,
    )


def test_the_clock_publishes_what_changed_once_an_hour(project, households, people):
    assert actions.publish_changed_boards() == 1
    sealed(project, households.wang, people["chen"], "b" * 64)
    assert actions.publish_changed_boards() == 0  # within the hour
    two_hours = dt.timedelta(hours=2)
    PublishedBoard.objects.update(as_of=F("as_of") - two_hours)
    assert actions.publish_changed_boards() == 1
    PublishedBoard.objects.update(as_of=F("as_of") - two_hours)
    assert actions.publish_changed_boards() == 0  # nothing changed
    assert list(PublishedBoard.objects.order_by("as_of").values_list("signed", flat=True)) == [
        0,
        1,
    ]


def test_all_are_told_once_when_it_takes_effect(project, households, people):
    for home in (households.wang, households.zhao, households.sun):
        signed_agreement(project, home, people["chen"])
    effect.take_effect_if_reached(project)
    deliver_pending()
    deliver_pending()
    told = sorted(Notice.objects.values_list("reader__name", flat=True))
    assert told == sorted(["王桂芳", "赵大勇", "陈静", "林红"])
    assert set(Notice.objects.values_list("text", flat=True)) == {
        "《曹杨一村旧住房成套改造》签约 3 户，已达生效比例，协议生效。"
    }
    assert Entry.objects.filter(act="households.take_effect").count() == 1
