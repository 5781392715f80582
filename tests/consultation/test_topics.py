"""A topic from its proposing to its evaluation: who may, what may follow what, what is promised."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from consultation.actions import topic_upkeep, topics
from consultation.models import Topic, TopicMerge, TopicScreening, TopicStep, TopicSupport
from consultation.paces import PACES, RUNGS
from consultation.queries import topics as queries
from tests.conftest import EVERYONE
from tests.consultation.builders import counted, opened
from tests.consultation.topic_builders import (
    SCREENING,
    in_state,
    payer_of,
    proposed,
    screen,
    screened,
)
from tests.households.builders import attachment

State = Topic.State
COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "screen_topic", "decline_topic", "start_deliberation", "decide_topic", "assign_topic",
        "evaluate_topic", "merge_topic", "unmerge_topic", "reopen_topic", "promise_next",
        "link_poll", "note_told", "enter_topic", "see_proposer",
    ),
    COMMITTEE,
) | {
    "approve_topic": {"lin"},  # chen has screened it
    "propose_topic": {"wang", "zhao"},
    "support_topic": {"wang", "zhao"},
    "end_support": {"wang", "zhao"},
    "withdraw_topic": {"wang"},
    "see_topic_desk": COMMITTEE | {"gu", "shen", "adi"},
}  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    topic = screened(people, places)
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", topic)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


ACTS = {
    "screen_topic": lambda t, p, x: topics.screen_topic(
        t, title="题", text="", **SCREENING, by=p["chen"]
    ),
    "approve_topic": lambda t, p, x: topics.approve_topic(
        t, body="党总支", form="hearing", by=p["lin"]
    ),
    "start_deliberation": lambda t, p, x: topics.start_deliberation(t, by=p["chen"]),
    "decide_topic": lambda t, p, x: topics.decide_topic(
        t, how="elsewhere", conclusion="好。", by=p["chen"]
    ),
    "assign_topic": lambda t, p, x: topics.assign_topic(t, payer=payer_of(x), by=p["chen"]),
    "evaluate_topic": lambda t, p, x: topics.evaluate_topic(
        t, satisfied=1, dissatisfied=0, words="好。", by=p["chen"]
    ),
    "decline_topic": lambda t, p, x: topics.decline_topic(
        t, answer="不归我们。", instead="street", by=p["chen"]
    ),
    "merge_topic": lambda t, p, x: topic_upkeep.merge_topic(
        t, into=Topic.objects.get(title="另一个"), by=p["chen"]
    ),
    "unmerge_topic": lambda t, p, x: topic_upkeep.unmerge_topic(t, by=p["chen"]),
    "reopen_topic": lambda t, p, x: topics.reopen_topic(t, reason="有新情况", by=p["chen"]),
    "promise_next": lambda t, p, x: topic_upkeep.promise_next(
        t, next_on=timezone.localdate(), reason="下雨", by=p["chen"]
    ),
    "withdraw_topic": lambda t, p, x: topics.withdraw_topic(t, by=p["wang"]),
}
LEADS_TO = {
    "proposed": {
        "screen_topic": "screened", "decline_topic": "declined", "merge_topic": "merged",
        "promise_next": "proposed", "withdraw_topic": "withdrawn",
    },
    "screened": {
        "approve_topic": "approved", "decline_topic": "declined", "merge_topic": "merged",
        "promise_next": "screened", "withdraw_topic": "withdrawn",
    },
    "approved": {
        "start_deliberation": "deliberating", "decline_topic": "declined",
        "merge_topic": "merged", "promise_next": "approved",
    },
    "deliberating": {
        "decide_topic": "decided", "decline_topic": "declined", "promise_next": "deliberating",
    },
    "decided": {
        "assign_topic": "carrying_out", "reopen_topic": "deliberating",
        "decline_topic": "declined", "promise_next": "decided",
    },
    "carrying_out": {
        "evaluate_topic": "evaluated", "reopen_topic": "deliberating",
        "promise_next": "carrying_out",
    },
    "evaluated": {"reopen_topic": "deliberating"},
    "declined": {"reopen_topic": "proposed"},
    "merged": {"unmerge_topic": "proposed"},
    "withdrawn": {},
}  # fmt: skip


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_follow_what(state, act, people, places, households):
    """Each state with each act: it leads where it should, or a sentence says why not and nothing is changed."""
    topic = in_state(people, places, state)
    screened(people, places, "另一个")
    before = (topic.state, topic.next_on, TopicStep.objects.filter(topic=topic).count())
    leads = LEADS_TO[state].get(act)
    if leads:
        ACTS[act](topic, people, places)
        topic.refresh_from_db()
        assert topic.state == leads
        assert topic.is_live == (topic.next_on is not None)
        last = topic.steps.last()
        assert (last.state, last.next_on, last.next_step) == (
            leads, topic.next_on, topic.next_step,
        )  # fmt: skip
    else:
        with pytest.raises(Refused), transaction.atomic():
            ACTS[act](topic, people, places)
        topic.refresh_from_db()
        assert (topic.state, topic.next_on, topic.steps.count()) == before


def test_every_step_is_told_to_whoever_brought_it_up(people, places, households):
    topic = in_state(people, places, "evaluated")
    deliver_pending()
    told = Notice.objects.filter(reader=people["wang"]).order_by("entry__at")
    assert told.count() == topic.steps.count() == 7
    assert told[0].text.startswith(
        "您提的《菜场的地太滑》已提出。下一步：居委看这件事能不能列为议题，"
    )
    assert told[6].text == "您提的《菜场的地太滑》已评议，详情请登录门户看。"
    # The committee hears of it once, and nobody else at all.
    assert set(Notice.objects.exclude(reader=people["wang"]).values_list("reader__name", flat=True)) == {
        "陈静", "林红",
    }  # fmt: skip


@pytest.mark.usefixtures("announced")
@pytest.mark.parametrize(
    ("state", "day", "next_on"),
    [
        ("proposed", dt.date(2026, 9, 28), dt.date(2026, 10, 10)),  # over the National Day
        ("screened", dt.date(2026, 2, 12), dt.date(2026, 2, 26)),  # over the Spring Festival
        ("approved", dt.date(2026, 4, 30), dt.date(2026, 5, 18)),  # 9 May is worked in exchange
        ("carrying_out", dt.date(2026, 11, 20), dt.date(2027, 2, 15)),
    ],
)
def test_promises_are_counted_in_working_days(state, day, next_on, people, places, households):
    with time_machine.travel(dt.datetime.combine(day, dt.time(2)), tick=False):
        assert in_state(people, places, state).next_on == next_on


def test_nobody_approves_what_they_screened(people, places, households):
    topic = screened(people, places)
    with pytest.raises(PermissionDenied, match="approve_topic"):
        topics.approve_topic(topic, body="党总支", form="hearing", by=people["chen"])
    topics.approve_topic(topic, body="党总支", form="hearing", by=people["lin"])
    assert topic.steps.last().by == people["lin"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"is_duplicate": True}, "并入别的议题"),
        ({"is_personal": True}, "不列入"),
        ({"is_ours": False}, "不列入"),
    ],
)
def test_what_does_not_pass_the_screening_goes_its_own_way(
    answers, words, people, places, households
):
    topic = proposed(people, places)
    with pytest.raises(Refused, match=words):
        screen(topic, people, **answers)
    assert not TopicScreening.objects.exists()


def test_screening_keeps_the_resident_s_own_words(people, places, households):
    topic = proposed(people, places, "3号楼101漏水，王桂芳138…", text="找我。")
    screen(topic, people, title="3号楼顶漏水", text="下雨就漏。")
    topic.refresh_from_db()
    assert (topic.title, topic.original) == ("3号楼顶漏水", "3号楼101漏水，王桂芳138…\n找我。")


def test_the_same_is_not_proposed_twice_and_not_without_end(people, places, households):
    proposed(people, places)
    with pytest.raises(Refused, match="已经提过"):
        proposed(people, places)
    for n in range(9):
        proposed(people, places, f"第{n}件")
    with pytest.raises(Refused, match="10 件"):
        proposed(people, places, "再一件")


def test_numbers_go_on_within_the_place_and_the_year(people, places, households):
    here = [proposed(people, places, title).number for title in "甲乙"]
    there = topics.propose_topic(places.there, title="丙", text="", by=people["hu"])
    year = timezone.localdate().year
    assert [*here, there.number] == [f"{year}-0001", f"{year}-0002", f"{year}-0001"]


def test_a_stranger_to_the_place_proposes_and_supports_nothing(people, places, households):
    with pytest.raises(PermissionDenied, match="propose_topic"):
        topics.propose_topic(places.there, title="甲", text="", by=people["wang"])
    with pytest.raises(PermissionDenied, match="support_topic"):
        topic_upkeep.support_topic(screened(people, places), by=people["hu"])


def test_a_place_of_elsewhere_does_not_fit(people, places, households):
    with pytest.raises(Refused, match="这一幢不属于"):
        proposed(people, places, building=places.far_building)
    with pytest.raises(Refused, match="这张照片不属于"):
        proposed(people, places, photos=[attachment(places.there)])


def test_somebody_cares_once_and_may_take_it_back(people, places, households):
    topic = screened(people, places)
    with pytest.raises(Refused, match="您自己提的"):
        topic_upkeep.support_topic(topic, by=people["wang"])
    for _twice in range(2):
        topic_upkeep.support_topic(topic, by=people["zhao"])
    assert (queries.supporters(topic), TopicSupport.objects.count()) == (2, 1)
    with pytest.raises(Refused, match="已有邻居也关心"):
        topics.withdraw_topic(topic, by=people["wang"])
    topic_upkeep.end_support(topic, by=people["zhao"])
    assert queries.supporters(topic) == 1
    topics.withdraw_topic(topic, by=people["wang"])


def test_those_who_care_are_told_what_came_of_it(people, places, households):
    topic = in_state(people, places, "deliberating")
    topic_upkeep.support_topic(topic, by=people["zhao"])
    topics.decide_topic(topic, how="elsewhere", conclusion="铺砖。", by=people["chen"])
    deliver_pending()
    assert (
        Notice.objects.get(reader=people["zhao"]).text
        == "您关心的《菜场的地太滑》已决定，详情请登录门户看。"
    )


def test_what_decided_it_is_there_to_be_looked_up(people, places, households):
    topic = in_state(people, places, "deliberating")
    for how, words in (("meeting", "还没有开完的会"), ("poll", "还没有已计票的表决")):
        with pytest.raises(Refused, match=words):
            topics.decide_topic(topic, how=how, conclusion="好。", by=people["chen"])
    poll = counted(opened(people, places))
    topics.link_poll(topic, poll=poll, by=people["chen"])
    topics.decide_topic(topic, how="poll", conclusion="好。", by=people["chen"])
    assert Topic.objects.get(pk=topic.pk).conclusion == "好。"


def rows(*, but):
    """Everything that the topics' tables hold, but for the record of the doing."""
    tables = (
        "topic",
        "topic_photos",
        "topic_polls",
        "topicsupport",
        "topicscreening",
        "topicstep",
    )
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            if table not in but:
                cursor.execute(f"SELECT to_jsonb(t) FROM consultation_{table} t ORDER BY id")
                found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("state", ["proposed", "screened", "approved"])
def test_a_merging_undone_leaves_everything_as_it_was(state, people, places, households):
    into = screened(people, places, "菜场升级")
    topic = in_state(people, places, state)
    if state != "proposed":
        topic_upkeep.support_topic(topic, by=people["zhao"])
    Topic.objects.filter(pk=topic.pk).update(rung=1, next_on=timezone.localdate())
    before, steps = rows(but="topicstep"), set(TopicStep.objects.values_list("pk", flat=True))
    topic_upkeep.merge_topic(topic, into=into, reason="同一件事", by=people["chen"])
    assert queries.supporters(into) == (1 if state == "proposed" else 2)
    topic_upkeep.unmerge_topic(topic, by=people["lin"])
    assert rows(but="topicstep") == before
    assert steps < set(TopicStep.objects.values_list("pk", flat=True))
    merge = TopicMerge.objects.get()
    assert (merge.state, merge.undone_by) == (state, people["lin"])
    topic_upkeep.merge_topic(topic, into=into, by=people["chen"])  # and once more, if need be
    assert TopicMerge.objects.filter(undone_at=None).count() == 1


def test_what_is_merged_follows_the_other_topic(people, places, households):
    into = screened(people, places, "菜场升级")
    topic = proposed(people, places, "菜场太暗", who="zhao")
    topic_upkeep.merge_topic(topic, into=into, by=people["chen"])
    deliver_pending()
    Notice.objects.all().delete()
    topics.approve_topic(into, body="党总支", form="round_table", by=people["lin"])
    deliver_pending()
    assert set(Notice.objects.values_list("reader__name", flat=True)) == {"王桂芳", "赵大勇"}


def test_topics_that_do_not_fit_are_not_merged(people, places, households):
    topic, into = screened(people, places, "甲"), screened(people, places, "乙")
    ended = in_state(people, places, "declined", "丙")
    there = topics.propose_topic(places.there, title="丁", text="", by=people["hu"])
    chen = people["chen"]
    for other, words in ((topic, "自己"), (ended, "已经结束"), (there, "本居民区")):
        with pytest.raises(Refused, match=words):
            topic_upkeep.merge_topic(topic, into=other, by=chen)
    topic_upkeep.merge_topic(topic, into=into, by=chen)
    with pytest.raises(Refused, match="反过来并"):
        topic_upkeep.merge_topic(into, into=screened(people, places, "戊"), by=chen)


@pytest.mark.usefixtures("announced")
def test_a_lapsed_promise_climbs_the_ladder_each_rung_once(people, places, households):
    topic = screened(people, places)
    due = dt.date(2026, 9, 28)
    Topic.objects.filter(pk=topic.pk).update(next_on=due)
    deliver_pending()
    Notice.objects.all().delete()
    told = []
    # 25 September to 7 October are the Mid-Autumn and National Day holidays with their exchanges.
    for day in (dt.date(2026, 9, 28), dt.date(2026, 9, 29), dt.date(2026, 10, 8), dt.date(2026, 10, 9), dt.date(2026, 10, 20)):  # fmt: skip
        topic_upkeep.watch_topics(day)
        topic_upkeep.watch_topics(day)
        deliver_pending()
        told.append(sorted(Notice.objects.values_list("reader__name", flat=True)))
        Notice.objects.all().delete()
    assert told == [[], ["陈静"], [], ["林红", "陈静"], ["顾伟"]]
    assert Entry.objects.filter(act="consultation.warn_topic").count() == len(RUNGS)
    topic_upkeep.promise_next(
        topic, next_on=timezone.localdate(), reason="等答复", by=people["chen"]
    )
    assert Topic.objects.get(pk=topic.pk).rung == 0


def test_whoever_has_no_account_is_told_by_word_of_mouth_once(people, places, households):
    topic = topics.enter_topic(
        places.here, title="门口太黑", text="", source="visit", proposer_name="李阿婆",
        by=people["chen"],
    )  # fmt: skip
    assert topic.minder == people["chen"]
    screen(topic, people)
    [step] = queries.untold(TopicStep.objects.all())
    assert step.state == "screened"  # how it stands now; what was before is told with it
    for _twice in range(2):
        topic_upkeep.note_told(step, by=people["lin"])
    assert list(queries.untold(TopicStep.objects.all())) == []
    assert [one.told_by for one in topic.steps.all()] == [people["lin"]] * 2
    assert Entry.objects.filter(act="consultation.note_told").count() == 1
    into = screened(people, places)
    topic_upkeep.merge_topic(topic, into=into, by=people["chen"])
    topics.approve_topic(into, body="党总支", form="hearing", by=people["lin"])
    assert [(one.topic.title, one.state) for one in queries.untold(TopicStep.objects.order_by("at"))] == [
        ("门口太黑", "merged"), ("菜场的地太滑", "approved"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="是谁提出的"):
        topics.enter_topic(places.here, title="甲", text="", source="visit", by=people["chen"])


def test_what_is_alike_is_found_and_what_is_private_is_not(people, places, households):
    for title in ("菜场的地太滑", "菜场升级改造", "三号楼加装电梯", "小区门口停车难"):
        screened(people, places, title)
    proposed(people, places, "菜场太脏")
    private = screened(people, places, "菜场摊位费")
    topics.decline_topic(private, answer="个别办。", instead="committee", is_private=True, by=people["chen"])  # fmt: skip
    found = [one.title for one in queries.alike([places.here], "菜场地滑怕摔")]
    assert found[0] == "菜场的地太滑"
    assert "菜场太脏" not in found
    assert "菜场摊位费" not in found
    assert "三号楼加装电梯" not in found
    assert [one.title for one in queries.alike([places.here], "停车难")] == ["小区门口停车难"]
    assert queries.alike([places.there], "菜场的地太滑") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"next_on": None},
        {"next_step": ""},
        {"state": "merged"},
        {"state": "declined"},
        {"state": "approved"},
        {"state": "evaluated"},
        {"proposed_by": None},
    ],
)
def test_the_database_keeps_a_topic_from_silence(changes, people, places, households):
    topic = screened(people, places)
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(**changes)


def test_every_live_state_has_a_pace():
    assert {str(state) for state in PACES} == set(State.values) - set(Topic.ENDED)
