"""A resident corrects the minutes on her phone without scripts; they are signed, sealed and verified."""

import pytest
from playwright.sync_api import expect

from caoyang_portal.community.models import OneTimeCode
from consultation.actions import minutes as writing
from consultation.actions import minutes_papers, minutes_signing
from consultation.models import Minutes
from tests.consultation.builders import the_code
from tests.consultation.minutes_builders import drafted, over, photo, sign
from tests.journeys.browsing import AXE, aside, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(new_context, live_server, people):
    """王桂芳's phone, scripts off."""
    context = new_context(java_script_enabled=False)
    come_in(context, live_server, people["wang"])
    return context.new_page()


@pytest.fixture
def desk(new_context, live_server, people):
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["chen"])
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def test_from_a_correction_on_the_phone_to_a_verified_file(
    phone, desk, live_server, people, places, households, tmp_path
):
    minutes = drafted(people, places.here)
    here = f"{live_server.url}/minutes/desk/{minutes.meeting_id}/"
    _sent(desk, here)
    _corrected(phone, live_server)
    desk.goto(here)
    desk.get_by_role("link", name="采纳，去改").click()
    expect(desk.get_by_text("我说的是靠东")).to_be_visible()
    desk.get_by_label("讨论").first.fill("王桂芳：希望摊位靠东。")
    press(desk, "保存为新的一版")
    expect(desk.get_by_text("已改出第 2 版")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("见第 2 版")).to_be_visible()
    minutes_signing.start_signing(over(minutes), by=people["chen"])
    for who in ("chen", "lin"):
        sign(minutes, people[who])
    _signed(phone, live_server, people["wang"])
    desk.goto(f"{here}progress/")
    expect(desk.get_by_text("已完成 0 / 6 步")).to_be_visible()
    aside(minutes_papers.work_on_minutes)
    expect(desk.get_by_text("都盖好章了。")).to_be_visible()  # the page looked again by itself
    assert look_over(desk, elder=False) == []
    _verified(phone, live_server, tmp_path / "minutes.pdf")
    assert Minutes.objects.get().state == "sealed"


def _sent(desk, here):
    desk.goto(here)
    desk.get_by_role("link", name="两个版本对照").click()
    expect(desk.get_by_text("王*芳：希望摊位靠北")).to_be_visible()
    assert look_over(desk, elder=False) == []
    desk.goto(here)
    desk.get_by_role("link", name="送给到会的人").click()
    desk.get_by_label("王桂芳").check()
    press(desk, "送出")
    expect(desk.get_by_text("已送出，更正期到")).to_be_visible()


def _corrected(phone, live_server):
    phone.goto(f"{live_server.url}/minutes/")
    phone.get_by_role("link", name="去看看").click()
    phone.get_by_role("link", name="这一段不对 摊位怎么排").click()
    expect(phone.get_by_label("哪一段不对")).to_have_value("a1")
    phone.get_by_label("应该怎么写").fill("我说的是靠东")
    press(phone, "提交更正")
    expect(phone.get_by_text("已收到您的更正")).to_be_visible()
    expect(phone.get_by_text("等答复")).to_be_visible()


def _signed(phone, live_server, wang):
    OneTimeCode.objects.filter(user=wang).delete()
    phone.goto(f"{live_server.url}/minutes/")
    phone.get_by_role("link", name="去签字").click()
    expect(phone.get_by_text("王桂芳：希望摊位靠东")).to_be_visible()
    press(phone, "发验证码")
    phone.get_by_label("短信里的 6 位数字").fill(the_code(wang))
    press(phone, "签字")
    expect(phone.get_by_role("heading", name="您已经签字")).to_be_visible()


def _verified(phone, live_server, kept):
    phone.goto(f"{live_server.url}/minutes/")
    phone.get_by_role("link", name="菜场升级圆桌会").click()
    with phone.expect_download() as coming:
        phone.get_by_role("link", name="下载盖章的纪要").click()
    coming.value.save_as(kept)
    phone.get_by_role("link", name="查验文件真假").click()
    phone.locator("input[type=file]").set_input_files(kept)
    press(phone, "查验文件")
    expect(phone.get_by_role("heading", name="文件是真的")).to_be_visible()


@pytest.mark.parametrize("elder", [False, True])
def test_the_pages_are_for_old_hands(elder, new_context, live_server, people, places, households):
    """Read aloud, print, targets, small screens: the page, the correction, the editor with photos."""
    minutes = drafted(people, places.here)
    shot = photo(places.here, people["chen"])
    writing.add_minutes_photo(
        minutes, photo=shot, caption="会场", when="", is_public=True, by=people["chen"]
    )
    found = {}
    for who, before in (("chen", None), ("wang", "sent")):
        if before == "sent":
            writing.send_minutes(
                minutes, recorder=people["lin"], representatives=[people["wang"]],
                correction_days=5, by=people["chen"],
            )  # fmt: skip
        context = new_context()
        context.add_init_script(path=AXE)
        come_in(context, live_server, people[who], elder=elder)
        page = context.new_page()
        at = f"/minutes/{minutes.meeting_id}/"
        own = f"/minutes/desk/{minutes.meeting_id}/"
        for address in (own, f"{own}edit/", f"{own}preview/") if who == "chen" else (
            "/minutes/", at, f"{at}correct/",
        ):  # fmt: skip
            page.goto(live_server.url + address)
            if address == at:
                expect(page.get_by_role("button", name="听一听")).to_be_visible()
                expect(page.get_by_role("button", name="打印")).to_be_visible()
            trouble = look_over(page, elder=elder)
            if trouble:
                found[address] = trouble
    assert found == {}
