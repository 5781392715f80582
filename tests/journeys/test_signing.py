"""王桂芳 signs: without JavaScript, and without a mouse."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from households.models import Signature
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import the_code
from tests.journeys.browsing import come_in, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agreement(project, households, people):
    return frozen_agreement(
        project,
        households.wang,
        people["chen"],
        text="<h2>第一条 房屋</h2><p>厨房和卫生间归自家用。</p><h2>第二条 搬迁</h2><p>再搬回来。</p>",
        key_points="搬出去，再搬回来。\n厨房和卫生间归自家用。",
    )


def test_without_javascript(new_context, live_server, people, agreement):
    """From the letter's address over the phone code to the receipt, with the name typed."""
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url + reverse("households:sign", args=[agreement.pk]))
    page.get_by_role("link", name="开始办理").click()
    page.get_by_label("手机号").fill("138 0000 0101")
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_role("main").get_by_role("textbox").fill(_login_code(people["wang"]))
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page).to_have_url(
        live_server.url + reverse("households:sign_identity", args=[agreement.pk])
    )
    press(page, "是我家，继续办理")
    for number, words in [("①", "看过了，下一步"), ("②", "都对，下一步"), ("③", "知道了，下一步")]:
        page.get_by_role("link", name=re.compile(f"去办 {number}")).click()
        press(page, words)
    page.get_by_role("link", name=re.compile("^⑤")).click()
    page.get_by_role("link", name="从头读起").click()
    press(page, "读完了，下一页")
    press(page, "读完了，去核对")
    press(page, "都对，去签名")
    press(page, "发验证码")
    page.get_by_label("短信里的 6 位数字").fill(the_code(people["wang"]))
    expect(page.get_by_role("button", name="打开签名板")).to_be_hidden()
    page.locator("[name=typed_name]").fill("王桂芳")
    page.get_by_label("我同意上面这句话").check()
    press(page, "签字并提交")
    expect(page.get_by_role("heading", name="签好了")).to_be_visible()
    expect(page.get_by_text(Signature.objects.get().receipt_number)).to_be_visible()


def _login_code(user):
    from caoyang_portal.notices.models import Sending

    sending = Sending.objects.filter(reader=user, kind="code").latest("created_at")
    return re.search(r"登录验证码 (\d{6})", sending.text)[1]


def tab_to(page, what):
    """Press Tab until ``what`` has the focus, and see that the focus shows."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if what.evaluate("el => el === document.activeElement"):
            assert _focus_shows(page), f"no focus ring on {what}"
            return
    raise AssertionError(f"Tab does not reach {what}")


def _focus_shows(page):
    return page.evaluate(
        """() => {
            const style = getComputedStyle(document.activeElement);
            return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
                || style.boxShadow !== 'none';
        }"""
    )


def test_with_the_keyboard_only(page, live_server, people, agreement):
    def follow(words):
        tab_to(page, page.get_by_role("link", name=words))
        page.keyboard.press("Enter")

    def push(words):
        tab_to(page, page.get_by_role("button", name=words, exact=True))
        with page.expect_navigation():
            page.keyboard.press("Enter")

    come_in(page.context, live_server, people["wang"])
    page.goto(live_server.url + reverse("households:home"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    follow("去签约")
    follow("开始办理")
    push("是我家，继续办理")
    for number, words in [("①", "看过了，下一步"), ("②", "都对，下一步"), ("③", "知道了，下一步")]:
        follow(re.compile(f"去办 {number}"))
        push(words)
    follow(re.compile("^⑤"))
    follow("从头读起")
    push("读完了，下一页")
    push("读完了，去核对")
    push("都对，去签名")
    push("发验证码")
    tab_to(page, page.get_by_label("短信里的 6 位数字"))
    page.keyboard.type(the_code(people["wang"]))
    tab_to(page, page.locator("details[data-typed] summary"))
    if page.locator("[name=typed_name]").is_hidden():
        page.keyboard.press("Enter")
    tab_to(page, page.locator("[name=typed_name]"))
    page.keyboard.insert_text("王桂芳")
    tab_to(page, page.get_by_label("我同意上面这句话"))
    page.keyboard.press("Space")
    push("签字并提交")
    expect(page.get_by_role("heading", name="签好了")).to_be_visible()


def test_the_building_grid_with_the_keyboard_only(page, live_server, people, project, households):
    page.set_viewport_size({"width": 1280, "height": 900})
    come_in(page.context, live_server, people["chen"])
    page.goto(live_server.url + reverse("households:grid", args=[project.pk]))
    tab_to(page, page.locator("[data-room='101']"))
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.room") == "102"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.room") == "101"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.room") == "202"
    assert _focus_shows(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.type("102")
    assert page.evaluate("document.activeElement.dataset.room") == "102"
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        live_server.url + reverse("households:household_detail", args=[households.sun.pk])
    )


MOST_BYTES = 60 * 1024


@pytest.mark.parametrize("name", ["community:start", "households:sign"])
def test_the_first_page_comes_over_a_slow_line(name, page, live_server, places, agreement):
    """All that the first page needs, gzipped, without pictures."""
    import gzip

    loaded = []
    # Playwright marks its handlers, and a built-in method bears no mark.
    page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108
    args = [agreement.pk] if name == "households:sign" else []
    page.goto(live_server.url + reverse(name, args=args), wait_until="networkidle")
    weights = {
        response.url.removeprefix(live_server.url): len(gzip.compress(response.body()))
        for response in loaded
        if not response.headers.get("content-type", "").startswith("image/")
    }
    assert settings.STATIC_URL + "css/tokens.css" in weights
    assert sum(weights.values()) <= MOST_BYTES, weights
