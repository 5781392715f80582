"""王桂芳 asks on her phone, a unit answers, "not done" reopens it, and a colleague calls back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from suggestions.models import Claim
from tests.journeys.browsing import AXE, come_in, look_over, press
from tests.suggestions.claim_builders import again, in_state, lead_of, stocked, unit_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def desks(request, browser, browser_context_args, live_server, people, households):
    """王桂芳 in large type, with or without JavaScript; the committee, the unit at their desks."""
    contexts = {}
    for who in ("wang", "chen", "deng", "lin"):
        own = who == "wang"
        size = {
            "viewport": PHONE if own else DESK,
            "java_script_enabled": request.param or not own,
        }
        contexts[who] = browser.new_context(**browser_context_args | size)
        contexts[who].add_init_script(path=AXE)
        come_in(contexts[who], live_server, people[who], elder=own)
    yield {who: context.new_page() for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("desks", [True, False], ids=["scripts", "plain"], indirect=True)
def test_not_done_is_done_again(desks, live_server, people, places):
    stocked()
    unit_of(places, people)
    wang, chen, deng, lin = (desks[who] for who in ("wang", "chen", "deng", "lin"))
    wang.goto(live_server.url + reverse("suggestions:my_claims"))
    wang.get_by_role("link", name="我要办一件事").click()
    wang.get_by_label("一句话：要办什么事").fill("楼顶漏水")
    press(wang, "提交给居委")
    expect(wang.get_by_text("收到了，编号")).to_be_visible()
    expect(wang.get_by_text("居委看一看归谁办").first).to_be_visible()
    claim = Claim.objects.get()
    home = live_server.url + reverse("suggestions:desk_claim", args=[claim.pk])
    own = live_server.url + reverse("suggestions:claim", args=[claim.pk])
    _handed_on(chen, home)
    _answered(deng, live_server, "补好了")
    _rated(wang, own, done=False)
    assert (again(claim).state, again(claim).round) == ("in_progress", 2)
    _answered(deng, live_server, "换了防水层", record="李师傅上屋顶，换了四平米")
    lin.goto(live_server.url + reverse("suggestions:claim_callbacks"))
    lin.get_by_role("link", name="回访 楼顶漏水").click()
    lin.get_by_label("电话").check()
    _said(lin, done=True)
    press(lin, "记下来")
    expect(lin.get_by_text("回访记下了")).to_be_visible()
    wang.goto(own)
    expect(wang.get_by_text("已办结").first).to_be_visible()
    expect(wang.get_by_role("heading", name="第 2 次答复")).to_be_visible()
    assert again(claim).closed_by == people["lin"]


def _handed_on(page, home):
    page.goto(home)
    page.get_by_role("link", name="受理").click()
    page.get_by_label("求助").check()
    press(page, "受理")
    page.get_by_role("link", name="登记先行联系").click()
    page.get_by_label("电话").check()
    page.get_by_label("说了什么").fill("明天上门看")
    press(page, "登记")
    page.get_by_role("link", name="吹哨交办").click()
    page.get_by_label("哪个单位牵头").select_option(label="房管所")
    press(page, "交办")
    expect(page.get_by_text("办理中").first).to_be_visible()


def _answered(page, live_server, text, record=""):
    page.goto(live_server.url + reverse("suggestions:unit_claims"))
    page.get_by_role("link", name="办理答复 楼顶漏水").click()
    page.get_by_label("已经解决").check()
    page.get_by_label("答复", exact=True).fill(text)
    page.get_by_label("工作记录").fill(record)
    press(page, "答复")
    expect(page.get_by_text("已答复，待回访").first).to_be_visible()


def _rated(page, own, *, done):
    page.goto(own)
    page.get_by_role("link", name="说说办得怎样").click()
    _said(page, done=done)
    press(page, "提交评价")
    expect(page.get_by_text("谢谢，记下了")).to_be_visible()


def _said(page, *, done):
    page.get_by_label("办好了" if done else "还没办好", exact=True).check()
    page.get_by_role("group", name="办事的人态度怎样").get_by_label("满意", exact=True).check()
    result = "满意" if done else "不满意"
    page.get_by_role("group", name="办的结果怎样").get_by_label(result, exact=True).check()
    if not done:
        page.get_by_label("还有什么要说").fill("还在滴")


@pytest.mark.parametrize(("language", "elder"), [("zh-hans", True), ("en", False)])
def test_every_state_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    states = ["referred", "in_progress", "replied", "supervised", "closed"]
    claims = {state: in_state(people, places, state, f"{state} 漏水") for state in states}
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = {}
    walks = {
        "wang": [
            *(reverse("suggestions:claim", args=[one.pk]) for one in claims.values()),
            reverse("suggestions:rate_claim", args=[claims["replied"].pk]),
            reverse("suggestions:my_claims"),
        ],
        "chen": [
            *(reverse("suggestions:desk_claim", args=[one.pk]) for one in claims.values()),
            reverse("suggestions:claim_desk"), reverse("suggestions:claim_callbacks"),
            reverse("suggestions:claim_figures"), reverse("suggestions:claim_warnings"),
        ],
        "deng": [
            reverse("suggestions:unit_claims"),
            reverse("suggestions:reply_claim", args=[lead_of(claims["in_progress"]).pk]),
        ],
    }  # fmt: skip
    for who, addresses in walks.items():
        come_in(context, live_server, people[who], elder=elder, language=language)
        for address in addresses:
            answer = page.goto(live_server.url + address)
            found = look_over(page, elder=elder)
            if found or answer.status != 200:
                faults[f"{who} {address}"] = [answer.status, *found]
    assert faults == {}
