"""A draft law from the letter to the answer: imported by 陈静, read and spoken on by 王桂芳 on her phone, reviewed by 林红, sent in, answered."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from suggestions.actions import draft_batches
from suggestions.models import ArticleOpinion, DraftLaw, OpinionBatch
from tests.journeys.browsing import AXE, aside, come_in, look_over, press
from tests.suggestions.draft_builders import PASSED, TEXT, opinion_in
from tests.suggestions.test_draft_text import word_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = [("zh-hans", False), ("en", True)]
TITLE = "电梯使用安全若干规定"


def _browser(new_context, live_server, user, **options):
    context = new_context(**options)
    come_in(context, live_server, user)
    return context.new_page()


def _desk(page, live_server, draft):
    page.goto(live_server.url + reverse("suggestions:desk_draft", args=[draft.pk]))


def _registered(page, live_server) -> DraftLaw:
    """From the desk; the text comes as a Word file, is looked at, and kept."""
    today = timezone.localdate()
    page.goto(live_server.url + reverse("suggestions:draft_desk"))
    page.get_by_role("link", name="登记法规草案").click()
    page.get_by_label("草案名称").fill(TITLE)
    page.get_by_label("谁来征求意见").fill("市人大常委会法工委")
    page.get_by_label("上报截止").fill((today + dt.timedelta(days=30)).isoformat())
    press(page, "登记")
    page.get_by_role("link", name="导入草案文本").click()
    page.get_by_label("Word 文件（.docx）").set_input_files(
        {
            "name": "草案.docx",
            "mimeType": draft_batches.papers.DOCX,
            "buffer": word_file(*TEXT.splitlines()).read(),
        }
    )
    press(page, "先看读得对不对")
    expect(page.get_by_text("读到 3 条，还没有导入")).to_be_visible()
    press(page, "导入")
    expect(page.get_by_text("文本已导入")).to_be_visible()
    page.get_by_role("link", name="写大白话 第三条").click()
    page.get_by_label("大白话").fill("半小时内要有人来。")
    page.get_by_label("难懂的词").fill("到场＝人到电梯前")
    press(page, "保存")
    press(page, "开始征求意见")
    expect(page.get_by_text("已告诉居民")).to_be_visible()
    return DraftLaw.objects.get(title=TITLE)


def _spoken_on(page, live_server):
    """From the public page to the receipt."""
    page.goto(live_server.url + reverse("suggestions:draft_list"))
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("半小时内要有人来。")).to_be_visible()
    page.get_by_role("link", name="对第三条提意见").click()
    page.get_by_label("改一改").check()
    page.get_by_label("您的意见").fill("改成二十分钟，<b>老人</b>等不起。")
    press(page, "提交意见")
    expect(page.get_by_text("收到了。有人审核以后公开")).to_be_visible()
    page.get_by_role("link", name="我提的立法意见").click()
    expect(page.get_by_text("已收到，等审核")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_letter_to_the_answer(
    scripts, new_context, live_server, people, places, households
):
    chen = _browser(new_context, live_server, people["chen"])
    wang = _browser(new_context, live_server, people["wang"], java_script_enabled=scripts)
    draft = _registered(chen, live_server)
    _spoken_on(wang, live_server)

    lin = _browser(new_context, live_server, people["lin"])
    _desk(lin, live_server, draft)
    lin.get_by_role("link", name="审核 意见 1").click()
    lin.get_by_label("列入", exact=True).check()
    press(lin, "审核完")
    wang.goto(live_server.url + reverse("suggestions:draft", args=[draft.pk]))
    expect(wang.get_by_text("改成二十分钟，<b>老人</b>等不起。")).to_be_visible()

    _desk(chen, live_server, draft)
    press(chen, "意见收完")
    chen.get_by_role("link", name="报送 1 条").click()
    press(chen, "报送")
    expect(chen.get_by_text("已报送，编号 立法意见")).to_be_visible()
    aside(draft_batches.print_batches)
    chen.reload()
    with chen.expect_download() as handed_over:
        chen.get_by_role("link", name="下载 Word 文件").click()
    assert handed_over.value.suggested_filename == f"{OpinionBatch.objects.get().number}.docx"

    _desk(chen, live_server, draft)
    chen.get_by_role("link", name="导入草案文本").click()
    chen.get_by_label("这一稿叫什么").fill("通过的文本")
    chen.get_by_label("这是通过的文本").check()
    chen.get_by_label("或者把全文贴在这里").fill(PASSED)
    press(chen, "先看读得对不对")
    press(chen, "导入")
    chen.get_by_role("link", name="登记结果 意见 1").click()
    chen.get_by_label("采纳", exact=True).check()
    chen.get_by_label("写在通过文本的哪一条").select_option(label="第三条")
    press(chen, "登记结果")
    chen.get_by_role("link", name="登记草案结果").click()
    chen.get_by_label("已通过").check()
    press(chen, "登记结果")

    deliver_pending()
    told = Notice.objects.filter(reader=people["wang"]).order_by("entry_id").values_list("text", flat=True)  # fmt: skip
    assert [text for text in told if "采纳" in text] == [
        f"您对《{TITLE}》第三条的意见：采纳。详情请登录门户看。"
    ]
    wang.goto(live_server.url + reverse("suggestions:my_opinions"))
    wang.get_by_text("通过的文本：第三条").click()
    expect(wang.get_by_text("故障后二十分钟内到场。")).to_be_visible()
    assert ArticleOpinion.objects.get().state == "adopted"


@pytest.mark.parametrize(("language", "elder"), WAYS)
def test_every_state_is_for_everybody(
    language, elder, new_context, live_server, people, places, households
):
    states = ["merged", "left_out", "partly"]
    opinions = {state: opinion_in(people, places, state, f"{state} 草案") for state in states}
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = {}

    def look(what, address):
        page.goto(live_server.url + address)
        found = look_over(page, elder=elder)
        if found:
            faults[what] = found

    come_in(context, live_server, people["wang"], elder=elder, language=language)
    look("mine", reverse("suggestions:my_opinions"))
    for state, one in opinions.items():
        look(state, reverse("suggestions:draft", args=[one.draft_id]))
    come_in(context, live_server, people["chen"], elder=elder, language=language)
    for state, one in opinions.items():
        look(f"desk {state}", reverse("suggestions:desk_draft", args=[one.draft_id]))
    importing = reverse("suggestions:import_draft", args=[opinions["merged"].draft_id])
    page.goto(live_server.url + importing)  # open: refused only when it is kept
    page.locator("textarea[name=text]").fill("第一条　甲。\n第三条　乙。\n第三条　丙。")
    page.locator("button[name=look]").click()
    found = look_over(page, elder=elder)
    assert (faults, found) == ({}, [])
