"""A representative writes an opinion, a department answers, "not content", and it is handled once again."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultation.models import CongressIssue, WrittenOpinion
from tests.consultation.congress_builders import gathering, world
from tests.journeys.browsing import AXE, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desks(browser, browser_context_args, live_server, people, households):
    """王桂芳 on her phone in large type, the office and the department at their desks."""
    contexts = {}
    for who, elder in {"wang": True, "gu": False, "deng": False}.items():
        size = {"width": 390, "height": 844} if elder else {"width": 1280, "height": 900}
        contexts[who] = browser.new_context(**browser_context_args | {"viewport": size})
        contexts[who].add_init_script(path=AXE)
        come_in(contexts[who], live_server, people[who], elder=elder)
    yield {who: context.new_page() for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


def test_an_opinion_through_two_rounds(desks, live_server, people, places):
    world(people, places)
    wang, gu, deng = desks["wang"], desks["gu"], desks["deng"]
    wang.goto(live_server.url + reverse("consultation:congress_list"))
    wang.get_by_role("link", name="我的书面意见").click()
    wang.get_by_role("link", name="写书面意见").click()
    assert look_over(wang, elder=True) == []
    wang.get_by_label("题目").fill("路口装反光镜")
    wang.get_by_label("内容").fill("丁字路口看不见来车。")
    wang.get_by_label("分类").select_option("traffic")
    press(wang, "提交书面意见")
    expect(wang.get_by_role("heading", name="路口装反光镜")).to_be_visible()
    opinion = WrittenOpinion.objects.get()
    home = live_server.url + reverse("consultation:desk_opinion", args=[opinion.pk])
    gu.goto(home)
    gu.get_by_role("link", name="登记书面意见").click()
    gu.get_by_label("重点").check()
    press(gu, "登记")
    for answer in ("装好了，请看看。", "换了大镜子。"):
        _assigned(gu, home)
        _answered(deng, home, answer)
        _rated(wang, live_server, opinion, unsatisfied="大" not in answer)
        if "大" not in answer:
            gu.goto(home)
            gu.get_by_role("link", name="研究不满意的书面意见").click()
            gu.get_by_label("再办一次").check()
            gu.get_by_label("研究意见").fill("请换大镜子")
            press(gu, "保存")
    opinion.refresh_from_db()
    assert (opinion.state, opinion.round, opinion.replies.count()) == ("closed", 2, 2)
    expect(wang.get_by_text("已办结").first).to_be_visible()
    assert look_over(wang, elder=True) == []


def _assigned(page, home):
    page.goto(home)
    page.get_by_role("link", name="交办书面意见").click()
    page.get_by_label("主办").select_option(label="市政科")
    press(page, "交办")
    expect(page.get_by_text("办理中").first).to_be_visible()
    assert look_over(page, elder=False) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def _answered(page, home, text):
    page.goto(home)
    page.get_by_role("link", name="报办理结果").click()
    page.get_by_label("怎么办的、办得怎样").fill("到现场看过。")
    press(page, "上报")
    page.get_by_role("link", name="答复代表").click()
    page.get_by_label("A 类：已解决或采纳").check()
    page.get_by_label("给代表的答复").fill(text)
    press(page, "答复代表")
    expect(page.get_by_text("答复已送到代表")).to_be_visible()


def _rated(page, live_server, opinion, *, unsatisfied):
    page.goto(live_server.url + reverse("consultation:opinion", args=[opinion.pk]))
    page.get_by_role("link", name="评一评").click()
    assert page.locator("input:checked").count() == 0
    page.get_by_role("group", name="对办理态度").get_by_label("满意", exact=True).check()
    score = "不满意" if unsatisfied else "满意"
    page.get_by_role("group", name="对办理结果").get_by_label(score, exact=True).check()
    if unsatisfied:
        page.get_by_label("想说的话").fill("镜子太小，看不清")
    assert look_over(page, elder=True) == []
    press(page, "提交评价")
    expect(page.get_by_text("街道会研究" if unsatisfied else "谢谢您的评价")).to_be_visible()


def test_a_resident_raises_an_issue_without_javascript(
    browser, browser_context_args, live_server, people, places, households
):
    congress = gathering(people, places)
    context = browser.new_context(
        **browser_context_args
        | {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
    )
    come_in(context, live_server, people["zhao"], elder=True)
    page = context.new_page()
    page.goto(live_server.url + reverse("consultation:congress", args=[congress.pk]))
    page.get_by_role("link", name="提一个问题").click()
    page.get_by_label("居民区").select_option(label="曹杨一村")
    page.get_by_label("安全").check()
    page.get_by_label("什么问题").fill("楼道灯坏了半年")
    press(page, "提交问题")
    expect(page.get_by_text("收到了，是第 1 号问题")).to_be_visible()
    expect(page.get_by_text("楼道灯坏了半年")).to_be_visible()
    assert CongressIssue.objects.get().raised_by == people["zhao"]
    context.close()
