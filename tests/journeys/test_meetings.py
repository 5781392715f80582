"""王桂芳 signs up for a meeting on her phone, waits, moves up, asks; a clerk prepares one; pages looked over."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultation.actions import meeting_questions, meetings, registrations
from consultation.models import Meeting, MeetingQuestion, Registration
from tests.consultation.meeting_builders import announced_meeting, drafted, opened_meeting, venue
from tests.journeys.browsing import AXE, come_in, look_over, open_door, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def address(live_server, name, *args):
    return live_server.url + reverse(f"consultation:{name}", args=args)


@BOTH
def test_from_the_home_page_to_the_answer(
    scripts, new_context, live_server, people, places, households
):
    """She waits for a place, gets it when 赵大勇 cannot come, and asks."""
    meeting = announced_meeting(people, places, title="民主茶桌", capacity=1)
    other = registrations.register(meeting, by=people["zhao"])
    context = new_context(java_script_enabled=scripts)
    come_in(context, live_server, people["wang"])
    page = context.new_page()
    page.goto(live_server.url + reverse("households:home"))
    open_door(page, "会议")
    page.get_by_role("link", name="民主茶桌").click()
    page.get_by_role("link", name="我要候补").click()
    page.get_by_label("要我们帮什么").fill("听不清")
    press(page, "排候补")
    expect(page.get_by_text("您排第 1 位")).to_be_visible()
    registrations.cancel_registration(other, by=people["zhao"])
    page.reload()
    expect(page.get_by_role("heading", name="您已报名")).to_be_visible()
    page.get_by_role("link", name="看全部，我要提问").click()
    page.get_by_role("link", name="我要提问").click()
    page.get_by_label("您想问什么").fill("鞋柜能不能放门口？")
    press(page, "提交问题")
    expect(page.get_by_text("待审核")).to_be_visible()
    question = MeetingQuestion.objects.get()
    meeting_questions.approve_question(question, by=people["chen"])
    page.reload()
    expect(page.locator("#queue")).to_contain_text("鞋柜能不能放门口？")
    meeting_questions.answer_question(question, answer="可以放一个。", by=people["chen"])
    page.reload()
    expect(page.locator("#queue")).to_contain_text("可以放一个。")
    page.goto(address(live_server, "meeting", meeting.pk))
    press(page, "来不了，取消报名")
    expect(page.get_by_text("报名已取消")).to_be_visible()
    assert Registration.objects.get(user=people["wang"]).state == "cancelled"


@BOTH
def test_the_committee_prepares_a_meeting(
    scripts, new_context, live_server, people, places, households
):
    venue(people, places, "红色议事厅")
    context = new_context(java_script_enabled=scripts)
    come_in(context, live_server, people["chen"])
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address(live_server, "meeting_desk"))
    page.get_by_role("link", name="筹备会议").click()
    page.get_by_role("link", name="开一次 民主茶桌").click()
    page.get_by_label("会议名称").fill("楼道里的鞋柜")
    page.get_by_label("场所").select_option(label="红色议事厅")
    press(page, "建立草稿")
    expect(page.get_by_text("还没有议程。").first).to_be_visible()
    page.get_by_role("link", name="议程和材料").click()
    for title, minutes in (("鞋柜", "40"), ("晾衣架", "20")):
        page.get_by_label("议程", exact=True).fill(title)
        page.get_by_label("分钟").fill(minutes)
        press(page, "加上")
    press(page, "上移 晾衣架")
    expect(page.locator(".agenda li").first).to_contain_text("晾衣架")
    page.get_by_role("link", name="返回").click()
    press(page, "发通知")
    expect(page.get_by_role("heading", name="通知已发出")).to_be_visible()
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.booking.purpose) == ("announced", "楼道里的鞋柜")


def test_the_screen_follows_the_moderator(page, live_server, people, places, households):
    meeting = opened_meeting(people, places)
    asked = [
        meeting_questions.enter_question(meeting, text=text, by=people["chen"])
        for text in ("几点开工？", "谁来付钱？")
    ]
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(address(live_server, "on_air", meeting.pk))
    expect(page.locator(".air-question")).to_have_text("请提问")
    for question in asked:
        meeting_questions.put_on_air(question, by=people["chen"])
        expect(page.locator(".air-question")).to_have_text(question.text)
        meeting_questions.answer_question(question, answer="见纪要", by=people["chen"])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(11, 19, 22)"
    size = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.air-question')).fontSize)"
    )
    assert size >= 48


WAYS = [("zh-hans", False), ("en", True)]


@pytest.mark.parametrize(("language", "elder"), WAYS)
def test_pages_of_a_meeting_are_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    """States that the walk over every page does not meet: waiting, invited, hybrid, cancelled, empty."""
    full = announced_meeting(
        people, places, capacity=1, observers=3, mode="hybrid", live_url="https://live.example/x"
    )
    registrations.register(full, by=people["zhao"])
    off = announced_meeting(people, places)
    meetings.cancel_meeting(off, reason="停电", by=people["chen"])
    waiting = announced_meeting(people, places, capacity=1)
    registrations.register(waiting, by=people["zhao"])
    registrations.register(waiting, by=people["wang"])
    bare = drafted(people, places, items=())
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = {}

    def look(name, *args):
        answer = page.goto(address(live_server, name, *args))
        found = look_over(page, elder=elder)
        if found or answer.status != 200:
            faults[name, *args] = [*found, answer.status]

    come_in(context, live_server, people["wang"], elder=elder, language=language)
    for meeting in (full, off, waiting):
        look("meeting", meeting.pk)
    look("register", full.pk)
    look("my_meetings")
    look("meeting_questions", full.pk)
    page.goto(address(live_server, "meeting_list") + "?month=2026-11")
    faults |= {"month": found} if (found := look_over(page, elder=elder)) else {}
    come_in(context, live_server, people["chen"], elder=elder, language=language)
    look("desk_meeting", bare.pk)
    look("add_agenda_item", bare.pk)
    look("desk_registrations", waiting.pk)
    look("venue_desk")
    assert faults == {}
