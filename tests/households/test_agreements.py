"""An agreement's life around its signatures: made, frozen, declined, replaced, void; its pages."""

import contextlib
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal import documents
from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.models import Entry
from caoyang_portal.uploads import intake
from households.actions import agreements, sealing, shares
from households.models import (
    Agreement,
    FileReading,
    Household,
    Member,
    RosterSnapshot,
    ShareLink,
    SnapshotEntry,
)
from households.queries import agreements as queries
from tests.conftest import EVERYONE
from tests.households import paperwork


@pytest.fixture
def template(project, people):
    return paperwork.published(project, people["chen"])


@pytest.fixture
def draft(households, template, people):
    return agreements.make_agreement(households.wang, template, by=people["chen"])


@pytest.fixture
def frozen(draft, people):
    return agreements.freeze_agreement(draft, by=people["chen"])


# --- making ---------------------------------------------------------------------------------


def test_an_agreement_speaks_of_its_household(draft, households):
    assert [chapter.title for chapter in queries.chapters(draft)] == [
        "协议首部",
        "第一条 权利义务",
        "第二条 回搬方案",
        "第三条 违约责任",
        "第四条 签约时间",
    ]
    assert "房屋坐落于曹杨一村3号101室，凭证号普曹租003101" in draft.text
    assert "居住面积不少于20.50 平方米" in draft.text
    assert [s.member.name for s in draft.signatories.all()] == ["王桂芳"]
    assert queries.key_points(draft) == ["您家改造后搬回原址。", "面积不减少。", "您不用出钱。"]
    assert (draft.state, draft.number) == ("draft", "CAOYANG-ONE-RENEWAL-000001")


def test_numbers_count_up_within_the_project(draft, households, template, people):
    second = agreements.make_agreement(households.zhao, template, by=people["chen"])
    assert second.number == "CAOYANG-ONE-RENEWAL-000002"


def test_making_a_draft_again_fills_it_anew(draft, households, template, people):
    Household.objects.filter(pk=households.wang.pk).update(living_area="25.00")
    again = agreements.make_agreement(households.wang, template, by=people["chen"])
    assert (again.pk, again.number) == (draft.pk, draft.number)
    assert "不少于25.00 平方米" in again.text


def test_every_co_owner_alive_and_present_signs_in_order(households, template, people, places):
    def co_owner(name, **fields):
        Member.objects.create(
            neighbourhood=places.here,
            household=households.sun,
            role="co_owner",
            name=name,
            order=2,
            **fields,
        )

    co_owner("周明")
    co_owner("周亡", is_deceased=True)
    co_owner("周走", left_at=timezone.now())
    made = agreements.make_agreement(households.sun, template, by=people["chen"])
    assert [(s.order, s.member.name, s.field_name) for s in made.signatories.all()] == [
        (1, "孙丽", "resident_01"),
        (2, "周明", "resident_02"),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"special": "inheritance"}, "签约人未定：本户标记为“承租人已故待变更”。"),
        ({"special": "undetermined"}, "签约人未定：本户标记为“签约人未定”。"),
        ({"certificate_number": ""}, "本户缺少“凭证号”，请先补全户档案。"),
        ({"living_area": None}, "本户缺少“居住面积”，请先补全户档案。"),
    ],
)
def test_what_is_missing_is_named(households, template, people, change, sentence):
    Household.objects.filter(pk=households.wang.pk).update(**change)
    with pytest.raises(Refused) as refusal:
        agreements.make_agreement(households.wang, template, by=people["chen"])
    assert (str(refusal.value), Agreement.objects.count()) == (sentence, 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_deceased": True}, "签约人未定：没有在世的承租人或产权人。"),
        ({"capacity": "limited"}, "签约人未定：王桂芳需由监护人代签，请先登记监护人。"),
        (
            {"name": "王\U0002b7a9"},
            "姓名“王\U0002b7a9”里的“\U0002b7a9”字印不出，请联系管理员补字体。",
        ),
    ],
)
def test_a_household_without_a_signatory_gets_none(
    households, template, people, change, sentence, monkeypatch
):
    # On a machine with every font there is, this name can be printed: what is missing is said here.
    known = documents.missing_glyphs
    monkeypatch.setattr(
        documents, "missing_glyphs", lambda text: "\U0002b7a9" if "\U0002b7a9" in text else known(text),
        raising=False,
    )  # fmt: skip
    households.wang.members.update(**change)
    with pytest.raises(Refused) as refusal:
        agreements.make_agreement(households.wang, template, by=people["chen"])
    assert str(refusal.value) == sentence


def test_a_guardian_on_file_lets_it_be_made(households, template, people):
    households.wang.members.update(capacity="none", guardian="王建国")
    made = agreements.make_agreement(households.wang, template, by=people["chen"])
    assert made.signatories.count() == 1


def test_a_household_off_the_roster_gets_none(households, template, people, project):
    SnapshotEntry.objects.filter(household=households.wang).delete()
    with pytest.raises(Refused, match="不在基准日名册上"):
        agreements.make_agreement(households.wang, template, by=people["chen"])
    assert RosterSnapshot.objects.count() == 1


def test_one_live_agreement_per_household(frozen, households, template, people):
    with pytest.raises(Refused, match="本户已有协议"):
        agreements.make_agreement(households.wang, template, by=people["chen"])
    twin = Agreement.objects.get(pk=frozen.pk)
    twin.number = "X-1"
    twin._state.adding = True
    twin.id = new_id()
    with pytest.raises(IntegrityError, match="one_live_agreement"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_name_cannot_bring_markup_into_the_text(households, template, people):
    households.wang.members.update(name="<img src=http://169.254.169.254/>")
    made = agreements.make_agreement(households.wang, template, by=people["chen"])
    assert "<img" not in made.text
    assert "&lt;img src=http://169.254.169.254/&gt;" in made.text


def meeting(function, seconds=1.0):
    """``function``, but two callers that can be inside it at once wait for one another there."""
    barrier = threading.Barrier(2)

    def met(*args, **kwargs):
        found = function(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(seconds)
        return found

    return met


def together(*works):
    """Each in a thread with a connection of its own; what they returned or raised."""

    def run(work):
        try:
            return work()
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_give_out_one_number(places, households, people, project, monkeypatch):
    template = paperwork.published(project, people["chen"])
    monkeypatch.setattr(agreements, "next_number", meeting(queries.next_number))
    made = together(
        lambda: agreements.make_agreement(households.wang, template, by=people["chen"]).number,
        lambda: agreements.make_agreement(households.zhao, template, by=people["chen"]).number,
    )
    assert sorted(made) == ["CAOYANG-ONE-RENEWAL-000001", "CAOYANG-ONE-RENEWAL-000002"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_freeze_one_draft_once(places, households, people, project, monkeypatch):
    template = paperwork.published(project, people["chen"])
    draft = agreements.make_agreement(households.wang, template, by=people["chen"])
    monkeypatch.setattr(agreements, "facts_of", meeting(queries.facts_of))
    done = together(
        *[lambda: agreements.freeze_agreement(draft, by=people["chen"]).document_sha256] * 2
    )
    draft.refresh_from_db()
    [entry] = Entry.objects.filter(act="households.freeze_agreement")
    assert entry.facts["document_sha256"] == draft.document_sha256
    assert sorted(done, key=len)[0] == "协议已经定稿，不用再做一次。"


# --- freezing -------------------------------------------------------------------------------


def test_a_frozen_agreement_is_a_certified_file(frozen):
    pdf = intake.read(frozen.document)
    judged = documents.verdict(pdf, expected_fields=[], registered_sha256=frozen.document_sha256)
    [entry] = Entry.objects.filter(act="households.freeze_agreement")
    assert (frozen.state, judged.ok, judged.sha256) == ("frozen", True, frozen.document_sha256)
    assert entry.facts["document_sha256"] == frozen.document_sha256
    assert frozen.fingerprint == (
        f"{frozen.document_sha256[:4]}-{frozen.document_sha256[4:8]}".upper()
    )


def test_a_file_that_changed_since_is_not_frozen(draft, households, people):
    Household.objects.filter(pk=households.wang.pk).update(living_area="25.00")
    with pytest.raises(Refused, match="户档案刚有变化"):
        agreements.freeze_agreement(draft, by=people["chen"])
    draft.refresh_from_db()
    assert (draft.state, draft.document, draft.document_sha256) == ("draft", None, "")


def test_a_co_owner_who_came_since_keeps_it_from_freezing(draft, households, people, places):
    Member.objects.create(
        neighbourhood=places.here, household=households.wang, role="co_owner", name="周明"
    )
    with pytest.raises(Refused, match="刚有变化"):
        agreements.freeze_agreement(draft, by=people["chen"])


def test_what_is_frozen_is_not_frozen_again(frozen, people):
    with pytest.raises(Refused, match="已经定稿"):
        agreements.freeze_agreement(frozen, by=people["chen"])


# --- declining, replacing, voiding ------------------------------------------------------------


def test_a_new_version_asks_for_new_signatures_and_keeps_the_old(
    households, template, people, project
):
    old = paperwork.signed(households.wang, template, people["chen"], people["wang"])
    better = paperwork.published(
        project,
        people["chen"],
        body=paperwork.BODY.replace("依法承担责任", "依法赔偿损失"),
        changes="改了违约责任",
    )
    new = agreements.supersede_agreement(old, better, reason="面积更正", by=people["chen"])
    new = agreements.freeze_agreement(new, by=people["chen"])
    old.refresh_from_db()
    assert (old.state, old.closing_reason, old.signatures.count()) == ("superseded", "面积更正", 1)
    assert (new.state, new.supersedes, new.signatures.count()) == ("frozen", old, 0)
    assert [(d.before, d.after) for d in queries.differences(new)] == [
        ("任何一方违约的，依法承担责任。", "任何一方违约的，依法赔偿损失。")
    ]
    assert sealing.seal_due() == 1  # what was signed is still sealed: it is evidence
    assert Agreement.objects.signed().count() == 0


def test_thinking_again_keeps_the_signatures_given(households, template, people, places):
    Member.objects.create(
        neighbourhood=places.here, household=households.wang, role="co_owner", name="周明", order=1
    )
    agreement = paperwork.frozen(households.wang, template, people["chen"])
    paperwork.sign(agreement, agreement.signatories.get(order=1), signer=people["wang"])
    declined = agreements.decline_agreement(agreement, reason="再想想", by=people["wang"])
    assert (declined.state, declined.closing_reason) == ("declined", "再想想")
    again = agreements.reconsider_agreement(declined, by=people["wang"])
    assert (again.state, again.closing_reason, again.signatures.count()) == ("signing", "", 1)


def test_a_reason_is_asked_for(frozen, people):
    with pytest.raises(Refused, match="请写明事由"):
        agreements.decline_agreement(frozen, reason="  ", by=people["chen"])


def test_what_is_signed_only_an_administrator_voids(households, template, people):
    agreement = paperwork.signed(households.wang, template, people["chen"], people["wang"])
    with pytest.raises(PermissionDenied):
        agreements.void_agreement(agreement, reason="错了", by=people["chen"])
    voided = agreements.void_agreement(agreement, reason="错了", by=people["adi"])
    assert (voided.state, Agreement.objects.live().count()) == ("void", 0)
    assert voided.signatures.count() == 1


def test_nothing_moves_out_of_void(frozen, people):
    agreements.void_agreement(frozen, reason="错了", by=people["chen"])
    for act in (agreements.decline_agreement, agreements.void_agreement):
        with pytest.raises(Refused, match="已作废的协议不能转为"):
            act(frozen, reason="再来", by=people["chen"])


# --- who may ----------------------------------------------------------------------------------

COMMITTEE = {"chen", "lin"}
WHO_MAY = {
    "draft_template": COMMITTEE,
    "edit_template": COMMITTEE,
    "publish_template": COMMITTEE,
    "make_agreement": COMMITTEE,
    "freeze_agreement": COMMITTEE,
    "supersede_agreement": COMMITTEE,
    "decline_agreement": COMMITTEE | {"wang"},
    "reconsider_agreement": COMMITTEE | {"wang"},
    "void_agreement": COMMITTEE | {"adi"},
    "start_generation": COMMITTEE,
    "cancel_generation": COMMITTEE,
    "retry_sealing": COMMITTEE | {"adi"},
    "see_agreement_desk": COMMITTEE | {"adi"},
    "see_who_signs": COMMITTEE | {"adi", "wang"},
}


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, frozen):
    allowed = {who for who in EVERYONE if may(people[who], f"households.{act}", frozen)}
    assert allowed == WHO_MAY[act]


WHO_MAY_SHARE = {"share_agreement": {"wang"}, "revoke_share_link": COMMITTEE | {"wang"}}


@pytest.mark.parametrize("act", WHO_MAY_SHARE)
def test_who_may_share_and_take_back(act, people, frozen):
    link = ShareLink(neighbourhood=frozen.neighbourhood, agreement=frozen)
    allowed = {who for who in EVERYONE if may(people[who], f"households.{act}", link)}
    assert allowed == WHO_MAY_SHARE[act]


# --- pages --------------------------------------------------------------------------------------

SEES = {"wang": 200, "chen": 200, "adi": 200, "zhao": 404, "sun": 404, "fang": 404, "gu": 404, "root": 404}  # fmt: skip


@pytest.mark.parametrize(("person", "status"), SEES.items())
def test_strangers_cannot_tell_it_exists(client, people, frozen, person, status):
    client.force_login(people[person])
    for page in ("", "text/", "agreement.pdf"):
        assert client.get(f"/agreements/{frozen.pk}/{page}").status_code == status


def test_a_household_does_not_see_a_draft(client, people, draft):
    client.force_login(people["wang"])
    assert client.get(f"/agreements/{draft.pk}/").status_code == 404


def test_every_download_is_written_down(client, people, households, template):
    agreement = paperwork.signed(households.wang, template, people["chen"], people["wang"])
    client.force_login(people["wang"])
    assert client.get(f"/agreements/{agreement.pk}/sealed.pdf").status_code == 404
    sealing.seal_due()
    files = [client.get(f"/agreements/{agreement.pk}/{name}.pdf") for name in ("agreement", "sealed", "certificate")]  # fmt: skip
    assert [r.status_code for r in files] == [200, 200, 200]
    assert files[1].content.startswith(files[0].content)
    assert {r["Content-Disposition"].split(";")[0] for r in files} == {"attachment"}
    assert {r["Content-Security-Policy"] for r in files} == {"sandbox; default-src 'none'"}
    readings = FileReading.objects.values_list("reader__name", "what")
    assert list(readings) == [("王桂芳", "document")] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client, people, households, template, count, django_assert_max_num_queries
):
    for home in [households.wang, households.zhao, households.sun][:count]:
        agreements.make_agreement(home, template, by=people["chen"])
    client.force_login(people["chen"])
    client.get("/agreements/")
    with django_assert_max_num_queries(9):
        page = client.get("/agreements/")
    assert page.content.decode().count('<tr><th scope="row">') == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_the_same_number_of_questions(
    client, people, households, template, count, django_assert_max_num_queries
):
    for home in [households.wang, households.zhao, households.sun][:count]:
        paperwork.signed(home, template, people["chen"], people["wang"])
    client.force_login(people["chen"])
    client.get("/agreements/sealing/")
    with django_assert_max_num_queries(10):
        page = client.get("/agreements/sealing/")
    assert page.content.decode().count("再盖一次") == count


def test_the_list_is_filtered_by_the_address(client, people, households, template, places):
    for home in (households.wang, households.zhao):
        agreements.make_agreement(home, template, by=people["chen"])
    client.force_login(people["chen"])
    page = client.get(f"/agreements/?building={places.building.pk}&state=draft").content.decode()
    assert ("曹杨一村3号101室" in page, "曹杨一村9号202室" in page) == (True, False)


def test_a_resident_declines_on_the_page(client, people, frozen):
    client.force_login(people["wang"])
    url = f"/agreements/{frozen.pk}/decline/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "想看看图纸"}).status_code == 302
    frozen.refresh_from_db()
    assert (frozen.state, frozen.closing_reason) == ("declined", "想看看图纸")


def test_one_household_s_agreement_is_made_on_the_page(client, people, households, template):
    client.force_login(people["chen"])
    url = f"/households/{households.zhao.pk}/agreement/"
    assert client.post(url, {"template": template.pk}).status_code == 302
    assert households.zhao.agreements.get().state == "frozen"
    again = client.post(url, {"template": template.pk})
    assert (again.status_code, "本户已有协议" in again.content.decode()) == (422, True)


# --- a look for the family ----------------------------------------------------------------------


def test_the_family_sees_masked_words_for_seven_days(client, people, frozen):
    token = shares.share_agreement(frozen, by=people["wang"])
    page = client.get(f"/share/{token}/")
    words = page.content.decode()
    assert page.status_code == 200
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert ("王桂芳" in words, "王*芳" in words, "普曹租003101" in words) == (False, True, False)
    assert token not in ShareLink.objects.get().token_hash
    ShareLink.objects.update(
        created_at=timezone.now() - dt.timedelta(days=8),
        expires_at=timezone.now() - dt.timedelta(days=1),
    )
    assert client.get(f"/share/{token}/").status_code == 404


def test_a_link_taken_back_shows_nothing(client, people, frozen):
    token = shares.share_agreement(frozen, by=people["wang"])
    client.force_login(people["wang"])
    link = ShareLink.objects.get()
    assert client.post(f"/share-links/{link.pk}/revoke/").status_code == 302
    assert client.get(f"/share/{token}/").status_code == 404
    client.force_login(people["zhao"])
    assert client.post(f"/share-links/{link.pk}/revoke/").status_code == 404


def test_at_most_five_links_at_a_time(people, frozen):
    for _n in range(shares.MOST_LIVE):
        shares.share_agreement(frozen, by=people["wang"])
    with pytest.raises(Refused, match="还有 5 个链接"):
        shares.share_agreement(frozen, by=people["wang"])


def test_the_link_is_shown_once_after_it_was_made(client, people, frozen):
    client.force_login(people["wang"])
    client.post(f"/agreements/{frozen.pk}/share/")
    first = client.get(f"/agreements/{frozen.pk}/").content.decode()
    second = client.get(f"/agreements/{frozen.pk}/").content.decode()
    assert ("http://testserver/share/" in first, "http://testserver/share/" in second) == (
        True,
        False,
    )
