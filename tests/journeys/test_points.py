"""Collection points by keyboard and on a phone; a mailbox round of ten letters; all of it without JavaScript too."""

import io

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from suggestions.models import CollectionPoint, Letter, MailboxRound
from tests.journeys.browsing import AXE, come_in, look_over, press
from tests.suggestions.claim_builders import stocked
from tests.suggestions.keepsake_builders import shown
from tests.suggestions.point_builders import area, centre, spot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = [("zh-hans", False), ("en", True)]


def scans(first, number):
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return [
        {"name": f"{first + n}.png", "mimeType": "image/png", "buffer": out.getvalue()}
        for n in range(number)
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_plan_is_walked_by_keyboard(scripts, new_context, live_server, people, places):
    east = area(people, places.here)
    for n in range(4):
        spot(people, places.here, east, name=f"{n + 1}号楼门厅", x=10 + 20 * n, y=80)
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(live_server.url + reverse("suggestions:point_list"))
    plan = page.get_by_role("group", name="征集点分布图")
    names = [f"{p.number} {p.name}" for p in CollectionPoint.objects.all()]
    plan.get_by_role("link", name=names[0], exact=True).focus()
    for name in names:
        expect(plan.get_by_role("link", name=name, exact=True)).to_be_focused()
        page.keyboard.press("Tab")
    expect(page.locator(".spots a").first).to_be_focused()  # the list comes next
    plan.get_by_role("link", name=names[2], exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1号楼门厅")).to_be_visible()
    expect(page.get_by_text("王老师")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_mailbox_round_of_ten_letters(
    scripts, new_context, live_server, people, places, announced
):
    stocked()  # two of the letters become claims
    centre(people, places.here, mailbox_days=7)
    first, second = (new_context(java_script_enabled=scripts) for _who in range(2))
    come_in(first, live_server, people["chen"])
    come_in(second, live_server, people["lin"])
    page, other = first.new_page(), second.new_page()
    page.goto(live_server.url + reverse("suggestions:mailbox_desk"))
    page.get_by_role("link", name="开箱 一心").click()
    page.get_by_label("数了几封").fill("10")
    page.get_by_label("第二个人").select_option(label="林红")
    press(page, "开箱")
    expect(page.get_by_text("等第二个人确认")).to_be_visible()
    other.goto(page.url)
    other.get_by_role("link", name="我也数了，确认").click()
    other.get_by_label("您数了几封").fill("10")
    press(other, "确认开箱")
    expect(other.get_by_text("已确认").first).to_be_visible()
    for at in (1, 4, 7, 10):
        page.goto(live_server.url + reverse("suggestions:mailbox_round", args=[_round().pk]))
        page.get_by_role("link", name="登记信件").click()
        page.get_by_label("扫描件").set_input_files(scans(at, 1 if at == 10 else 3))
        press(page, "登记信件")
        expect(page.get_by_text("已登记").first).to_be_visible()
    expect(page.get_by_text("第 10 封").first).to_be_visible()
    for letter in Letter.objects.all():
        _deal_with(page, live_server.url + reverse("suggestions:letter", args=[letter.pk]), letter)
    page.goto(live_server.url + reverse("suggestions:mailbox_round", args=[_round().pk]))
    page.get_by_role("link", name="这次开箱办完了").click()
    press(page, "这次开箱办完了")
    expect(page.get_by_text("已办完").first).to_be_visible()
    fates = [letter.fate for letter in Letter.objects.all()]
    assert fates == ["suggestion", "suggestion", "suggestion", "claim", "claim"] + 5 * ["neither"]


def _round() -> MailboxRound:
    return MailboxRound.objects.get()


def _deal_with(page, address, letter):
    """The first three propose something, two need something, the rest are advertisements."""
    page.goto(address)
    if letter.number > 5:
        page.get_by_role("link", name="都不是").click()
        page.get_by_label("为什么都不是").fill("广告")
        press(page, "都不是")
        expect(page.get_by_text("已登记").first).to_be_visible()
        return
    page.get_by_label("信上写了什么").fill(f"第{letter.number}封信上的话")
    press(page, "存抄录")
    expect(page.get_by_text("已存").first).to_be_visible()
    if letter.number < 4:
        page.get_by_role("link", name="转为建议").click()
        page.get_by_label("其他").check()
        page.get_by_label("建议什么").fill("多放长椅")
        press(page, "转为建议")
        expect(page.get_by_text("已转为建议").first).to_be_visible()
    else:
        page.get_by_role("link", name="转为诉求").click()
        page.get_by_label("一句话：是什么事").fill("水管漏了")
        press(page, "转为诉求")
        expect(page.get_by_text("已转为诉求").first).to_be_visible()


@pytest.mark.parametrize(("language", "elder"), WAYS)
def test_plan_and_show_are_for_everybody(
    language, elder, new_context, live_server, people, places, households, announced
):
    east = area(people, places.here)
    spot(people, places.here, east)
    shown(people, places.here)
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    come_in(context, live_server, None, elder=elder, language=language)
    faults = {}
    for name, thing in [("point_list", None), ("point", east), ("keepsake_list", None)]:
        page.goto(
            live_server.url + reverse(f"suggestions:{name}", args=[thing.pk] if thing else [])
        )
        found = look_over(page, elder=elder)
        if found:
            faults[name] = found
    assert faults == {}
