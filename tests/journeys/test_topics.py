"""王桂芳 brings something up on her phone, with and without JavaScript; every page of topics is looked over."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultation.models import Topic
from tests.consultation.topic_builders import in_state, screened
from tests.journeys.browsing import AXE, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = [("zh-hans", False), ("zh-hans", True), ("en", False), ("en", True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_home_page_to_the_promised_day(
    scripts, new_context, live_server, people, places, households
):
    known = screened(people, places, "菜场的地太滑")
    context = new_context(java_script_enabled=scripts)
    come_in(context, live_server, people["zhao"])
    page = context.new_page()
    page.goto(live_server.url + reverse("households:home"))
    page.get_by_role("link", name="议题").first.click()
    page.get_by_role("link", name="我要提一件事").click()
    page.get_by_label("一句话：是什么事").fill("菜场地滑，怕摔")
    press(page, "下一步")
    page.get_by_role("link", name="菜场的地太滑").click()
    press(page, "我也关心")
    expect(page.get_by_text("记下了，有进展会告诉您")).to_be_visible()
    expect(page.get_by_role("button", name="不再关心")).to_be_visible()
    assert known.supports.get().user == people["zhao"]
    page.goto(live_server.url + reverse("consultation:propose_topic") + "?title=停车难")
    press(page, "提交给居委")
    expect(page.get_by_text("收到了，编号")).to_be_visible()
    expect(page.get_by_text("居委看这件事能不能列为议题").first).to_be_visible()
    assert Topic.objects.get(title="停车难").proposed_by == people["zhao"]
    page.goto(live_server.url + reverse("consultation:my_topics"))
    expect(page.get_by_role("link", name="停车难")).to_be_visible()
    page.get_by_role("link", name="停车难").click()
    press(page, "撤回我提的这件事")
    expect(page.get_by_text("已撤回").first).to_be_visible()


@pytest.mark.parametrize(("language", "elder"), WAYS)
def test_every_state_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    states = ["merged", "declined", "carrying_out", "evaluated"]
    topics = {state: in_state(people, places, state, f"{state} 菜场") for state in states}
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = {}
    come_in(context, live_server, people["wang"], elder=elder, language=language)
    addresses = {state: reverse("consultation:topic", args=[t.pk]) for state, t in topics.items()}
    addresses["alike"] = reverse("consultation:propose_topic") + "?title=菜场"
    for what, address in addresses.items():
        page.goto(live_server.url + address)
        found = look_over(page, elder=elder)
        if found:
            faults[what] = found
    come_in(context, live_server, people["chen"], elder=elder, language=language)
    for state, topic in topics.items():
        page.goto(live_server.url + reverse("consultation:desk_topic", args=[topic.pk]))
        found = look_over(page, elder=elder)
        if found:
            faults[f"desk {state}"] = found
    assert faults == {}
