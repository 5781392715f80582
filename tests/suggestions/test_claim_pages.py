"""Claims through their pages: what residents read, what staff do, what it costs, what nobody else sees."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.referrals import claims as handovers
from consultation.actions import polls, rolls
from consultation.models import PollObjection, Topic
from households.actions.visits import add_visit
from suggestions.actions import callbacks
from suggestions.models import Claim, Suggestion
from suggestions.queries import claim_figures
from tests.consultation.builders import draft
from tests.suggestions.claim_builders import (
    DONE,
    NOT_DONE,
    again,
    entered,
    in_state,
    lead_of,
    made,
    replied,
    stocked,
    whistled,
)


def at(name, thing=None, *more):
    return reverse(f"suggestions:{name}", args=[thing.pk, *more] if thing else [])


def photo(name="roof.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_a_resident_makes_a_claim_and_reads_when_they_hear_of_it(
    client, people, places, households
):
    stocked()
    client.force_login(people["wang"])
    assert "一个工作日内先和您联系" in client.get(at("make_claim")).content.decode()
    answer = client.post(
        at("make_claim"),
        {"title": "楼顶漏水", "text": "滴到床上", "building": "", "photos": [photo()]},
    )
    claim = Claim.objects.get()
    assert answer.headers["Location"] == at("claim", claim)
    assert (claim.household, claim.photos.count()) == (households.wang, 1)
    page = client.get(at("claim", claim)).content.decode()
    assert "居委看一看归谁办" in page
    assert "最晚" in page
    picture = at("claim_photo", claim, claim.photos.get().pk)
    assert client.get(picture).status_code == 200
    for who, status in (("zhao", 404), ("chen", 200), ("shen", 404)):
        client.force_login(people[who])
        assert client.get(picture).status_code == status
        assert client.get(at("claim", claim)).status_code == 404


def test_a_form_that_is_wrong_comes_back_filled(client, people, places, households):
    stocked()
    client.force_login(people["wang"])
    answer = client.post(at("make_claim"), {"title": "", "text": "滴到床上"})
    assert answer.status_code == 422
    assert "滴到床上" in answer.content.decode()
    client.force_login(people["chen"])
    answer = client.post(
        at("enter_claim"),
        {"source": "phone", "claimant_name": "李阿婆", "title": "灯坏", "confirmed": "read_out",
         "building": places.building.pk, "room": "999"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "没有这个室号" in answer.content.decode()


def test_the_desk_goes_from_the_telephone_to_the_callback(client, people, places, households):
    stocked()
    steps = [
        ("chen", "enter_claim", None, {
            "source": "hotline", "hotline_number": "SH-1", "claimant_name": "孙丽",
            "claimant_phone": "13800000777", "building": places.building.pk, "room": "102",
            "title": "灯坏", "text": "黑", "confirmed": "called",
        }),
        ("chen", "accept_claim", "claim", {"claim_class": "help", "words": ""}),
        ("chen", "note_contact", "claim", {"way": "phone", "words": "明天来"}),
    ]  # fmt: skip
    for who, name, thing, values in steps:
        client.force_login(people[who])
        answer = client.post(at(name, Claim.objects.get() if thing else None), values)
        assert (name, answer.status_code) == (name, 302)
    claim = Claim.objects.get()
    assert (claim.household, claim.masked_phone) == (households.sun, "138****0777")
    from tests.suggestions.claim_builders import unit_of

    unit = unit_of(places, people)
    client.post(at("whistle_claim", claim), {"lead": unit.pk, "words": "请看"})
    client.force_login(people["deng"])
    assert "灯坏" in client.get(at("unit_claims")).content.decode()
    values = {"outcome": "solved", "text": "换好了", "photos": [photo()]}
    client.post(at("reply_claim", lead_of(claim)), values)
    client.force_login(people["lin"])
    assert "灯坏" in client.get(at("claim_callbacks")).content.decode()
    values = {"way": "phone", "is_done": "yes", "attitude": "satisfied", "result": "mostly"}
    client.post(at("call_back_claim", claim), values)
    assert again(claim).state == "closed"
    page = client.get(at("desk_claim", claim)).content.decode()
    assert "基本满意" in page
    assert "13800000777" not in page


def test_the_number_is_shown_to_who_calls_and_masked_for_the_auditor(
    client, people, places, households
):
    claim = made(people, places)
    client.force_login(people["chen"])
    page = client.post(at("see_claimant_phone", claim)).content.decode()
    assert "+8613800000101" in page
    client.force_login(people["shen"])
    page = client.get(at("desk_claim", claim)).content.decode()
    assert "王*芳" in page
    assert "王桂芳" not in page
    assert "0101" not in page


def test_whoever_answered_is_told_to_ask_a_colleague(client, people, places, households):
    from suggestions.actions import dispatches
    from tests.suggestions.claim_builders import accepted

    claim = made(people, places)
    accepted(claim, people)
    dispatches.note_contact(claim, way="phone", words="看", by=people["chen"])
    dispatches.whistle_claim(claim, lead=None, by=people["chen"])
    replied(claim, people, by="chen")
    client.force_login(people["chen"])
    assert "您办的，请同事回访" in client.get(at("claim_callbacks")).content.decode()
    assert "不能回访自己办的" in client.get(at("desk_claim", claim)).content.decode()
    assert client.get(at("call_back_claim", claim)).status_code == 403


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("chen", "claim_desk"), ("chen", "claim_callbacks"), ("chen", "claim_warnings"),
        ("deng", "unit_claims"), ("deng", "claim_desk"), ("wang", "my_claims"),
        ("gu", "claim_figures"),
    ],
)  # fmt: skip
def test_a_list_costs_the_same_whatever_its_length(client, who, name, people, places, households):
    def fill(n):
        one = made(people, places, f"第{n}件")
        whistled(one, people, places, "complaint")
        two = made(people, places, f"又{n}件", "zhao")
        whistled(two, people, places)
        replied(two, people)
        entered(people, places, f"还{n}件")

    costs = []
    for n in range(3):
        fill(n)
        client.force_login(people[who])
        client.get(at(name))
        if n in (0, 2):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(at(name)).status_code == 200
            costs.append(len(asked))
    assert costs[0] == costs[1]


def test_figures_hide_what_is_small(people, places, households):
    for n in range(6):
        claim = in_state(people, places, "replied", f"第{n}件", ("wang", "zhao")[n % 2])
        said = DONE if n else NOT_DONE
        callbacks.call_back_claim(claim, way="phone", **said, by=people["lin"])
    claims = Claim.objects.all()
    lines = {line.label: line for line in claim_figures.by_unit(claims)}
    unit = lines["房管所"]
    assert (unit.count, [(one.yes, one.of) for one in unit.shares[:2]]) == (6, [(6, 6), (6, 6)])
    assert [one.yes for one in unit.shares[2:]] == [None, None]  # one of six was not content
    assert unit.shares[0].percent == "100.0 %"
    assert dict(claim_figures.by_level(claims))["街道层面办结"] == 5


def test_a_percent_is_cut_off_and_never_rounded_up():
    assert claim_figures.Share(1424, 1499).percent == "94.9 %"
    assert claim_figures.Share(None, 9).percent == ""


def test_a_visit_and_an_objection_become_claims_once(people, places, households):
    stocked()
    visit = add_visit(households.zhao, way="door", outcome="met", text="要扶手", by=people["chen"])
    values = {
        "title": "装扶手",
        "text": "要扶手",
        "claimant_name": "赵大勇",
        "confirmed": "read_out",
    }
    claim = handovers.visit_to_claim(visit, **values, by=people["chen"])
    assert (claim.household, claim.source, claim.visit) == (households.zhao, "visit", visit)
    with pytest.raises(Refused, match="已经转为诉求"):
        handovers.visit_to_claim(visit, **values, by=people["chen"])
    poll = draft(people, places)
    rolls.build_roll(poll, by=people["chen"])
    poll = polls.publish_poll(poll, by=people["chen"]) if hasattr(polls, "publish_poll") else poll
    objection = PollObjection.objects.create(
        neighbourhood=places.here, poll=poll, text="我家面积错了", raised_by=people["wang"],
        household=households.wang,
    )  # fmt: skip
    words = {"title": "面积错了", "text": "我家面积错了", "answer": "转去核对"}
    claim = handovers.objection_to_claim(objection, **words, by=people["chen"])
    assert (claim.claimant, claim.source_ref) == (people["wang"], str(objection.pk))
    with pytest.raises(Refused, match="已经转为诉求"):
        handovers.objection_to_claim(objection, **words, by=people["chen"])


def test_a_claim_becomes_a_suggestion_or_a_topic_with_both_sides_or_neither(
    people, places, households
):
    claim = made(people, places, "弄堂口太黑")
    values = {
        "category": "safety",
        "title": "弄堂口装灯",
        "reasons": "太黑",
        "answer": "转建议接着办",
    }
    suggestion = handovers.claim_to_suggestion(claim, **values, by=people["chen"])
    claim = again(claim)
    assert (suggestion.proposed_by, suggestion.name_shown) == (people["wang"], "hidden")
    assert (claim.state, claim.elsewhere, claim.answer) == (
        "referred",
        "suggestion",
        "转建议接着办",
    )
    with pytest.raises(Refused):
        handovers.claim_to_suggestion(claim, **values, by=people["chen"])
    assert Suggestion.objects.count() == 1
    other = made(people, places, "楼道堆物")
    topic = handovers.claim_to_topic(
        other, title="楼道堆物怎么清", text="堆满了", answer="请大家商量", by=people["chen"]
    )
    assert (topic.source, topic.source_ref, topic.shown_proposer) == (
        "claim", other.number, "一位居民",
    )  # fmt: skip
    assert Topic.objects.count() == 1
    assert not may(people["wang"], "suggestions.refer_claim", other)
