"""House rules from the first article to "we have read them", and the yearly marks of an owners' committee."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from consultation import evaluation_forms
from consultation.actions import house_rules, rules_voting
from consultation.models import (
    ArticleComment,
    Evaluation,
    EvaluationCriterion,
    EvaluationForm,
    EvaluationSheet,
    Poll,
    RulesVersion,
)
from households.models import Household
from tests.consultation.builders import kind, neighbours
from tests.consultation.rules_builders import again, voted
from tests.consultation.test_evaluations import closed, score
from tests.journeys.browsing import AXE, aside, come_in, look_over, open_door, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = dt.timedelta(days=1)
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@pytest.fixture
def desk(new_context, live_server, people):
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["chen"])
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


@pytest.fixture
def phone(scripts, new_context, live_server, people):
    """王桂芳's, in large type, at her home page."""
    context = new_context(java_script_enabled=scripts)
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["wang"], elder=True)
    page = context.new_page()
    page.goto(live_server.url + reverse("households:home"))
    return page


def looks_right(page, scripts):
    if scripts:
        assert look_over(page, elder=True) == []


@BOTH
def test_rules_from_their_first_article_to_the_homes_that_read_them(
    scripts, desk, phone, live_server, people, places, households
):
    kind()  # the stock
    first = drafted_and_published(desk, live_server)
    commented_on(phone, scripts)
    answered(desk)
    second = revised(desk, first)
    phone.reload()
    phone.locator("summary", has_text="1 条意见").click()
    expect(phone.get_by_text("写成一米五")).to_be_visible()
    phone.goto(live_server.url + reverse("consultation:rules_version", args=[second.pk]))
    phone.get_by_role("link", name=re.compile("^和这一版比较")).click()
    expect(phone.locator("ins")).to_have_text(re.compile("一米五"))
    expect(phone.get_by_text("1 条没有变")).to_be_visible()
    looks_right(phone, scripts)
    put_to_the_vote(desk, second)
    aside(voted, Poll.objects.get(), people)
    aside(rules_voting.adopt_version, again(second))
    aside(rules_voting.put_in_force, again(second))
    phone.goto(live_server.url + reverse("consultation:rules_version", args=[second.pk]))
    expect(phone.get_by_text("起生效")).to_be_visible()
    press(phone, "我们家看过了")
    expect(phone.get_by_text("已知晓").first).to_be_visible()
    looks_right(phone, scripts)
    desk.goto(live_server.url + reverse("consultation:desk_rules_version", args=[second.pk]))
    desk.get_by_role("link", name="1 户已知晓").click()
    expect(desk.get_by_text("3 户中 1 户已知晓")).to_be_visible()
    assert again(second).state == "in_force"


def drafted_and_published(desk, live_server) -> RulesVersion:
    desk.goto(live_server.url + reverse("consultation:rules_desk"))
    desk.get_by_role("link", name="起草守则").click()
    desk.get_by_label("名称").fill("住户守则")
    press(desk, "建立草稿")
    for heading, text in (("楼道", "楼道里不堆东西。"), ("养狗", "遛狗要牵绳。")):
        desk.get_by_role("link", name="添加条款").click()
        desk.get_by_label("标题").fill(heading)
        desk.get_by_label("条文").fill(text)
        press(desk, "添加")
    desk.get_by_role("link", name="发布，征求意见").click()
    press(desk, "发布")
    expect(desk.get_by_text("已发布，开始征求意见")).to_be_visible()
    return RulesVersion.objects.get()


def commented_on(phone, scripts):
    open_door(phone, "住户守则")
    phone.get_by_role("link", name="住户守则").click()
    looks_right(phone, scripts)
    phone.get_by_role("link", name="对这一条提意见 养狗").click()
    expect(phone.get_by_text("遛狗要牵绳。")).to_be_visible()
    phone.get_by_label("您的意见").fill("绳子多长要写明")
    press(phone, "提交意见")
    expect(phone.locator("summary", has_text="1 条意见")).to_be_visible()
    assert ArticleComment.objects.get().article.heading == "养狗"


def answered(desk):
    desk.reload()
    desk.get_by_role("link", name=re.compile("^答复")).click()
    desk.get_by_label("采纳", exact=True).check()
    desk.get_by_label("答复和理由").fill("写成一米五")
    press(desk, "答复")
    expect(desk.get_by_role("row", name=re.compile("写成一米五"))).to_be_visible()


def revised(desk, first) -> RulesVersion:
    """The days are over; a new version takes the comment up, and days of its own pass."""
    over(first)
    desk.get_by_role("link", name="从这一版起草新版").click()
    desk.get_by_label("为什么改").fill("有人问绳子多长")
    press(desk, "建立草稿")
    desk.get_by_role("link", name="修改 养狗").click()
    desk.get_by_label("条文").fill("遛狗要牵绳，绳长不过一米五。")
    press(desk, "保存")
    desk.get_by_role("link", name="发布，征求意见").click()
    press(desk, "发布")
    expect(desk.get_by_text("已发布，开始征求意见")).to_be_visible()
    second = RulesVersion.objects.get(number=2)
    over(second)
    return second


def over(version):
    RulesVersion.objects.filter(pk=version.pk).update(comments_until=timezone.localdate() - DAY)
    house_rules.close_comments(version)


def put_to_the_vote(desk, version):
    desk.reload()
    desk.get_by_role("link", name="交付表决").click()
    desk.get_by_label("编号").fill("house-rules")
    desk.locator("[name=secrecy][value=open]").check()
    now = timezone.localtime()
    for label, days in (("开始", 20), ("截止", 30)):
        desk.get_by_label(label).fill(f"{now + days * DAY:%Y-%m-%dT%H:%M}")
    press(desk, "建立表决")
    expect(desk.get_by_role("heading", name="住户守则（第 2 版）")).to_be_visible()
    assert again(version).poll == Poll.objects.get()


@BOTH
def test_owners_mark_their_committee(
    scripts, desk, phone, live_server, people, places, households
):
    """Five answer, and only what they gave on average is seen."""
    evaluation_forms.seed(EvaluationForm, EvaluationCriterion)
    Household.objects.filter(pk=households.wang.pk).update(tenure="private_owner")
    asked = opened(desk, live_server)
    open_door(phone, "业委会评议")
    phone.get_by_role("link", name="一村业委会").click()
    phone.get_by_role("link", name="去评议").click()
    looks_right(phone, scripts)
    press(phone, "提交评议")
    assert EvaluationSheet.objects.count() == 0  # nothing is chosen beforehand
    for row in phone.get_by_role("group").all():
        row.get_by_label("4", exact=True).check()
    phone.get_by_label(re.compile("想说的话")).fill("账目再清楚些")
    press(phone, "提交评议")
    expect(phone.get_by_text("您的评议已收到")).to_be_visible()
    for owner in neighbours(places, 4):
        score(asked, owner, 5)
    closed(asked)
    desk.reload()
    press(desk, "公布结果")
    expect(desk.get_by_text("评议结果已公布")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("5 户参加。")).to_be_visible()
    expect(phone.get_by_role("row", name=re.compile("总的来说"))).to_contain_text("4.8")
    expect(phone.get_by_text("账目再清楚些")).to_be_visible()
    looks_right(phone, scripts)


def opened(desk, live_server) -> Evaluation:
    today = timezone.localdate()
    desk.goto(live_server.url + reverse("consultation:evaluations_desk"))
    desk.get_by_role("link", name="准备业委会评议").click()
    desk.get_by_label("业委会名称").fill("一村业委会")
    desk.get_by_label("开始").fill(str(today))
    desk.get_by_label("截止").fill(str(today + 14 * DAY))
    press(desk, "建立")
    press(desk, "开始评议")
    expect(desk.get_by_text("评议开始了")).to_be_visible()
    return Evaluation.objects.get()
