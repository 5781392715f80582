"""The committee runs a poll in the browser, from its draft to its published result."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caoyang_portal.community.models import Posting
from consultation.actions import counting, paper_jobs, polls, roll_jobs
from consultation.models import PaperBallot, Poll, PollResult
from consultation.queries import heads
from tests.consultation.builders import draft, kind
from tests.journeys.browsing import AXE, aside, come_in, look_over, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def desks(browser, browser_context_args, live_server, people, places):
    """A browser for each of three of the committee, signed in."""
    Posting.objects.create(
        user=people["deng"], office="committee", sub_district=places.street,
        neighbourhood=places.here, since=dt.date(2020, 1, 1),
    )  # fmt: skip
    people["lin"].set_password(PASSWORD)
    people["lin"].save()
    contexts = {}
    for who in ("chen", "lin", "deng"):
        contexts[who] = browser.new_context(
            **browser_context_args | {"viewport": {"width": 1280, "height": 900}}
        )
        contexts[who].add_init_script(path=AXE)
        come_in(contexts[who], live_server, people[who])
    yield {who: context.new_page() for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


def test_a_poll_from_its_draft_to_its_result(desks, live_server, households, tmp_path):
    kind()  # the stock
    page = desks["chen"]
    poll = _drafted(page, live_server)
    here = live_server.url + reverse("consultation:desk_poll", args=[poll.pk])
    _opened(page, here, poll)
    _at_the_tablet(page, here)
    _printed_and_scanned(page, here, tmp_path / "ballots.pdf")
    _keyed(desks, live_server, poll)
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    polls.close_poll(poll)
    page.goto(here)
    page.get_by_role("link", name="去计票").click()
    press(page, "完成计票")
    expect(page.get_by_role("heading", name="表决结果", exact=True)).to_be_visible()
    assert look_over(page, elder=False) == []
    aside(counting.print_result_notices)
    PollResult.objects.update(objections_until=timezone.localdate() - dt.timedelta(days=1))
    page.goto(here)
    press(page, "公布结果")
    expect(page.get_by_text("方案通过：装不装电梯？")).to_be_visible()
    answer = Poll.objects.get(pk=poll.pk).result.shown
    assert answer["questions"][0]["choices"]["yes"]["heads"] == 2
    assert answer["by_channel"] == {"paper": 2, "tablet": 1}


def test_a_long_roll_is_waited_for_on_its_page(
    desks, live_server, people, places, households, monkeypatch
):
    monkeypatch.setattr(heads, "AT_ONCE", 0)
    poll = draft(people, places)
    page = desks["chen"]
    page.goto(live_server.url + reverse("consultation:desk_roll", args=[poll.pk]))
    press(page, "生成名册")
    expect(page.get_by_text("已读 0 / 3 户的档案，可以先去做别的事。")).to_be_visible()
    assert look_over(page, elder=False) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert look_over(page, elder=False) == []
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", name="名册正在生成")).to_be_visible()
    assert look_over(page, elder=False) == []
    page.get_by_role("link", name="看进度").click()
    aside(roll_jobs.work_on_rolls)
    expect(page.get_by_text("61.50 ㎡")).to_be_visible()  # it led on by itself


def _drafted(page, live_server):
    page.goto(live_server.url + reverse("consultation:desk"))
    page.get_by_role("link", name="起草表决").click()
    page.get_by_role("link", name="用这种 加装电梯（占用小区共有部分）").click()
    page.get_by_label("题目").fill("小区加装电梯")
    press(page, "建立草稿")
    page.get_by_label("议项和选项").fill("装不装电梯？")
    press(page, "保存议项")
    press(page, "公告")
    press(page, "生成名册")
    expect(page.get_by_text("61.50 ㎡")).to_be_visible()
    assert look_over(page, elder=False) == []
    return Poll.objects.get()


def _opened(page, here, poll):
    page.goto(here)
    press(page, "冻结名册")
    expect(page.get_by_text("名册已冻结，指纹")).to_be_visible()
    now = timezone.now()
    Poll.objects.filter(pk=poll.pk).update(
        announced_at=now - dt.timedelta(days=40),
        opens_at=now - dt.timedelta(hours=1),
        closes_at=now + dt.timedelta(hours=1),
    )
    page.reload()
    press(page, "开始表决")


def _at_the_tablet(page, here):
    page.goto(here)
    page.get_by_role("link", name="名册和办理").click()
    page.get_by_role("row", name=re.compile("孙丽")).get_by_role("link", name="平板投").click()
    assert page.locator(".opinions input:checked").count() == 0
    assert look_over(page, elder=False) == []
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("已当面核对表决人的证件").check()
    page.get_by_label("见证人手机号").fill("13800000302")
    page.get_by_label("见证人密码").fill(PASSWORD)
    press(page, "投票")
    expect(page.get_by_role("heading", name="这一票已计入")).to_be_visible()


def _printed_and_scanned(page, here, kept):
    """What comes out of the printer goes through the scanner."""
    page.goto(here)
    page.get_by_role("link", name="纸质票").click()
    press(page, "排印表决票")
    aside(paper_jobs.work_on_papers)
    with page.expect_download() as coming:
        press(page, "下载表决票")  # the page has looked again by itself
    coming.value.save_as(kept)
    page.goto(here)
    page.get_by_role("link", name="纸质票").click()
    page.get_by_label("扫描件").set_input_files(kept)
    press(page, "上传")
    aside(paper_jobs.work_on_papers)
    expect(page.get_by_text("认出 2 张票，0 页要人看。")).to_be_visible()


def _keyed(desks, live_server, poll):
    """Two read each ballot unseen; the second is read differently, and a third decides."""
    for who, reads in (("chen", ["同意", "不同意"]), ("lin", ["同意", "弃权"])):
        page = desks[who]
        page.goto(live_server.url + reverse("consultation:desk_keying", args=[poll.pk]))
        for word in reads:
            assert page.locator(".opinions input:checked").count() == 0
            page.get_by_label(word, exact=True).check()
            press(page, "录入，下一张")
        expect(page.get_by_text("没有要您录的票了。")).to_be_visible()
    assert PaperBallot.objects.filter(state="differs").count() == 1
    page = desks["deng"]
    page.goto(live_server.url + reverse("consultation:desk_papers", args=[poll.pk]))
    page.get_by_role("link", name="裁定不一致的票").click()
    assert look_over(page, elder=False) == []
    page.get_by_label("不同意", exact=True).check()
    press(page, "裁定")
    expect(page.get_by_text("已裁定，已计入")).to_be_visible()
