"""王桂芳 votes: with and without JavaScript, by name and in secret, without a mouse; every page looked over."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from caoyang_portal.notices.models import Sending
from consultation.models import OpenBallot, SecretBallot
from tests.consultation.builders import counted, kind, opened, the_code
from tests.journeys.browsing import AXE, come_in, look_over, open_door, press
from tests.journeys.test_signing import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEN = ("先办哪些事？", tuple(f"第{n}件事" for n in range(1, 13)))
LIFT = ("装不装电梯？", ())
FEE = ("费用按楼层分摊，同意吗？", ())


def address(live_server, name, poll, *more):
    return live_server.url + reverse(f"consultation:{name}", args=[poll.code, *more])


def cast(page, user):
    """From the check page to the receipt."""
    page.get_by_role("link", name="都对，去投出").click()
    press(page, "发验证码")
    page.get_by_label("短信里的 6 位数字").fill(the_code(user))
    press(page, "投出我的票")
    expect(page.get_by_role("heading", name="您的表决已计入")).to_be_visible()


@pytest.mark.parametrize("secrecy", ["open", "separated", "sealed"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_notice_to_the_receipt(
    scripts, secrecy, new_context, live_server, people, places, households
):
    opened(people, places, secrecy=secrecy, questions=[LIFT, FEE])
    context = new_context(java_script_enabled=scripts)
    come_in(context, live_server, people["wang"])
    page = context.new_page()
    page.goto(live_server.url + reverse("households:home"))
    open_door(page, "表决")
    page.get_by_role("link", name="去投票").click()
    page.get_by_role("link", name="开始投票").click()
    choices = page.get_by_role("radio")
    assert [choices.nth(n).is_checked() for n in range(3)] == [False] * 3
    assert len({(b["width"], b["height"]) for b in map(_box, page.locator(".choice").all())}) == 1
    press(page, "选好了，下一题")
    expect(page.get_by_text("第 1 题还没有选")).to_be_visible()
    page.get_by_label("同意", exact=True).check()
    press(page, "选好了，下一题")
    page.get_by_label("弃权").check()
    press(page, "选好了，去核对")
    page.get_by_role("link", name="改第 1 题").click()
    expect(page.get_by_label("同意", exact=True)).to_be_checked()
    page.get_by_label("不同意").check()
    press(page, "选好了，下一题")
    cast(page, people["wang"])
    code = page.locator(".check-code b").first.text_content()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
    expect(page.locator("main")).not_to_contain_text("不同意")
    if secrecy == "open":
        choices = OpenBallot.objects.get().choices
        assert {q: answer["choice"] for q, answer in choices.items()} == {
            "1": "no",
            "2": "abstain",
        }
    page.go_back()
    page.reload()
    expect(
        page.get_by_role("heading", name=re.compile("您的表决已计入|投出我的票"))
    ).to_be_visible()


def _box(choice):
    return choice.bounding_box()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_ten_of_many_are_counted_with_and_without_scripts(
    scripts, new_context, live_server, people, places, households
):
    poll = opened(
        people, places, of=kind("multiple-choice", most_choices=3), questions=[TEN], secrecy="separated"
    )  # fmt: skip
    context = new_context(java_script_enabled=scripts)
    come_in(context, live_server, people["wang"])
    page = context.new_page()
    page.goto(address(live_server, "my_votes", poll))
    page.get_by_role("link", name="开始投票").click()
    for n in (1, 2, 5, 7):
        page.get_by_label(f"第{n}件事", exact=True).check()
    if scripts:
        expect(page.get_by_text("已选 4 项")).to_be_visible()
    press(page, "选好了，去核对")
    expect(page.get_by_text("最多选 3 项，您选了 4 项")).to_be_visible()
    page.get_by_label("第2件事", exact=True).uncheck()
    press(page, "选好了，去核对")
    cast(page, people["wang"])
    assert SecretBallot.objects.get().choice == "1,5,7"


def test_with_the_keyboard_only(page, live_server, people, places, households):
    poll = opened(people, places)

    def push(role, words):
        tab_to(page, page.get_by_role(role, name=words, exact=True))
        with page.expect_navigation():
            page.keyboard.press("Enter")

    come_in(page.context, live_server, people["wang"])
    page.goto(address(live_server, "my_votes", poll))
    push("link", "开始投票")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    push("button", "选好了，去核对")
    expect(page.locator(".chosen")).to_have_text("不同意")
    push("link", "都对，去投出")
    push("button", "发验证码")
    tab_to(page, page.get_by_label("短信里的 6 位数字"))
    page.keyboard.type(the_code(people["wang"]))
    push("button", "投出我的票")
    expect(page.get_by_role("heading", name="您的表决已计入")).to_be_visible()


def test_the_receipt_s_code_is_filled_in_from_its_qr(
    page, live_server, people, places, households
):
    poll = opened(people, places)
    page.goto(address(live_server, "check_ballot", poll) + "#0C5Q-KVJ3-4WQ6-SHD5")
    expect(page.get_by_label("回执上的核对码")).to_have_value("0C5Q-KVJ3-4WQ6-SHD5")
    press(page, "查这张票")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    assert "KVJ3" not in page.url.partition("#")[0]


def digits_sent_to(user):
    """Whatever the language of the message."""
    sending = Sending.objects.filter(reader=user, kind="code").latest("created_at")
    return re.search(r"\d{6}", sending.text)[0]


WAYS = [("zh-hans", False), ("zh-hans", True), ("en", False), ("en", True)]


@pytest.mark.parametrize(("language", "elder"), WAYS)
def test_every_step_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    """Pages that stand only in the middle of the way: axe, 320 px, large type, targets."""
    yes_no = opened(people, places, secrecy="separated", questions=[LIFT, FEE])
    ranked = opened(people, places, of=kind("ranked-choice"), questions=[TEN], secrecy="open")
    top = opened(people, places, of=kind("top-ten", electorate="households"), questions=[TEN])
    score = opened(people, places, of=kind("satisfaction"), questions=[LIFT], secrecy="open")
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["wang"], elder=elder, language=language)
    page = context.new_page()
    number = lambda poll: poll.roll.get(name="王桂芳").number  # noqa: E731
    faults = {}

    def look(what):
        found = look_over(page, elder=elder)
        if found:
            faults[what] = found

    def follow(what):
        with page.expect_navigation():
            what.click()

    for name, poll in (("ranked", ranked), ("top", top), ("score", score)):
        page.goto(address(live_server, "vote_question", poll, number(poll), 1))
        look(name)
        follow(page.locator("button.primary"))
        look(f"{name} refused")
    for step in (1, 2):
        page.goto(address(live_server, "vote_question", yes_no, number(yes_no), step))
        page.locator("input[value=yes]").check()
        look(f"question {step}")
        follow(page.locator("button.primary"))
    look("check")
    follow(page.locator("a.primary"))
    look("confirm")
    follow(page.locator("main form button").first)
    look("code")
    page.locator("#id_code").fill("1")
    follow(page.locator("button.primary"))
    look("wrong code")
    page.locator("#id_code").fill(digits_sent_to(people["wang"]))
    follow(page.locator("button.primary"))
    look("receipt")
    follow(page.locator("button.btn-outline-danger"))
    look("voted")
    for poll in (yes_no, ranked, top, score):
        counted(poll)
        page.goto(address(live_server, "poll", poll))
        look(f"result {poll.kind.code}")
    page.goto(address(live_server, "vote_question", ranked, number(ranked), 1))
    look("closed")
    page.goto(address(live_server, "poll_objections", ranked))
    look("objections")
    assert faults == {}
