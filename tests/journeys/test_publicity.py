"""孙丽 reads a public notice and objects on her phone, without scripts; the committee answers; it ends."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.publicity import actions
from caoyang_portal.publicity.models import PublicityObjection
from tests.journeys.browsing import AXE, aside, come_in, look_over, open_door, press
from tests.publicity.builders import draft, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_notice_to_the_answer(scripts, elder, new_context, live_server, people, places):
    publicity = draft(people, places)
    place = actions.add_posting_place(
        publicity, place="门厅公告栏", building=places.building, by=people["chen"]
    )
    publicity = actions.post_publicity(publicity, by=people["chen"])
    today = publicity.starts_on
    actions.put_up_notice(place, put_up_on=today, photo=photo(people, places), by=people["lou"])
    context = new_context(java_script_enabled=scripts)
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["wang"], elder=elder)
    page = context.new_page()
    page.goto(live_server.url + reverse("households:home"))
    open_door(page, "公示")
    page.get_by_role("link", name=publicity.title).click()
    page.get_by_role("link", name="我有意见").click()
    page.get_by_label("您的意见").fill("电梯挡了我家的窗。")
    page.get_by_label("公开时不写我的姓").check()
    if scripts:
        assert look_over(page, elder=elder) == []
    press(page, "提交意见")
    expect(page.get_by_text("收到了，是第 1 条。")).to_be_visible()
    expect(page.get_by_text("等答复")).to_be_visible()
    expect(page.locator(".register")).to_contain_text("不公开姓名")
    objection = PublicityObjection.objects.get()
    actions.answer_objection(
        objection, outcome="adopted", answer="窗前改用玻璃。", by=people["lin"]
    )
    aside(deliver_pending)
    page.goto(live_server.url + reverse("notices:notice_list"))
    page.get_by_text("居委已经答复").first.click()
    page.goto(live_server.url + reverse("publicity:publicity", args=[publicity.pk]))
    expect(page.locator("#mine")).to_contain_text("窗前改用玻璃。")
    if scripts:
        assert look_over(page, elder=elder) == []
