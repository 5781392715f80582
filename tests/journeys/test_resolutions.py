"""A resolution from the desk to the review, scored on a phone without JavaScript; its pages looked over."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultation.models import Resolution, ResolutionScore
from tests.consultation.resolution_builders import claimed, held_review, in_state
from tests.consultation.test_self_governance import running, spend
from tests.journeys.browsing import AXE, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_resident_finds_it_wanting_and_the_committee_takes_it_up_again(
    new_context, live_server, people, places, households
):
    one, meeting = claimed(people, places), held_review(people, places)
    phone = new_context(java_script_enabled=False)
    come_in(phone, live_server, people["wang"])
    page = phone.new_page()
    page.goto(live_server.url + reverse("consultation:resolution_list"))
    page.get_by_role("link", name="菜场铺防滑砖").click()
    page.get_by_role("link", name="我来评议").click()
    page.get_by_label("不满意").check()
    press(page, "提交评议")
    expect(page.get_by_text("记下了，谢谢您")).to_be_visible()
    assert ResolutionScore.objects.get().is_satisfied is False
    desk = new_context()
    come_in(desk, live_server, people["lin"])
    page = desk.new_page()
    page.goto(live_server.url + reverse("consultation:resolution", args=[one.pk]))
    page.get_by_role("link", name="评议", exact=True).click()
    page.get_by_label("哪次评议会").select_option(str(meeting.pk))
    page.get_by_label("大家怎么说").fill("不平，老人绊脚。")
    press(page, "登记评议")
    expect(page.get_by_text("请写明新的办好日期")).to_be_visible()
    page.get_by_label("如果大家不满意，最晚哪天重新办好").fill("2027-03-01")
    press(page, "登记评议")
    expect(page.get_by_text("重新办").first).to_be_visible()
    one = Resolution.objects.get(pk=one.pk)
    assert (one.state, one.satisfied, one.dissatisfied) == ("reopened", 0, 1)


@pytest.mark.parametrize(
    ("language", "elder"), [("zh-hans", False), ("zh-hans", True), ("en", False)]
)
def test_every_state_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    ones = {state: in_state(people, places, state, state) for state in Resolution.State.values}
    project, line = running(people, places)
    spend(line, people, places, 12_050)
    held_review(people, places)
    addresses = {
        state: reverse("consultation:resolution", args=[one.pk]) for state, one in ones.items()
    }
    addresses["score"] = reverse("consultation:score_resolution", args=[ones["claimed"].pk])
    addresses["project"] = reverse("consultation:project", args=[project.pk])
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = {}
    for who in ("wang", "chen"):
        come_in(context, live_server, people[who], elder=elder, language=language)
        for what, address in addresses.items():
            if (who, what) == ("chen", "score"):
                continue
            page.goto(live_server.url + address)
            found = look_over(page, elder=elder)
            if found:
                faults[f"{who} {what}"] = found
    assert faults == {}
