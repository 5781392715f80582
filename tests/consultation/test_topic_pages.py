"""Topics through their pages: what residents read, what the committee does, what it costs."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from caoyang_portal.referrals import handovers
from consultation.actions import polls, rolls, topic_upkeep, topics
from consultation.models import PollObjection, Topic
from households.actions.visits import add_visit
from tests.consultation.builders import draft
from tests.consultation.topic_builders import in_state, payer_of, proposed, screen, screened

DAY = dt.timedelta(days=1)


def at(name, thing=None, *more):
    return reverse(f"consultation:{name}", args=[thing.pk, *more] if thing else [])


def photo(name="floor.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_a_resident_brings_something_up_and_reads_when_they_hear_of_it(
    client, people, places, households
):
    screened(people, places, "菜场的地太滑")
    client.force_login(people["zhao"])
    first = client.get(at("propose_topic"))
    assert "居委 5 个工作日内答复您" in first.content.decode()
    second = client.get(at("propose_topic"), {"title": "菜场地滑"})
    assert "是不是同一件事" in second.content.decode()
    assert "菜场的地太滑" in second.content.decode()
    answer = client.post(
        at("propose_topic"),
        {"title": "菜场地滑", "text": "", "building": "", "photos": [photo(), photo("b.jpg")], "is_unnamed": "on"},
    )  # fmt: skip
    topic = Topic.objects.get(title="菜场地滑")
    assert answer.headers["Location"] == at("topic", topic)
    assert (topic.photos.count(), topic.household, topic.shown_proposer) == (
        2, households.zhao, "一位居民",
    )  # fmt: skip
    page = client.get(at("topic", topic)).content.decode()
    assert "居委看这件事能不能列为议题" in page
    assert "最晚" in page
    assert client.get(at("topic_photo", topic, topic.photos.first().pk)).status_code == 200


def test_a_page_that_was_wrong_comes_back_filled(client, people, places, households):
    client.force_login(people["zhao"])
    answer = client.post(at("propose_topic"), {"title": "", "text": "很滑"})
    assert answer.status_code == 422
    assert "很滑" in answer.content.decode()


def test_nobody_reads_a_name_or_a_photo_that_is_not_shown(client, people, places, households):
    topic = in_state(people, places, "carrying_out")
    page = client.get(at("topic", topic)).content.decode()
    assert "王*芳" in page
    assert "王桂芳" not in page
    assert "街道市政科" in page
    client.force_login(people["gu"])
    assert "王桂芳" not in client.get(at("desk_topic", topic)).content.decode()
    client.force_login(people["chen"])
    assert "王桂芳" in client.get(at("desk_topic", topic)).content.decode()


def test_a_private_matter_is_seen_by_its_own_and_the_committee(client, people, places, households):
    topic = screened(people, places)
    topics.decline_topic(
        topic, answer="邻里调解。", instead="mediation", is_private=True, by=people["chen"]
    )
    for who, status in (
        ("passerby", 404),
        ("zhao", 404),
        ("wang", 200),
        ("chen", 200),
        ("fang", 404),
    ):
        client.logout()
        if who != "passerby":
            client.force_login(people[who])
        assert (who, client.get(at("topic", topic)).status_code) == (who, status)
    client.force_login(people["wang"])
    page = client.get(at("topic", topic)).content.decode()
    assert "邻里调解。" in page
    assert "人民调解" in page


def test_what_is_late_says_so_to_everybody(client, people, places, households):
    topic = screened(people, places)
    Topic.objects.filter(pk=topic.pk).update(next_on=timezone.localdate() - DAY)
    assert "现在还没有办到，已经催居委" in client.get(at("topic", topic)).content.decode()
    assert "已超期" in client.get(at("topic_list")).content.decode()
    client.force_login(people["chen"])
    assert "1 件超期" in client.get(at("topic_desk")).content.decode()


def test_the_list_is_narrowed(client, people, places, households):
    in_state(people, places, "deliberating", "菜场升级")
    screened(people, places, "停车难", building=places.building)
    proposed(people, places, "还没看的")

    def titles(**asked):
        page = client.get(at("topic_list"), asked).context["page"]
        return {topic.title for topic in page}

    assert titles() == {"菜场升级", "停车难"}
    assert titles(column="approve") == {"菜场升级"}
    assert titles(form="round_table") == {"菜场升级"}
    assert titles(q="停车") == {"停车难"}
    assert titles(building=str(places.building.pk)) == {"停车难"}
    assert titles(building="x", form="nonsense", column="") == {"菜场升级", "停车难"}
    assert titles(column="nonsense") == set()


def test_the_committee_leads_a_topic_to_its_end_through_the_pages(
    client, people, places, households
):
    topic = proposed(people, places)
    day = (timezone.localdate() + 3 * DAY).isoformat()
    client.force_login(people["chen"])
    page = client.get(at("screen_topic", topic)).content.decode()
    assert "checked" not in page.split("is_duplicate")[1].split("公开的题目")[0]
    payer = payer_of(places)
    steps = [
        ("screen_topic", {"is_duplicate": "no", "is_ours": "yes", "is_personal": "no", "title": "菜场防滑", "text": "", "note": "", "next_on": day}),
        ("approve_topic", {"body": "党总支", "form": "round_table", "payer": "", "words": "", "next_on": day}),
        ("start_deliberation", {"words": "十次圆桌会", "next_on": day}),
        ("decide_topic", {"how": "elsewhere", "conclusion": "铺防滑砖。", "next_on": day}),
        ("assign_topic", {"payer": str(payer.pk), "words": "", "next_on": day}),
        ("evaluate_topic", {"satisfied": "8", "dissatisfied": "1", "words": "好走了。"}),
    ]  # fmt: skip
    for name, given in steps:
        if name == "approve_topic":
            assert client.post(at(name, topic), given).status_code == 403
            assert "批单要另一位同事来登记" in client.get(at("desk_topic", topic)).content.decode()
            client.force_login(people["lin"])
        answer = client.post(at(name, topic), given)
        assert (name, answer.status_code) == (name, 302)
        last = topic.steps.last()
        assert last.next_on == (None if name == "evaluate_topic" else dt.date.fromisoformat(day))
    topic.refresh_from_db()
    assert (topic.state, topic.title, topic.payer) == ("evaluated", "菜场防滑", payer)


def test_a_refusal_is_a_sentence_on_the_page(client, people, places, households):
    topic = proposed(people, places)
    client.force_login(people["chen"])
    answer = client.post(
        at("screen_topic", topic),
        {"is_duplicate": "no", "is_ours": "yes", "is_personal": "yes", "title": "菜", "text": ""},
    )
    assert answer.status_code == 422
    assert "一家一户的事请用“不列入”" in answer.content.decode()
    answer = client.post(
        at("promise_next", topic),
        {"next_step": "看", "next_on": (timezone.localdate() - DAY).isoformat(), "reason": "忙"},
    )
    assert "答应的日期不能早于今天" in answer.content.decode()


def test_who_has_no_account_is_told_how_it_stands_by_one_button(
    client, people, places, households
):
    topic = topics.enter_topic(
        places.here, title="门口太黑", text="", source="visit", proposer_name="李阿婆",
        by=people["chen"],
    )  # fmt: skip
    screen(topic, people)
    latest = at("note_told", topic.steps.last())
    client.force_login(people["lin"])
    for name, thing in (("topic_desk", None), ("desk_topic", topic)):
        page = client.get(at(name, thing)).content.decode()
        assert (page.count("/told/"), latest in page) == (1, True), name
    page = client.post(latest, follow=True).content.decode()
    assert page.count("林红") == 2  # beside the step, and the one before it
    assert "/told/" not in page
    assert "要当面或打电话告诉的人" not in client.get(at("topic_desk")).content.decode()


def test_merging_and_undoing_through_the_pages(client, people, places, households):
    topic, into = proposed(people, places, "菜场太暗"), screened(people, places, "菜场升级")
    client.force_login(people["chen"])
    client.post(at("merge_topic", topic), {"into": str(into.pk), "reason": "同一件事"})
    topic.refresh_from_db()
    assert (topic.state, topic.merged_into) == ("merged", into)
    assert "菜场升级" in client.get(at("topic", topic)).content.decode()
    client.post(at("unmerge_topic", topic))
    topic.refresh_from_db()
    assert (topic.state, topic.merged_into) == ("proposed", None)


@pytest.mark.parametrize("name", ["topic_list", "my_topics", "topic_desk", "topic", "desk_topic"])
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places, households):
    def cost():
        who = people["wang" if name == "my_topics" else "chen"]
        client.force_login(who)
        thing = Topic.objects.get(title="甲0") if name in ("topic", "desk_topic") else None
        client.get(at(name, thing))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(name, thing)).status_code == 200
        return len(asked)

    def one_more(n):
        topic = screened(people, places, f"甲{n}", building=places.building)
        entered = topics.enter_topic(
            places.here, title=f"乙{n}", text="", source="visit", proposer_name="李", by=people["chen"]
        )  # fmt: skip
        if n:
            topic_upkeep.merge_topic(topic, into=Topic.objects.get(title="甲0"), by=people["chen"])
            topics.link_poll(
                Topic.objects.get(title="甲0"), poll=draft(people, places), by=people["chen"]
            )
        return entered

    one_more(0)
    alone = cost()
    one_more(1)
    one_more(2)
    assert cost() <= alone + (1 if name in ("topic", "desk_topic") else 0)


def test_an_objection_becomes_a_topic_with_its_answer_or_neither(
    client, people, places, households
):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    objection = rolls.object_to_roll(poll, text="地太滑", by=people["wang"])
    client.force_login(people["chen"])
    page = client.get(reverse("consultation:desk_objections", args=[poll.pk])).content.decode()
    url = reverse("referrals:objection_to_topic", args=[objection.pk])
    assert url in page
    client.post(url, {"title": "", "text": "x", "answer": "转"})
    objection.refresh_from_db()
    assert (objection.upheld, Topic.objects.count()) == (None, 0)
    client.post(url, {"title": "菜场防滑", "text": "", "answer": "转为议题"})
    objection.refresh_from_db()
    topic = Topic.objects.get()
    assert (objection.upheld, objection.answer, topic.proposed_by, topic.source) == (
        False, "转为议题", people["wang"], "objection",
    )  # fmt: skip
    deliver_pending()
    assert Notice.objects.filter(reader=people["wang"]).count() == 2
    with pytest.raises(Refused, match="已经转为议题"):
        handovers.objection_to_topic(
            objection, title="再来", text="", answer="转", by=people["chen"]
        )
    assert PollObjection.objects.count() == 1


def test_what_a_visit_brought_back_becomes_a_topic_once(client, people, places, households):
    visit = add_visit(
        households.wang, way="door", outcome="met", text="说菜场地滑", by=people["chen"]
    )
    client.force_login(people["chen"])
    listed = client.get(reverse("referrals:to_topics")).content.decode()
    url = reverse("referrals:visit_to_topic", args=[visit.pk])
    assert url in listed
    client.post(url, {"title": "菜场防滑", "text": "地滑", "proposer_name": "王桂芳"})
    topic = Topic.objects.get()
    assert (topic.visit, topic.household, topic.proposer, topic.minder) == (
        visit, households.wang, "王桂芳", people["chen"],
    )  # fmt: skip
    assert url not in client.get(reverse("referrals:to_topics")).content.decode()
    assert client.post(url, {"title": "又", "text": "", "proposer_name": "王"}).status_code == 422
    client.force_login(people["fang"])
    assert client.get(url).status_code == 404
