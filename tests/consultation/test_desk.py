"""The desk of polls through its pages: what staff do, what they are told, what it costs."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.community.models import User
from caoyang_portal.ledger.models import Entry
from caoyang_portal.uploads.intake import keep
from consultation.actions import counting, polls
from consultation.models import (
    BallotDelivery,
    CastMark,
    OpenBallot,
    PaperBallot,
    Poll,
    PollKind,
    PollObjection,
    Proxy,
)
from tests.conftest import EVERYONE
from tests.consultation.builders import (
    SEALED_KEY,
    SHARES,
    again,
    cast,
    closed,
    counted,
    draft,
    entry_of,
    frozen,
    kind,
    opened,
)

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    ("export_roll", "record_deliveries", "order_ballots", "download_ballots", "hand_in_scans"),
    COMMITTEE,
)


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, places):
    poll = Poll(neighbourhood=places.here, kind=kind())
    assert may(people[person], f"consultation.{act}", poll) is (person in WHO_MAY[act])


def picture(name="proof.png"):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def at(name, thing=None):
    return reverse(f"consultation:{name}", args=[thing.pk] if thing else [])


@pytest.fixture
def chen(client, people):
    client.force_login(people["chen"])
    return client


def said(response):
    """What the answer tells: its messages, or the errors of its form."""
    return response.content.decode()


def post(client, name, thing=None, **data):
    return client.post(at(name, thing), data, follow=True)


def test_a_draft_is_made_changed_and_announced(chen, places, households):
    of = kind("single-choice")
    page = said(chen.get(at("choose_kind")))
    assert "选一项，票多的入选。" in page
    opens = timezone.localtime() + dt.timedelta(days=10)
    given = {
        "neighbourhood": places.here.pk,
        "title": "门口种什么树",
        "code": "trees",
        "scope": "building",
        "building": places.building.pk,
        "secrecy": "separated",
        "opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (opens + dt.timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"),
    }
    refused = chen.post(at("draft_poll", of), given | {"code": "desk"})
    assert (refused.status_code, "这个编号不能用" in said(refused)) == (422, True)
    post(chen, "draft_poll", of, **given)
    poll = Poll.objects.get(code="trees")
    assert "还没有议项。" in said(chen.get(at("desk_poll", poll)))
    assert at("announce_poll", poll) not in said(chen.get(at("desk_poll", poll)))
    post(
        chen, "set_questions", poll, questions="门口种什么树？\n香樟\n桂花\n\n种几棵？\n一棵\n两棵"
    )
    assert [
        (q.text, [o.text for o in q.options.all()]) for q in poll.questions.order_by("number")
    ] == [("门口种什么树？", ["香樟", "桂花"]), ("种几棵？", ["一棵", "两棵"])]
    given["title"] = "门口种哪种树"
    post(chen, "edit_poll", poll, **given)
    assert at("announce_poll", poll) in said(chen.get(at("desk_poll", poll)))
    post(chen, "announce_poll", poll)
    poll = again(poll)
    assert (poll.state, poll.title, poll.building) == (
        "announced",
        "门口种哪种树",
        places.building,
    )
    assert chen.get(f"/polls/{poll.code}/notice.pdf").content[:5] == b"%PDF-"


def test_the_roll_is_built_corrected_exported_and_frozen(chen, people, places, households):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    post(chen, "build_roll", poll)
    page = said(chen.get(at("desk_roll", poll)))
    assert "61.50 ㎡" in page
    assert "王桂芳" in page
    unit = poll.units.get(household=households.wang)
    fixed = {"area": "22.5", "basis": "survey", "reason": "测绘"}
    post(chen, "correct_roll_unit", unit, **fixed)
    unit.refresh_from_db()
    assert (unit.area_cent, unit.basis) == (2250, "survey")
    post(chen, "add_roll_unit", poll, label="曹杨一村3号 104", is_unsold="on", **fixed)
    assert poll.roll.get(holder="developer").units.get().area_cent == 2250
    two = [entry_of(poll, "王桂芳"), entry_of(poll, "孙丽")]
    refused = post(chen, "merge_roll_entries", poll, entries=[two[0].pk], reason="")
    assert (refused.status_code, poll.roll.count()) == (422, 4)
    post(chen, "merge_roll_entries", poll, entries=[e.pk for e in two], reason="同一人")
    assert poll.roll.count() == 3
    masked = chen.post(at("export_roll", poll)).content.decode("utf-8-sig")
    whole = chen.post(at("export_roll", poll), {"reason": "核对产权"}).content.decode("utf-8-sig")
    names = [
        [row["姓名"] for row in csv.DictReader(io.StringIO(text))] for text in (masked, whole)
    ]
    assert "王桂芳" not in names[0]
    assert names[1].count("王桂芳") == 2
    taken = Entry.objects.filter(act="consultation.export_roll").order_by("seq")
    assert [entry.facts["whole_names"] for entry in taken] == [False, True]
    post(chen, "freeze_roll", poll)
    poll = again(poll)
    assert (poll.state, poll.roll_fingerprint in said(chen.get(at("desk_poll", poll)))) == (
        "frozen", True,
    )  # fmt: skip


def test_an_objection_keeps_the_roll_open_until_it_is_answered(chen, people, places, households):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    post(chen, "build_roll", poll)
    objection = PollObjection.objects.create(
        neighbourhood=places.here,
        poll=poll,
        about="roll",
        text="少了我家",
        raised_by=people["sun"],
    )
    assert at("freeze_roll", poll) not in said(chen.get(at("desk_poll", poll)))
    post(chen, "answer_objection", objection, upheld="no", answer="您家在第 3 号")
    objection.refresh_from_db()
    assert (objection.upheld, objection.answered_by) == (False, people["chen"])
    assert at("freeze_roll", poll) in said(chen.get(at("desk_poll", poll)))


def test_a_round_through_a_building_is_noted_with_one_proof(chen, people, places, households):
    poll = frozen(people, places)
    two = [entry_of(poll, name).pk for name in ("王桂芳", "孙丽")]
    given = {"entries": two, "way": "by_hand", "delivered_on": timezone.localdate().isoformat()}
    bare = post(chen, "record_deliveries", poll, **given)
    assert (bare.status_code, "请附上送达的凭证" in said(bare)) == (422, True)
    post(chen, "record_deliveries", poll, proof=picture(), **given)
    post(chen, "record_deliveries", poll, proof=picture(), **given)
    assert BallotDelivery.objects.count() == 2
    assert len({one.proof_id for one in BallotDelivery.objects.all()}) == 1
    left = said(chen.get(at("desk_deliveries", poll)))
    assert ("赵大勇" in left, "王桂芳" in left) == (True, False)
    assert chen.get(at("delivery_proof", BallotDelivery.objects.first())).status_code == 200


def test_only_the_silent_are_called_and_reminded(chen, people, places, households):
    poll = opened(people, places)
    cast(poll, people["wang"])
    page = said(chen.get(at("desk_calls", poll)))
    assert ("赵大勇" in page, "王桂芳" in page) == (True, False)
    assert ("13800000202" in page, "还有 2 人没投，其中 1 个账号收得到" in page) == (False, True)
    post(chen, "remind", poll)
    assert "今天已经提醒过" in said(chen.get(at("desk_calls", poll)))
    assert Entry.objects.filter(act="consultation.remind").count() == 1


def test_turnout_is_live_and_never_a_split(chen, people, places, households, client):
    poll = opened(people, places)
    cast(poll, people["wang"], {"1": "no"})
    page = chen.get(at("desk_turnout", poll), headers={"HX-Request": "true"})
    assert ("every 10s" in said(page), "同意" in said(page)) == (True, False)
    assert page.context["whole"].answered == 1
    client.force_login(people["gu"])  # the street: no building of fewer than five
    rows = client.get(at("desk_turnout", poll)).context["rows"]
    assert [(row.heads, row.answered) for row, _cells in rows] == [(3, 1)]


PASSWORD = "correct horse battery staple"


def tablet(client, entry, witness, **more):
    witness.set_password(PASSWORD)
    witness.save()
    client.force_login(User.objects.get(name="陈静"))
    form = client.get(at("cast_on_tablet", entry)).context["form"]
    given = {
        "q1": "yes",
        "form_key": form["form_key"].value(),
        "identity_seen": "on",
        "witness_phone": witness.phone,
        "witness_password": PASSWORD,
    } | more
    return client.post(at("cast_on_tablet", entry), given)


def test_the_tablet_takes_one_vote_before_a_witness(chen, people, places, households):
    poll = opened(people, places)
    entry = entry_of(poll, "孙丽")
    page = said(chen.get(at("cast_on_tablet", entry)))
    assert "checked" not in page.split("data-vote")[1]
    wrong = tablet(chen, entry, people["lin"], witness_password="x")
    assert (wrong.status_code, CastMark.objects.count()) == (422, 0)
    alone = tablet(chen, entry, people["chen"])
    assert ("见证人要是本居委的另一位工作人员" in said(alone), CastMark.objects.count()) == (
        True,
        0,
    )
    done = tablet(chen, entry, people["lin"])
    mark = CastMark.objects.get()
    assert (mark.channel, mark.operator, mark.witness) == ("tablet", people["chen"], people["lin"])
    assert OpenBallot.objects.get().choices["1"]["code"] in said(done)


def mandate(entry, **more):
    return {
        "agent_name": "王小明",
        "agent_phone": "13800009999",
        "q1": "yes",
        "valid_from": timezone.localdate().isoformat(),
        "valid_to": (timezone.localdate() + dt.timedelta(days=9)).isoformat(),
        "document": picture("mandate.png"),
    } | more


def test_a_mandate_is_recorded_by_one_and_approved_by_another(chen, people, places, households):
    poll = opened(people, places)
    entry = entry_of(poll, "孙丽")
    assert post(chen, "record_proxy", entry, **mandate(entry, q1="")).status_code == 422
    post(chen, "record_proxy", entry, **mandate(entry))
    proxy = Proxy.objects.get()
    assert (proxy.instructed, proxy.approved_by) == ({"1": "yes"}, None)
    page = said(chen.get(at("desk_proxies", poll)))
    assert at("approve_proxy", proxy) not in page  # not by whoever recorded it
    chen.force_login(people["lin"])
    assert at("approve_proxy", proxy) in said(chen.get(at("desk_proxies", poll)))
    assert chen.get(at("proxy_document", proxy)).status_code == 200
    post(chen, "approve_proxy", proxy)
    post(chen, "revoke_proxy", proxy, reason="业主自己来投")
    proxy.refresh_from_db()
    assert (proxy.approved_by, proxy.revoking_reason) == (people["lin"], "业主自己来投")


def test_in_a_secret_poll_a_mandate_says_nothing_of_the_choice(chen, people, places, households):
    poll = opened(people, places, secrecy="separated")
    entry = entry_of(poll, "孙丽")
    assert 'name="q1"' not in said(chen.get(at("record_proxy", entry)))
    post(chen, "record_proxy", entry, **mandate(entry))
    assert Proxy.objects.get().instructions == ""


def test_sealed_ballots_are_opened_by_all_scrutineers(chen, people, places, households):
    poll = draft(people, places, secrecy="sealed")
    wrong = post(chen, "set_scrutineers", poll, names="甲", public_key=SEALED_KEY[0])
    assert (wrong.status_code, "监票人至少两位" in said(wrong)) == (422, True)
    post(chen, "set_scrutineers", poll, names="甲\n乙", public_key=SEALED_KEY[0].upper())
    assert again(poll).scrutineer_key == SEALED_KEY[0]
    poll = opened(people, places, secrecy="sealed")
    cast(poll, people["wang"])
    closed(poll)
    assert "密封票还没有由监票人开启" in said(chen.get(at("desk_counting", poll)))
    refused = post(chen, "open_envelopes", poll, share_0=SHARES[0], share_1="00" * 32)
    assert (refused.status_code, SHARES[0] in said(refused)) == (422, False)
    post(chen, "open_envelopes", poll, share_0=SHARES[0], share_1=SHARES[1])
    post(chen, "finish_count", poll)
    assert again(poll).state == "counted"


def test_a_result_is_published_and_followed_up(chen, people, places, households):
    poll = opened(people, places)
    for who in ("wang", "zhao"):
        cast(poll, people[who])
    poll = counted(poll)
    page = said(chen.get(at("desk_result", poll)))
    assert ("通过" in page, at("publish_result", poll) in page) == (True, False)
    counting.print_result_notices()
    poll.result.objections_until = timezone.localdate() - dt.timedelta(days=1)
    poll.result.save()
    assert at("publish_result", poll) in said(chen.get(at("desk_result", poll)))
    post(chen, "publish_result", poll)
    task = poll.follow_ups.get()
    assert at("settle_follow_up", task) in said(chen.get(at("desk_poll", poll)))
    post(chen, "settle_follow_up", task, note="已报批")
    assert "已报批" in said(chen.get(at("desk_poll", poll)))


def test_a_kind_is_revised_as_a_new_version(client, people, places):
    client.force_login(people["adi"])
    old = kind("first-consent")
    form = client.get(at("revise_kind", old)).context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    given = {name: value for name, value in given.items() if value is not False}
    given |= {"neighbourhood": places.here.pk, "pass_part": 85, "why": "法规修订"}
    wrong = client.post(at("revise_kind", old), given | {"pass_part": 200})
    assert (wrong.status_code, "分子不能大过分母" in said(wrong)) == (422, True)
    client.post(at("revise_kind", old), given)
    new = PollKind.objects.get(code="first-consent", neighbourhood=places.here)
    assert (new.version, new.pass_part, new.why, new.made_by) == (2, 85, "法规修订", people["adi"])
    old.refresh_from_db()
    assert (old.pass_part, new.legal_basis, new.secrecies) == (80, old.legal_basis, old.secrecies)
    assert "法规修订" in said(client.get(at("kind_history", new)))
    client.post(at("end_kind", new))
    new.refresh_from_db()
    assert new.valid_to == timezone.localdate()


def test_the_administrator_alone_voids(client, people, places, households):
    poll = opened(people, places)
    client.force_login(people["chen"])
    assert at("void_poll", poll) not in said(client.get(at("desk_poll", poll)))
    client.force_login(people["adi"])
    assert at("void_poll", poll) in said(client.get(at("desk_poll", poll)))
    assert at("desk_roll", poll) not in said(client.get(at("desk_poll", poll)))  # no names
    post(client, "void_poll", poll, reason="题目有误", sure="on")
    assert again(poll).void_reason == "题目有误"


LISTS = {
    "desk_roll": 20,
    "desk_deliveries": 18,
    "desk_calls": 20,
    "desk_proxies": 16,
    "desk_papers": 26,
    "desk_strays": 14,
    "desk_objections": 14,
    "desk_turnout": 12,
    "desk_poll": 24,
    "desk": 10,
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_row_and_three(
    name, rows, client, people, places, households, django_assert_max_num_queries
):
    poll = opened(people, places)
    PaperBallot.objects.bulk_create(
        PaperBallot(neighbourhood=places.here, poll=poll, serial=f"S{n}") for n in range(rows)
    )
    for entry in list(poll.roll.all())[:rows]:
        PollObjection.objects.create(
            neighbourhood=places.here, poll=poll, about="roll", text="？", raised_by=people["sun"]
        )
        paper = _attachment(places, people)
        Proxy.objects.create(
            neighbourhood=places.here, poll=poll, entry=entry, agent_name="王小明",
            agent_phone="+8613800001234", valid_from=timezone.localdate(),
            valid_to=timezone.localdate(), document=paper, recorded_by=people["lin"],
        )  # fmt: skip
        poll.stray_scans.create(neighbourhood=places.here, scan=paper, problem="读不出")
    if rows == 3:
        opened(people, places), draft(people, places)
    client.force_login(people["chen"])
    thing = None if name == "desk" else poll
    with django_assert_max_num_queries(LISTS[name]):
        assert client.get(at(name, thing)).status_code == 200


def _attachment(places, people):
    return keep(
        picture().read(), "x.png", "image/png", neighbourhood_id=places.here.pk, by=people["chen"]
    )
