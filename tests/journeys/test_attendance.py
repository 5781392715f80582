"""A meeting in browsers: the phone that scans, the desk that taps, two who write on the same sheet."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from consultation import check_in_codes
from consultation.models import MeetingNote, NoteVersion, Presence, ShowOfHands
from tests.consultation.builders import entry_of, the_code
from tests.consultation.hall_builders import came, meeting_on, owners_meeting
from tests.journeys.browsing import AXE, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = {"width": 1280, "height": 900}


def address(live_server, name, *ids):
    return live_server.url + reverse(f"consultation:{name}", args=ids)


def wide(context):
    page = context.new_page()
    page.set_viewport_size(WIDE)
    return page


def scanned(live_server, meeting):
    code = check_in_codes.code_now(meeting.pk, timezone.now())
    return address(live_server, "check_in_code", meeting.pk, code)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_scanned_code_to_the_seat(
    scripts, new_context, live_server, people, places, households
):
    meeting = meeting_on(people, places)
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto(scanned(live_server, meeting))  # not signed in yet, as most are not
    page.get_by_label(re.compile("手机号")).fill("13800000101")
    page.locator("main form button").first.click()
    page.locator("input[name=code]").fill(the_code(people["wang"]))
    page.locator("main form button").first.click()
    press(page, "我到了，签到")
    expect(page.get_by_role("heading", name="您已到会")).to_be_visible()
    assert Presence.objects.get().channel == "qr"
    press(page, "我先离开")
    expect(page.get_by_text("您刚才离开了")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "elder"), [("zh-hans", False), ("zh-hans", True), ("en", True)]
)
def test_signing_in_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    """Each way the page may look: before the scan, after it, present, over; and for a stranger."""
    meeting = meeting_on(people, places, mode="hybrid")
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["wang"], elder=elder, language=language)
    page, faults = context.new_page(), {}

    def look(what):
        if found := look_over(page, elder=elder):
            faults[what] = found

    page.goto(address(live_server, "check_in", meeting.pk))
    look("not scanned")
    page.goto(scanned(live_server, meeting))
    look("scanned")
    page.locator("main form button").first.click()
    page.locator("main form button").wait_for()
    look("present")
    meeting.state, meeting.closed_at = "held", timezone.now()
    meeting.save()
    page.goto(address(live_server, "check_in", meeting.pk))
    look("over")
    assert faults == {}


def test_the_desk_and_the_screen_in_the_hall(new_context, live_server, people, places, households):
    meeting = owners_meeting(people, places)
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["lin"])
    desk, hall = wide(context), wide(context)
    hall.goto(address(live_server, "hall_screen", meeting.pk))
    expect(hall.get_by_text("到会 0 人，还差 2 人")).to_be_visible()
    desk.goto(address(live_server, "desk_attendance", meeting.pk))
    for who in ("王桂芳", "3-102"):
        desk.get_by_role("searchbox").fill(who)
        desk.keyboard.press("Enter")
        desk.get_by_role("button", name=re.compile("^到了")).first.click()
        expect(desk.get_by_role("button", name="按错了，撤销")).to_be_visible()
    expect(desk.get_by_text("到会 2 人，人数够了").first).to_be_visible()
    expect(hall.get_by_text("到会 2 人，人数够了")).to_be_visible()  # the screen asks by itself
    expect(hall.locator("main")).not_to_contain_text("王桂芳")
    press(desk, "按错了，撤销")
    expect(desk.get_by_text("到会 1 人，还差 1 人").first).to_be_visible()
    desk.get_by_role("searchbox").fill("孙丽")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name=re.compile("^到了")).first.click()
    expect(desk.get_by_role("button", name="按错了，撤销")).to_be_hidden(timeout=15_000)
    for name in ("desk_attendance", "hall_screen", "quorum_history"):
        desk.goto(address(live_server, name, meeting.pk))
        assert look_over(desk, elder=False) == [], name
        desk.set_viewport_size(WIDE)


def test_hands_are_counted_by_two(new_context, live_server, people, places, households):
    meeting = owners_meeting(people, places)
    for name in ("王桂芳", "赵大勇", "孙丽"):
        came(meeting, name, entries=[entry_of(meeting.roll, name)])
    context = new_context()
    context.add_init_script(path=AXE)
    come_in(context, live_server, people["chen"])
    page = wide(context)
    page.goto(address(live_server, "desk_hands", meeting.pk))
    page.get_by_role("link", name="举手表决一件事").click()
    page.get_by_label("表决什么").fill("车位画在北边？")
    press(page, "开始举手")
    for teller, counted in (("甲", (2, 1)), ("乙", (1, 2)), ("甲", (2, 1)), ("乙", (2, 1))):
        page.get_by_label("计票人").fill(teller)
        for label, number in zip(("同意", "不同意", "弃权"), (*counted, 0), strict=True):
            page.get_by_label(label, exact=True).fill(str(number))
        press(page, "记下这位数的")
        page.wait_for_load_state()
    expect(page.get_by_text("两位数得一样")).to_be_visible()
    assert look_over(page, elder=False) == []
    press(page, "结束，宣布结果")
    expect(page.get_by_text("同意 2，不同意 1，弃权 0")).to_be_visible()
    assert ShowOfHands.objects.get().counts.count() == 4


@pytest.fixture
def recorders(new_context, live_server, people, places):
    """chen and lin, each with a browser of their own, at the notes of one meeting."""
    meeting = meeting_on(people, places)
    found = {}
    for who in ("chen", "lin"):
        context = new_context()
        context.add_init_script(path=AXE)
        come_in(context, live_server, people[who])
        found[who] = wide(context)
        found[who].goto(address(live_server, "meeting_notes", meeting.pk))
    return meeting, found["chen"], found["lin"]


def sheet(page, number=0):
    return page.locator("textarea[data-note]").nth(number)


def state(page, number=0):
    return page.locator("[data-state]").nth(number)


def type_on(page, text):
    sheet(page).press("Control+End")
    page.keyboard.type(text)


def test_two_write_at_once_and_see_each_other(recorders):
    _meeting, chen, lin = recorders
    type_on(chen, "主任：请大家说")
    expect(state(chen)).to_contain_text("已存")
    expect(sheet(lin)).to_have_value("主任：请大家说")  # without a reload
    for page, text in ((chen, "\n王：停车难"), (lin, "\n赵：电梯吵")):
        type_on(page, text)
    both = re.compile("主任：请大家说\n(王：停车难\n赵：电梯吵|赵：电梯吵\n王：停车难)")
    for page in (chen, lin):
        expect(sheet(page)).to_have_value(both)
    type_on(lin, "\n孙：都难")
    expect(sheet(chen)).to_have_value(re.compile("孙：都难$"))
    lines = MeetingNote.objects.get().text.split("\n")
    assert sorted(lines) == ["主任：请大家说", "孙：都难", "王：停车难", "赵：电梯吵"]


def test_the_same_line_twice_is_shown_with_both(recorders):
    _meeting, chen, lin = recorders
    type_on(chen, "王：好")
    expect(sheet(lin)).to_have_value("王：好")
    for page, text in ((chen, "，要有人管"), (lin, "，我报名")):
        type_on(page, text)
    clashing = chen if chen.get_by_role("link", name="看两边").is_visible() else None
    if clashing is None:
        for page in (chen, lin):
            page.wait_for_timeout(4000)
            if page.get_by_role("link", name="看两边").is_visible():
                clashing = page
    clashing.keyboard.type("了")  # typed on before looking: that is not lost either
    clashing.get_by_role("link", name="看两边").click()
    expect(clashing.get_by_role("heading", name=re.compile("两边写得不一样"))).to_be_visible()
    expect(clashing.locator(".clash")).to_contain_text("了")
    expect(clashing.locator(".clash")).to_contain_text("要有人管")
    expect(clashing.locator(".clash")).to_contain_text("我报名")
    assert look_over(clashing, elder=False) == []
    clashing.get_by_label("合成一份").fill("王：好，要有人管，我报名")
    press(clashing, "就这样存")
    expect(clashing.get_by_role("heading", name=re.compile("两边写得不一样"))).to_have_count(0)
    assert MeetingNote.objects.get().text == "王：好，要有人管，我报名"
    assert not NoteVersion.objects.filter(outcome="conflict", settled_at=None).exists()


def test_what_was_written_while_the_server_was_away_is_sent_later(recorders):
    _meeting, chen, lin = recorders
    chen.context.set_offline(True)
    type_on(chen, "王：断网时说的")
    expect(state(chen)).to_contain_text("已留在这台电脑")
    type_on(lin, "赵：没断网的")
    expect(state(lin)).to_contain_text("已存")
    chen.context.set_offline(False)
    expect(sheet(lin)).to_have_value(re.compile("王：断网时说的"))
    assert sorted(MeetingNote.objects.get().text.split("\n")) == ["王：断网时说的", "赵：没断网的"]


def test_what_was_written_when_the_browser_fell_over_is_there_again(recorders, live_server):
    """Away, and the page is closed over it; opened again, the text is sent with what it was written on."""
    meeting, chen, _lin = recorders
    chen.context.set_offline(True)
    type_on(chen, "王：还没存上")
    expect(state(chen)).to_contain_text("已留在这台电脑")
    chen.close()
    chen_again = wide(chen.context)
    chen.context.set_offline(False)
    chen_again.goto(address(live_server, "meeting_notes", meeting.pk))
    expect(sheet(chen_again)).to_have_value("王：还没存上")
    expect(state(chen_again)).to_contain_text("已存")
    assert MeetingNote.objects.get().text == "王：还没存上"


def test_a_sign_in_that_ended_loses_nothing(recorders, live_server, people):
    _meeting, chen, lin = recorders
    chen.context.clear_cookies()
    type_on(chen, "王：登录过期时说的")
    expect(state(chen)).to_contain_text("登录过期了")
    come_in(chen.context, live_server, people["chen"])  # in another window
    type_on(chen, "。")
    expect(state(chen)).to_contain_text("已存")
    expect(sheet(lin)).to_have_value("王：登录过期时说的。")


def test_notes_by_the_button_alone(new_context, live_server, people, places):
    """Without JavaScript: saved by the button, put together, both shown where they collide."""
    meeting = meeting_on(people, places)
    came(meeting, "王桂芳")
    pages = {}
    for who in ("chen", "lin"):
        context = new_context(java_script_enabled=False)
        come_in(context, live_server, people[who])
        pages[who] = wide(context)
        pages[who].goto(address(live_server, "meeting_notes", meeting.pk))
    for who, text in (("chen", "王：好"), ("lin", "赵：不好")):
        sheet(pages[who]).fill(text)
        pages[who].get_by_role("button", name=re.compile("^保存")).first.click()
    expect(pages["lin"].get_by_text("和同事写的合在一起了")).to_be_visible()
    expect(sheet(pages["lin"])).to_have_value("王：好\n赵：不好")
    sheet(pages["chen"]).fill("王：好，要有人管")
    pages["chen"].get_by_role("button", name=re.compile("^保存")).first.click()
    page = pages["lin"]
    page.locator("details", has_text="记发言").locator("summary").first.click()
    page.get_by_label("谁说的").select_option(label="王桂芳")
    page.get_by_label("说了什么").fill("太吵")
    press(page, "记下发言")
    expect(page.locator("#beside")).to_contain_text("太吵")
    assert MeetingNote.objects.get().text == "王：好，要有人管\n赵：不好"


def test_quick_entries_do_not_disturb_the_sheet(recorders):
    meeting, chen, lin = recorders
    came(meeting, "王桂芳")
    chen.reload()
    type_on(chen, "写到一半")
    chen.locator("summary", has_text="记发言").click()
    expect(chen.locator("#quick select[name=item]").first).to_have_value(
        str(meeting.agenda.first().pk)
    )
    chen.get_by_label("谁说的").select_option(label="王桂芳")
    chen.get_by_label("不署名（记成“居民甲”）").check()
    chen.get_by_label("说了什么").fill("太吵")
    press(chen, "记下发言")
    expect(chen.get_by_text("您没有")).to_have_count(0)
    assert sheet(chen).input_value() == "写到一半"
    lin.locator("summary", has_text="记决定").click()
    lin.get_by_label("决定了什么").fill("画八个车位")
    press(lin, "记下决定")
    expect(lin.locator("#beside")).to_contain_text("画八个车位")
    expect(chen.locator("#beside")).to_contain_text("画八个车位")
