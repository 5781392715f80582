"""Campaigns: a theme with its form, two rounds of visits, one answer to all."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from suggestions.actions import campaign_visits as visits
from suggestions.actions import campaigns as acts
from suggestions.models import Campaign, CampaignEntry, CampaignVisit
from suggestions.queries.campaigns import Met, met_by_building, still_to_meet, summaries
from tests.conftest import EVERYONE, make_household
from tests.suggestions.campaign_builders import DAY, asked, draft, period, visiting

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "draft_campaign", "add_campaign_question", "drop_campaign_question", "open_campaign",
        "close_campaign", "cancel_campaign", "answer_campaign", "enter_for_campaign",
        "start_second_round",
    ),
    COMMITTEE,
) | {"take_part_in_campaign": {"wang", "zhao"}}  # fmt: skip
WHO_MAY_VISIT = {"enter_campaign_visit": COMMITTEE | {"lou"}}


def at(name, *things):
    return reverse(f"suggestions:{name}", args=[thing.pk for thing in things])


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    campaign = draft(places.here, people["chen"])
    assert {act for act in WHO_MAY if may(people[person], f"suggestions.{act}", campaign)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }
    home = visiting(places.here, people["chen"]).homes.get(household=households.wang)
    allowed = person in WHO_MAY_VISIT["enter_campaign_visit"]
    assert may(people[person], "suggestions.enter_campaign_visit", home) == allowed


def in_state(people, places, state, theme="长椅"):
    chen = people["chen"]
    if state == "draft":
        campaign = draft(places.here, chen, theme)
        acts.add_campaign_question(campaign, text="放哪里", kind="short", by=chen)
        return campaign
    campaign, _where, _why = asked(places.here, chen, theme)
    if state in ("closed", "answered"):
        acts.close_campaign(campaign, by=chen)
    if state == "answered":
        acts.answer_campaign(campaign, answer="放三张。", by=chen)
    if state == "cancelled":
        acts.cancel_campaign(campaign, reason="下雨", by=chen)
    return campaign


MOVES = {
    ("draft", "open_campaign"): "open", ("draft", "cancel_campaign"): "cancelled",
    ("open", "close_campaign"): "closed", ("open", "cancel_campaign"): "cancelled",
    ("closed", "answer_campaign"): "answered",
}  # fmt: skip
WORDS = {"cancel_campaign": {"reason": "停"}, "answer_campaign": {"answer": "好"}}


@pytest.mark.parametrize("state", Campaign.State.values)
@pytest.mark.parametrize(
    "act", ["open_campaign", "close_campaign", "cancel_campaign", "answer_campaign"]
)
def test_what_may_follow_what(state, act, people, places, households):
    campaign = in_state(people, places, state)
    words = WORDS.get(act, {})
    if (state, act) in MOVES:
        moved = getattr(acts, act)(campaign, **words, by=people["chen"])
        assert moved.state == MOVES[state, act]
    else:
        with pytest.raises(Refused), transaction.atomic():
            getattr(acts, act)(campaign, **words, by=people["chen"])
        assert Campaign.objects.get().state == state


def test_a_theme_an_explanation_channels_and_a_period_are_asked_for(people, places, households):
    given = {
        "kind": "call", "theme": "长椅", "explanation": "没处坐", "channels": "手机",
        "by": people["chen"],
    }  # fmt: skip
    for blank in ("theme", "explanation", "channels"):
        with pytest.raises(Refused, match="请写主题"):
            acts.draft_campaign(places.here, **(given | period() | {blank: " "}))
    for wrong in (period(5, 3, 9), period(0, 5, 3), period(-9, -1, 3)):
        with pytest.raises(Refused, match="要有先后"):
            acts.draft_campaign(places.here, **(given | wrong))
    with pytest.raises(Refused, match="还没有题目"):
        acts.open_campaign(draft(places.here, people["chen"]), by=people["chen"])


def test_the_form_is_set_before_it_opens(people, places, households):
    campaign = draft(places.here, people["chen"])
    for options in ("", "一个", "门口\n门口"):
        with pytest.raises(Refused, match="两个选项"):
            acts.add_campaign_question(
                campaign, text="哪里", kind="choice", options=options, by=people["chen"]
            )
    first = acts.add_campaign_question(campaign, text="一", kind="short", by=people["chen"])
    acts.add_campaign_question(campaign, text="二", kind="short", by=people["chen"])
    acts.drop_campaign_question(first, by=people["chen"])
    acts.open_campaign(campaign, by=people["chen"])
    assert [(one.number, one.text) for one in campaign.questions.all()] == [(2, "二")]
    with pytest.raises(Refused, match="不能再改题目"):
        acts.add_campaign_question(campaign, text="三", kind="short", by=people["chen"])
    with pytest.raises(Refused, match="不能再改题目"):
        acts.drop_campaign_question(campaign.questions.get(), by=people["chen"])


def test_one_answers_once_and_anew_and_staff_for_others(people, places, households):
    campaign, where, why = asked(places.here, people["chen"])
    for wrong in ({}, {where.pk: "天上"}):
        with pytest.raises(Refused), transaction.atomic():
            acts.take_part_in_campaign(campaign, answers=wrong, by=people["wang"])
    acts.take_part_in_campaign(
        campaign, answers={where.pk: "门口", why.pk: "走累了"}, by=people["wang"]
    )
    acts.take_part_in_campaign(campaign, answers={where.pk: "花园"}, by=people["wang"])
    acts.enter_for_campaign(
        campaign, answers={where.pk: "花园", why.pk: "有树荫"}, name="李阿婆", channel="counter",
        by=people["chen"],
    )  # fmt: skip
    chosen, words = summaries(campaign)
    assert chosen.chosen == [("门口", 0), ("花园", 2), ("菜场", 0)]
    assert words.words == ["有树荫"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM suggestions_campaignentry WHERE name <> ''")
        [(stored,)] = cursor.fetchall()
    assert "李阿婆" not in stored
    with pytest.raises(IntegrityError, match="answers_a_campaign_once"), transaction.atomic():
        CampaignEntry.objects.create(
            neighbourhood=places.here, campaign=campaign, user=people["wang"], channel="online"
        )


def test_nothing_is_taken_in_before_or_after_its_days(people, places, households):
    campaign, where, _why = asked(places.here, people["chen"])
    Campaign.objects.update(starts_on=timezone.localdate() + DAY)
    with pytest.raises(Refused, match="不在征集的时间里"):
        acts.take_part_in_campaign(campaign, answers={where.pk: "门口"}, by=people["wang"])


def test_the_clock_closes_it_once_after_its_last_day(people, places, households):
    campaign, _where, _why = asked(places.here, people["chen"])
    last = timezone.make_aware(dt.datetime.combine(campaign.ends_on, dt.time(23, 59)))
    minute = dt.timedelta(minutes=1)
    ended = [
        acts.end_campaigns(last),
        acts.end_campaigns(last + minute),
        acts.end_campaigns(last + minute),
    ]
    assert ended == [0, 1, 0]
    assert Entry.objects.filter(act="suggestions.end_campaign").count() == 1


def test_whoever_answered_is_told_what_was_answered_to_all(people, places, households):
    campaign, where, _why = asked(places.here, people["chen"])
    acts.take_part_in_campaign(campaign, answers={where.pk: "门口"}, by=people["wang"])
    acts.close_campaign(campaign, by=people["chen"])
    acts.answer_campaign(campaign, answer="放三张。", by=people["chen"])
    deliver_pending()
    told = Notice.objects.filter(entry__act="suggestions.answer_campaign")
    assert [(one.reader, one.text) for one in told] == [
        (people["wang"], "您应征的《哪里要一张长椅》有公开答复了，请登录门户看。")
    ]


def test_two_rounds_and_the_exact_rate_by_building(people, places, households):
    campaign = visiting(places.here, people["chen"])
    home = {one.household: one for one in campaign.homes.all()}
    assert set(home) == {households.wang, households.zhao, households.sun}
    make_household(places.here, places.building, "301", "后来的")  # not on the list any more
    visits.enter_campaign_visit(home[households.wang], outcome="met", by=people["lou"])
    visits.enter_campaign_visit(home[households.sun], outcome="phone", by=people["lou"])
    visits.start_second_round(campaign, by=people["chen"])
    with pytest.raises(Refused, match="已经见到本人"):
        visits.enter_campaign_visit(home[households.wang], outcome="nobody", by=people["chen"])
    assert {one.household for one in still_to_meet(campaign.homes.all())} == {
        households.sun, households.zhao,
    }  # fmt: skip
    visits.enter_campaign_visit(home[households.zhao], outcome="met", by=people["chen"])
    assert met_by_building(campaign) == [
        Met("3号楼", 2, 1, 1), Met("9号楼", 1, 0, 1), Met("", 3, 1, 2),
    ]  # fmt: skip
    assert [one.rate for one in met_by_building(campaign)] == ["50.0%", "100.0%", "66.6%"]
    assert Met("", 1500, 0, 1499).rate == "99.9%"
    with pytest.raises(Refused, match="第一轮"):
        visits.start_second_round(campaign, by=people["chen"])
    assert CampaignVisit.objects.count() == 3


def test_a_leader_enters_visits_to_their_building_only(client, people, places, households):
    campaign = visiting(places.here, people["chen"])
    mine, other = (campaign.homes.get(household=one) for one in (households.wang, households.zhao))
    client.force_login(people["lou"])
    page = client.get(at("campaign_homes", campaign)).content.decode()
    assert ("3号楼 101" in page, "9号楼 202" in page) == (True, False)
    assert client.post(at("enter_campaign_visit", mine), {"outcome": "met"}).status_code == 302
    assert client.post(at("enter_campaign_visit", other), {"outcome": "met"}).status_code == 404
    assert "3号楼 101" not in client.get(at("campaign_homes", campaign)).content.decode()


def test_a_resident_answers_on_the_page_and_changes_their_mind(client, people, places, households):
    campaign, where, why = asked(places.here, people["chen"])
    client.force_login(people["wang"])
    assert "我来回答" in client.get(at("campaign", campaign)).content.decode()
    wrong = client.post(at("take_part_in_campaign", campaign), {f"answer-{why.pk}": "腿酸"})
    assert (wrong.status_code, "腿酸" in wrong.content.decode()) == (422, True)
    for choice in ("门口", "菜场"):
        given = {f"answer-{where.pk}": choice, f"answer-{why.pk}": "腿酸"}
        assert client.post(at("take_part_in_campaign", campaign), given).status_code == 302
    page = client.get(at("campaign", campaign)).content.decode()
    assert ("改我的回答" in page, "菜场" in page, "1 份" in page) == (True, True, True)
    client.force_login(people["zhao"])
    assert "腿酸" not in client.get(at("campaign", campaign)).content.decode()


def test_drafts_are_nobody_else_s_and_names_stay_off_the_desk(client, people, places, households):
    hidden = draft(places.here, people["chen"], "还没想好")
    assert client.get(at("campaign", hidden)).status_code == 404
    campaign, where, _why = asked(places.here, people["chen"])
    acts.enter_for_campaign(
        campaign, answers={where.pk: "门口"}, name="李阿婆", channel="visit", by=people["chen"]
    )
    client.force_login(people["gu"])
    assert "李阿婆" not in client.get(at("desk_campaign", campaign)).content.decode()


def test_the_committee_leads_it_from_draft_to_answer(client, people, places, households):
    client.force_login(people["chen"])
    given = {"kind": "call", "theme": "长椅", "explanation": "没处坐", "channels": "手机"}
    days = {name: day.isoformat() for name, day in period().items()}
    assert client.post(at("draft_campaign", places.here), given | days).status_code == 302
    campaign = Campaign.objects.get()
    question = {"text": "放哪里", "kind": "choice", "options": "门口\n花园", "is_needed": "on"}
    assert client.post(at("add_campaign_question", campaign), question).status_code == 302
    client.post(at("open_campaign", campaign))
    asked_for = campaign.questions.get()
    staff = {f"answer-{asked_for.pk}": "花园", "name": "", "channel": "paper"}
    assert client.post(at("enter_for_campaign", campaign), staff).status_code == 302
    client.post(at("close_campaign", campaign))
    assert client.post(at("answer_campaign", campaign), {"answer": "放花园"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "answered"
    client.logout()
    assert "放花园" in client.get(at("campaign", campaign)).content.decode()


@pytest.mark.parametrize(
    "name", ["campaign_list", "campaign_desk", "campaign_homes", "desk_campaign"]
)
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places, households):
    campaign = visiting(places.here, people["chen"])
    client.force_login(people["chen"])
    things = [campaign] if name in ("campaign_homes", "desk_campaign") else []

    def cost():
        client.get(at(name, *things))
        with CaptureQueriesContext(connection) as spent:
            client.get(at(name, *things))
        return len(spent)

    alone = cost()
    for n, home in enumerate(campaign.homes.all()):
        asked(places.here, people["chen"], f"主题{n}")
        visits.enter_campaign_visit(home, outcome="phone", by=people["chen"])
    assert cost() == alone
