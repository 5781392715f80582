"""Signing by hand in Chromium: the pad, the turned phone, the keyboard; and help at the counter."""

import json
import os
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from households.models import AllowanceItem, Plan, Signature
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import co_owner, the_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder: look at the pages


@pytest.fixture
def agreement(project, households, people):
    made = frozen_agreement(
        project,
        households.wang,
        people["chen"],
        text="<h2>第一条 房屋</h2><p>厨房和卫生间归自家用。</p><h2>第二条 搬迁</h2><p>搬出去，再搬回来。</p>",
        key_points="搬出去，再搬回来。\n厨房和卫生间归自家用。\n面积不减少。",
    )
    Plan.objects.create(
        neighbourhood=project.neighbourhood,
        project=project,
        household=households.wang,
        version=1,
        summary="厨房、卫生间改成自家独用，朝南一间不变。",
        area_before="20.50",
        area_after="28.60",
        drawn_by=people["deng"],
        published_at=timezone.now(),
    )
    for code, name, amount in [("move", "搬家补助费", 1200), ("rent", "过渡费", 36000)]:
        AllowanceItem.objects.create(
            neighbourhood=project.neighbourhood,
            project=project,
            household=made.household,
            code=code,
            name=name,
            formula_text="按户计发",
            quantity=1,
            unit_price=amount,
            amount=amount,
        )
    return made


def come_in(page, live_server, user, *, elder=False):
    """Arrive signed in, as after the code from the SMS."""
    client = Client()
    client.force_login(user)
    host = {"url": live_server.url}
    cookies = [
        {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        }
    ]
    if elder:
        cookies.append({"name": settings.ELDER_COOKIE_NAME, "value": "1"})
    page.context.add_cookies([cookie | host for cookie in cookies])


def shot(page, name):
    if SHOTS:
        whole = not page.locator("dialog[open]").count()
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=whole)


def go(page, live_server, name, agreement):
    page.goto(live_server.url + reverse(f"households:{name}", args=[agreement.pk]))


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def write_name(page, canvas):
    """Four strokes and a hook, with the mouse."""
    box = canvas.bounding_box()
    x, y, w, h = box["x"], box["y"], box["width"], box["height"]
    for line in [
        [(0.2, 0.3), (0.4, 0.3), (0.6, 0.3)],
        [(0.4, 0.3), (0.4, 0.5), (0.4, 0.7)],
        [(0.25, 0.5), (0.4, 0.5), (0.55, 0.5)],
        [(0.2, 0.7), (0.4, 0.7), (0.65, 0.7)],
        [(0.75, 0.3), (0.7, 0.5), (0.8, 0.7), (0.9, 0.5)],
    ]:
        page.mouse.move(x + w * line[0][0], y + h * line[0][1])
        page.mouse.down()
        for fx, fy in line[1:]:
            page.mouse.move(x + w * fx, y + h * fy, steps=6)
        page.mouse.up()


@pytest.mark.parametrize(
    ("width", "elder"), [(390, True), (390, False), (1280, False)], ids=["elder", "phone", "desk"]
)
def test_wang_signs_by_hand(page, live_server, people, agreement, width, elder):  # noqa: PLR0915 one story
    name = f"{width}{'-elder' if elder else ''}"
    page.set_viewport_size({"width": width, "height": 844})
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    come_in(page, live_server, people["wang"], elder=elder)
    page.goto(live_server.url + reverse("households:home"))
    shot(page, f"{name}-00-home")
    page.get_by_role("link", name="去签约").click()
    shot(page, f"{name}-01-start")
    page.get_by_role("link", name="开始办理").click()
    shot(page, f"{name}-02-identity")
    press(page, "是我家，继续办理")
    shot(page, f"{name}-03-tasks")
    for number, words in [("①", "看过了，下一步"), ("②", "都对，下一步"), ("③", "知道了，下一步")]:
        page.get_by_role("link", name=re.compile(f"去办 {number}")).click()
        shot(page, f"{name}-04-{number}")
        press(page, words)
    shot(page, f"{name}-05-tasks")
    page.get_by_role("link", name=re.compile("^⑤")).click()
    shot(page, f"{name}-06-read")
    page.get_by_role("link", name="从头读起").click()
    shot(page, f"{name}-07-chapter")
    press(page, "读完了，下一页")
    press(page, "读完了，去核对")
    shot(page, f"{name}-08-check")
    press(page, "都对，去签名")
    shot(page, f"{name}-09-code")
    press(page, "发验证码")
    shot(page, f"{name}-10-name")
    page.get_by_label("短信里的 6 位数字").fill(the_code(people["wang"]))
    press(page, "打开签名板")
    press(page, "写好了")
    expect(page.get_by_text("请写上您的姓名，再点")).to_be_visible()
    canvas = page.locator("dialog[open] canvas")
    write_name(page, canvas)
    shot(page, f"{name}-11-pad")
    page.set_viewport_size({"width": 844, "height": 390})  # the phone is turned
    shot(page, f"{name}-12-pad-turned")
    press(page, "撤回一笔")
    press(page, "写好了")
    page.set_viewport_size({"width": width, "height": 844})
    page.get_by_label("我同意上面这句话").check()
    shot(page, f"{name}-13-ready")
    press(page, "签字并提交")
    expect(page.get_by_role("heading", name="签好了")).to_be_visible()
    shot(page, f"{name}-14-receipt")
    signature = Signature.objects.get()
    assert len(json.loads(signature.strokes)) == 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    expect(page.get_by_text(signature.receipt_number)).to_be_visible()
    page.goto(live_server.url + reverse("households:home"))
    shot(page, f"{name}-15-home")
    assert errors == []


def test_two_staff_help_at_the_tablet(page, live_server, people, agreement):
    people["lin"].set_password("correct horse battery")
    people["lin"].save(update_fields=["password"])
    co_owner(agreement, "孙丽", people["sun"])
    page.set_viewport_size({"width": 1280, "height": 900})
    come_in(page, live_server, people["chen"])
    go(page, live_server, "enter_paper_signature", agreement)
    shot(page, "staff-paper")
    go(page, live_server, "sign_on_tablet", agreement)
    page.get_by_label("王桂芳").check()
    page.get_by_label("身份证").check()
    page.get_by_label("住户听清并同意上面这句话").check()
    for ask in ("请住户签名", "请见证人签名"):
        press(page, ask)
        write_name(page, page.locator("dialog[open] canvas"))
        press(page, "写好了")
    page.get_by_label("见证人手机号").fill("138 0000 0302")
    page.get_by_label("见证人密码").fill("wrong")
    press(page, "录入签名")
    expect(page.get_by_role("alert")).to_contain_text("见证人的手机号或密码不对")
    shot(page, "staff-tablet")
    page.get_by_label("见证人密码").fill("correct horse battery")
    press(page, "录入签名")
    expect(page.get_by_text("已录入，回执号")).to_be_visible()
    shot(page, "staff-tablet-done")
    signature = Signature.objects.get()
    assert (signature.operator, signature.witness) == (people["chen"], people["lin"])
    page.goto(live_server.url + reverse("households:partly_signed"))
    shot(page, "staff-partly")
    expect(page.get_by_text("1 / 2")).to_be_visible()
