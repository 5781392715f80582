"""A hearing from a resident's topic to its evaluation, in the browsers of those who take part in it."""

import io
import re
import unicodedata
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from caoyang_portal.community.models import OneTimeCode
from consultation.actions import minutes_papers
from consultation.models import Meeting, Minutes, Resolution, Topic
from tests.consultation.builders import the_code
from tests.consultation.meeting_builders import DAY, HOUR, venue
from tests.consultation.minutes_builders import over
from tests.consultation.resolution_builders import held_review
from tests.consultation.topic_builders import payer_of, proposed
from tests.journeys.browsing import AXE, aside, come_in, look_over, open_door, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "菜场地面改造听证会"


def picture() -> dict:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "olive").save(out, "PNG")
    return {"name": "tiles.png", "mimeType": "image/png", "buffer": out.getvalue()}


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def scripts(request):
    """Whether 王桂芳's phone runs JavaScript; with it she reads in large type."""
    return request.param


@pytest.fixture
def screens(scripts, new_context, live_server, people):
    """王桂芳's phone, 陈静's and 林红's desks; ``at`` goes to a page of the app, ``look`` looks the phone over."""
    found = SimpleNamespace(server=live_server.url, faults={})

    def opened(who, elder=False, **options):
        context = new_context(**options)
        context.add_init_script(path=AXE)
        come_in(context, live_server, people[who], elder=elder)
        page = context.new_page()
        if who != "wang":
            page.set_viewport_size({"width": 1280, "height": 900})
        return page

    def at(page, name, *args):
        page.goto(live_server.url + reverse(f"consultation:{name}", args=args))

    def look(what):
        trouble = look_over(found.phone, elder=True) if scripts else []
        found.faults |= {what: trouble} if trouble else {}

    found.phone = opened("wang", elder=scripts, java_script_enabled=scripts)
    found.chen, found.lin = opened("chen"), opened("lin")
    found.at, found.look = at, look
    return found


def choose(page, question, answer):
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def test_from_a_residents_topic_to_its_evaluation(screens, people, places, households):
    topic = proposed(people, places)
    payer_of(places)
    venue(people, places, "红色议事厅")
    up_to_the_hearing(screens, topic)
    meeting = prepared(screens)
    signs_up(screens, meeting)
    begun(screens, meeting)
    comes_in_and_asks(screens, meeting)
    noted_and_voted(screens, meeting)
    sent_and_corrected(screens, meeting)
    signed_and_sealed(screens, meeting, people)
    decided_and_assigned(screens, topic)
    one = carried_out(screens)
    evaluated(screens, one, topic, held_review(people, places, state="under_way"))
    assert screens.faults == {}
    assert Topic.objects.get().state == "evaluated"


def up_to_the_hearing(screens, topic):
    """陈静 screens, 林红 approves: nobody does both."""
    chen, lin = screens.chen, screens.lin
    screens.at(chen, "topic_desk")
    chen.get_by_role("link", name="菜场的地太滑").first.click()
    chen.get_by_role("link", name="审单").click()
    for question, answer in (("重复", "不是"), ("商量得了", "是"), ("一家一户", "不是")):
        choose(chen, re.compile(question), answer)
    press(chen, "通过审单")
    expect(chen.get_by_text("批单要另一位同事来登记")).to_be_visible()
    screens.at(lin, "desk_topic", topic.pk)
    lin.get_by_role("link", name="批单").click()
    lin.get_by_label("哪个党组织批准的").fill("曹杨一村居民区党总支")
    lin.get_by_label("怎样商量").select_option(label="听证会")
    press(lin, "登记党组织批准")
    chen.reload()
    chen.get_by_role("link", name="开始议事").click()
    press(chen, "开始议事")
    expect(chen.get_by_text("开始议事了")).to_be_visible()


def prepared(screens) -> Meeting:
    """Draft, venue, agenda with a paper, invitations, announced."""
    chen = screens.chen
    screens.at(chen, "choose_meeting_form")
    chen.get_by_role("link", name="开一次 听证会").click()
    chen.get_by_label("会议名称").fill(TITLE)
    chen.get_by_label("场所").select_option(label="红色议事厅")
    chen.get_by_role("group", name=re.compile("记录人")).get_by_label("林红").check()
    press(chen, "建立草稿")
    chen.get_by_role("link", name="议程和材料").click()
    chen.get_by_label("议程", exact=True).fill("地面怎么铺")
    chen.get_by_label(re.compile("关联的议题")).select_option(label=str(Topic.objects.get()))
    press(chen, "加上")
    chen.get_by_role("link", name="附材料 地面怎么铺").click()
    chen.get_by_label("材料").set_input_files(picture())
    press(chen, "附上")
    expect(chen.get_by_text("已附上")).to_be_visible()
    chen.get_by_role("link", name="返回").click()
    chen.get_by_role("link", name=re.compile("^邀请")).click()
    chen.get_by_role("link", name="邀请一组人").click()
    chen.get_by_label(re.compile("哪一幢")).select_option(label="9号楼")
    chen.get_by_label("每户一位代表").check()
    press(chen, "邀请")
    chen.get_by_role("link", name="写姓名或单位").click()
    chen.get_by_label("街道市政科").check()
    press(chen, "邀请")
    expect(chen.get_by_role("row", name=re.compile("街道市政科"))).to_be_visible()
    chen.get_by_role("link", name="返回").click()
    press(chen, "发通知")
    expect(chen.get_by_role("heading", name="通知已发出")).to_be_visible()
    meeting = Meeting.objects.get()
    assert sorted(meeting.invitations.values_list("name", flat=True)) == ["街道市政科", "赵大勇"]
    assert meeting.booking.purpose == TITLE
    return meeting


def signs_up(screens, meeting):
    """From her home page; what she can print is a notice and nothing to press."""
    phone = screens.phone
    phone.goto(screens.server + reverse("households:home"))
    open_door(phone, "会议")
    phone.get_by_role("link", name=TITLE).click()
    screens.look("meeting")
    phone.get_by_role("link", name="我要报名").click()
    press(phone, "报名")
    expect(phone.get_by_role("heading", name="您已报名")).to_be_visible()
    printed = on_paper(screens, "meeting", meeting)
    assert TITLE in printed
    assert "红色议事厅" in printed
    assert "放进手机日历" not in printed


def on_paper(screens, name, meeting) -> str:
    """The page as it comes out of the printer."""
    page = screens.chen
    screens.at(page, name, meeting.pk)
    page.emulate_media(media="print")
    for control in page.locator("main button, main .btn").all():
        expect(control).to_be_hidden()
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    page.emulate_media(media="screen")
    text = "".join(sheet.extract_text() for sheet in pages)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))  # its letters are radicals


def begun(screens, meeting):
    """Ten days later."""
    now = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(
        announced_at=now - 10 * DAY, starts_at=now, ends_at=now + 2 * HOUR
    )
    screens.at(screens.chen, "desk_meeting", meeting.pk)
    press(screens.chen, "开会")
    expect(screens.chen.get_by_text("会议开始了")).to_be_visible()


def comes_in_and_asks(screens, meeting):
    """She scans the code on the hall's screen, asks, and sees her question on air."""
    phone, chen = screens.phone, screens.chen
    screens.at(screens.lin, "hall_screen", meeting.pk)
    shown = Image.open(io.BytesIO(screens.lin.screenshot()))
    phone.goto(screens.server + urlsplit(zxingcpp.read_barcode(shown).text).path)
    screens.look("check in")
    press(phone, "我到了，签到")
    expect(phone.get_by_role("heading", name="您已到会")).to_be_visible()
    screens.at(phone, "ask_question", meeting.pk)
    phone.get_by_label("您想问什么").fill("铺的时候怎么买菜？")
    press(phone, "提交问题")
    expect(phone.get_by_text("待审核")).to_be_visible()
    screens.at(chen, "desk_questions", meeting.pk)
    chen.get_by_role("link", name=re.compile("^通过")).click()
    press(chen, "通过")
    chen.get_by_role("button", name=re.compile("^上大屏")).click()
    expect(chen.get_by_role("button", name=re.compile("^放回队列"))).to_be_visible()
    screens.at(screens.lin, "on_air", meeting.pk)
    expect(screens.lin.locator(".air-question")).to_have_text("铺的时候怎么买菜？")
    chen.get_by_role("link", name=re.compile("^记录回答")).click()
    chen.get_by_label("回答").fill("分两半铺，一半照常。")
    press(chen, "已回答")
    phone.reload()
    expect(phone.locator("#queue")).to_contain_text("分两半铺，一半照常。")
    screens.look("questions")


def noted_and_voted(screens, meeting):
    """赵大勇 comes to the door; 林红 notes what is said, hands are counted, a decision follows."""
    chen, lin = screens.chen, screens.lin
    screens.at(chen, "desk_attendance", meeting.pk)
    press(chen, "到了 赵大勇")
    expect(chen.get_by_role("link", name="赵大勇")).to_be_visible()
    screens.at(chen, "open_show_of_hands", meeting.pk)
    chen.get_by_label("表决什么").fill("铺防滑砖？")
    chen.get_by_label(re.compile("哪一项议程")).select_option(label="1. 地面怎么铺")
    chen.get_by_label("照到会名单逐个登记").check()
    press(chen, "开始举手")
    for who in ("王桂芳", "赵大勇"):
        choose(chen, re.compile(who), "同意")
    press(chen, "登记")
    press(chen, "结束，宣布结果")
    expect(chen.get_by_text("同意 2，不同意 0，弃权 0")).to_be_visible()
    screens.at(lin, "meeting_notes", meeting.pk)
    lin.locator("summary", has_text="记发言").click()
    lin.get_by_label("谁说的").select_option(label="王桂芳")
    lin.get_by_label("说了什么").fill("先铺北半边")
    lin.locator("#said_item").select_option(label="1. 地面怎么铺")
    press(lin, "记下发言")
    expect(lin.locator("#beside")).to_contain_text("先铺北半边")
    lin.locator("summary", has_text="记决定").click()
    lin.get_by_label("决定了什么").fill("菜场铺防滑砖")
    lin.get_by_label(re.compile("谁来办")).fill("街道市政科")
    lin.locator("#decided_item").select_option(label="1. 地面怎么铺")
    lin.get_by_label(re.compile("依据哪次举手表决")).select_option(index=1)
    press(lin, "记下决定")
    expect(lin.locator("#beside")).to_contain_text("菜场铺防滑砖")
    screens.at(chen, "desk_meeting", meeting.pk)
    press(chen, "散会")
    expect(chen.get_by_text("已散会")).to_be_visible()


def sent_and_corrected(screens, meeting):
    """The draft holds what was noted; 王桂芳 was heard wrongly, and it is put right."""
    chen, phone = screens.chen, screens.phone
    chen.get_by_role("link", name="纪要", exact=True).click()
    press(chen, f"写纪要 {TITLE}")
    expect(chen.get_by_label("讨论")).to_have_value(re.compile("王桂芳：先铺北半边"))
    press(chen, "保存")
    chen.get_by_role("link", name="送给到会的人").click()
    chen.get_by_label("记录人").select_option(label="林红")
    chen.get_by_label("王桂芳").check()
    press(chen, "送出")
    expect(chen.get_by_text("已送出，更正期到")).to_be_visible()
    screens.at(phone, "minutes_list")
    phone.get_by_role("link", name="去看看").click()
    phone.get_by_role("link", name="这一段不对 地面怎么铺").click()
    phone.get_by_label("应该怎么写").fill("我说的是先铺南半边")
    press(phone, "提交更正")
    expect(phone.get_by_text("等答复")).to_be_visible()
    screens.look("correction")
    chen.reload()
    chen.get_by_role("link", name="采纳，去改").click()
    chen.get_by_label("讨论").fill("王桂芳：先铺南半边")
    press(chen, "保存为新的一版")
    expect(chen.get_by_text("已改出第 2 版")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("见第 2 版")).to_be_visible()


def signed_and_sealed(screens, meeting, people):
    """Host, recorder and she sign the same text; what is public names nobody."""
    over(Minutes.objects.get())
    screens.at(screens.chen, "desk_minutes", meeting.pk)
    press(screens.chen, "开始签字")
    for page, who in ((screens.chen, "chen"), (screens.lin, "lin"), (screens.phone, "wang")):
        OneTimeCode.objects.filter(user=people[who]).delete()
        screens.at(page, "sign_minutes", meeting.pk)
        press(page, "发验证码")
        page.get_by_label("短信里的 6 位数字").fill(the_code(people[who]))
        press(page, "签字")
        expect(page.get_by_role("heading", name="您已经签字")).to_be_visible()
    aside(minutes_papers.work_on_minutes)
    screens.at(screens.phone, "minutes_page", meeting.pk)
    expect(screens.phone.get_by_text("王*芳：先铺南半边")).to_be_visible()
    screens.look("minutes")
    printed = on_paper(screens, "minutes_page", meeting)
    assert "菜场铺防滑砖" in printed
    assert "王*芳:先铺南半边" in printed
    assert "赵*勇" in printed  # the list of those present opens by itself
    assert "王桂芳" not in printed
    assert Minutes.objects.get().state == "sealed"


def decided_and_assigned(screens, topic):
    chen = screens.chen
    screens.at(chen, "desk_topic", topic.pk)
    chen.get_by_role("link", name="写下议定的结果").click()
    chen.get_by_label("开会议定").check()
    chen.get_by_label("议定的结果").fill("菜场铺防滑砖，分两半铺。")
    press(chen, "议定")
    chen.get_by_role("link", name="买单").click()
    chen.get_by_label("谁来买单").select_option(label="街道市政科")
    press(chen, "交给这个单位")
    expect(chen.get_by_text("已交办")).to_be_visible()


def carried_out(screens) -> Resolution:
    """From the decision in the minutes to "done", with a photo."""
    chen = screens.chen
    screens.at(chen, "resolution_desk")
    chen.get_by_role("link", name="列入决议 菜场铺防滑砖").click()
    chen.get_by_label(re.compile("最晚哪天办好")).fill(str(timezone.localdate() + 30 * DAY))
    press(chen, "列入决议")
    chen.get_by_role("link", name="写进展").click()
    chen.get_by_label("办到哪一步了").fill("砖到了")
    press(chen, "记下")
    chen.get_by_role("link", name="附凭证").click()
    chen.get_by_label("照片或 PDF").set_input_files(picture())
    chen.get_by_label("办好后").check()
    chen.get_by_label("说明").fill("铺好了")
    chen.get_by_label("可以公开").check()
    press(chen, "上传")
    chen.get_by_role("link", name="报已办好").click()
    chen.get_by_label("怎么办好的").fill("两半都铺完了")
    press(chen, "请大家评议")
    expect(chen.get_by_text("已报，等评议会")).to_be_visible()
    one = Resolution.objects.get()
    assert (one.state, one.topic, one.meeting.title) == ("claimed", Topic.objects.get(), TITLE)
    return one


def evaluated(screens, one, topic, review):
    """She scores on her phone at the review; 林红 enters what it found, and closes the topic with it."""
    phone, lin = screens.phone, screens.lin
    screens.at(phone, "resolution", one.pk)
    screens.look("resolution")
    phone.get_by_role("link", name="我来评议").click()
    phone.get_by_label("满意", exact=True).check()
    press(phone, "提交评议")
    expect(phone.get_by_text("记下了，谢谢您")).to_be_visible()
    screens.at(lin, "evaluate_resolution", one.pk)
    lin.get_by_label("哪次评议会").select_option(str(review.pk))
    lin.get_by_label("会场举手满意几人").fill("1")
    lin.get_by_label("大家怎么说").fill("不滑了")
    press(lin, "登记评议")
    expect(lin.get_by_text("2 人满意，0 人不满意。")).to_be_visible()
    screens.at(lin, "desk_topic", topic.pk)
    lin.get_by_role("link", name="大家评议").click()
    lin.get_by_label("满意几人", exact=True).fill("2")
    lin.get_by_label("不满意几人").fill("0")
    lin.get_by_label("大家怎么说").fill("不滑了")
    press(lin, "登记评议")
    screens.at(phone, "topic", topic.pk)
    expect(phone.get_by_text("2 人满意")).to_be_visible()
    screens.look("topic")
