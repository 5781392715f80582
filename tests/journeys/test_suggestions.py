"""王桂芳 suggests with a photo on her phone, a helper at the counter writes for an elder, the unit answers."""

import io

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from suggestions.models import Suggestion
from tests.journeys.browsing import AXE, come_in, look_over, press
from tests.suggestions.suggestion_builders import (
    in_state,
    made,
    photo,
    publish,
    published,
    unit,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = [("zh-hans", False), ("zh-hans", True), ("en", False), ("en", True)]


def shot(name="花坛.jpg"):
    out = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_resident_suggests_with_a_photo_on_a_phone(
    scripts, new_context, live_server, people, places, households
):
    known = published(people, places, "花坛边上装充电桩", who="zhao")
    context = new_context(java_script_enabled=scripts)
    come_in(context, live_server, people["wang"])
    page = context.new_page()
    page.goto(live_server.url + reverse("households:home"))
    page.get_by_role("link", name="建议").first.click()
    page.get_by_role("link", name="我要提建议").click()
    press(page, "停车和充电")
    page.get_by_label("在哪里").select_option(label="3号楼")
    press(page, "下一步")
    page.get_by_label("一句话：您建议什么").fill("花坛装充电桩")
    page.get_by_label("为什么").fill("楼道里飞线充电，怕着火。")
    press(page, "下一步")
    page.locator("input[type=file]").set_input_files(shot())
    press(page, "传照片")
    expect(page.get_by_alt_text("照片 1")).to_be_visible()
    page.get_by_role("link", name="下一步").click()
    expect(page.get_by_role("heading", name="是不是同一个问题？")).to_be_visible()
    expect(page.get_by_role("link", name=known.title)).to_be_visible()
    page.get_by_role("link", name="不是同一个，接着提").click()
    expect(page.get_by_text("楼道里飞线充电，怕着火。")).to_be_visible()
    page.get_by_label("不写姓名").check()
    press(page, "提交建议")
    expect(page.get_by_text("收到了，编号")).to_be_visible()
    expect(page.get_by_text("受理，或者说明去哪里办").first).to_be_visible()
    one = Suggestion.objects.get(title="花坛装充电桩")
    assert (one.photos.count(), one.building, one.shown_proposer) == (
        1, places.building, "一位居民",
    )  # fmt: skip
    page.goto(live_server.url + reverse("suggestions:suggestion", args=[known.pk]))
    press(page, "我也是")
    expect(page.get_by_text("记下了，有结果会告诉您")).to_be_visible()
    assert known.endorsements.get().user == people["wang"]


def test_an_elder_at_the_counter_and_the_unit_that_answers(
    new_context, live_server, people, places, households
):
    lead = unit(people, places)
    desk = new_context()
    come_in(desk, live_server, people["chen"])
    page = desk.new_page()
    page.goto(live_server.url + reverse("suggestions:suggestion_desk"))
    page.get_by_role("link", name="代居民提建议").click()
    page.get_by_label("提出人姓名").fill("李阿婆")
    page.get_by_label("从哪里来").select_option(label="窗口")
    page.get_by_label("关于哪方面").select_option(label="养老和吃饭")
    page.get_by_label("一句话：您建议什么").fill("办一个社区食堂")
    page.get_by_label("为什么").fill("一个人烧饭不方便。")
    page.get_by_label("当面读给他听，他说对").check()
    press(page, "登记")
    expect(page.get_by_text("已登记，编号")).to_be_visible()
    page.get_by_role("link", name="受理", exact=True).click()
    press(page, "受理")
    page.get_by_role("link", name="交办", exact=True).click()
    page.get_by_label("主办单位").select_option(label=lead.name)
    press(page, "交给这个单位")
    expect(page.get_by_text("已交办，提出人会收到通知")).to_be_visible()

    office = new_context()
    come_in(office, live_server, people["deng"])
    page = office.new_page()
    page.goto(live_server.url + reverse("suggestions:suggestion_desk"))
    page.get_by_role("link", name="办一个社区食堂").click()
    page.get_by_role("link", name="答复", exact=True).click()
    page.get_by_label("采纳", exact=True).check()
    page.get_by_label("答复", exact=True).fill("采纳，桐柏院一楼开食堂。")
    page.get_by_label("要办成什么").fill("开一个社区食堂")
    page.get_by_label("转化成什么").select_option(label="惠民举措")
    page.get_by_label("最晚哪天办成").fill("2099-12-31")
    press(page, "答复提出人")
    expect(page.get_by_text("已答复，提出人会收到通知")).to_be_visible()
    page.get_by_role("link", name="办成了").click()
    page.get_by_label("成果叫什么").fill("幸福饭堂·桐柏院")
    page.get_by_label("办成了什么").fill("开张了，每天一百份。")
    page.get_by_label("办成以后的照片").set_input_files(shot())
    press(page, "报已办成")
    expect(page.get_by_text("已告诉提出人，请他评价")).to_be_visible()
    assert Suggestion.objects.get().state == "done"


def test_a_face_is_covered_by_drawing_on_the_photo(
    new_context, live_server, people, places, households
):
    own = photo(places.here, people["wang"])
    one = publish(made(people, places, photos=[own]), people)
    context = new_context()
    come_in(context, live_server, people["chen"])
    page = context.new_page()
    kept = one.photos.get()
    page.goto(
        live_server.url + reverse("suggestions:show_suggestion_photo", args=[one.pk, kept.pk])
    )
    cover = page.locator("[data-cover]")
    cover.scroll_into_view_if_needed()
    box = cover.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    left, top, width, height = map(int, page.get_by_label("遮住哪里").input_value().split())
    assert (left + width, top + height) == (50, 50)
    press(page, "遮好，公开")
    expect(page.get_by_text("照片公开了")).to_be_visible()
    kept.refresh_from_db()
    assert kept.shown_id not in (None, kept.original_id)


@pytest.mark.parametrize(("language", "elder"), WAYS)
def test_every_state_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    states = ["assigned", "merged", "referred", "done"]
    found = {
        state: in_state(people, places, state, f"{state} 充电桩", photos=[photo(places.here, people["wang"])])
        for state in states
    }  # fmt: skip
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = {}
    for who, name in (("wang", "suggestion"), ("chen", "desk_suggestion")):
        come_in(context, live_server, people[who], elder=elder, language=language)
        for state, one in found.items():
            page.goto(live_server.url + reverse(f"suggestions:{name}", args=[one.pk]))
            wrong = look_over(page, elder=elder)
            if wrong:
                faults[f"{name} {state}"] = wrong
    assert faults == {}
