"""Pages about meetings: what they say to whom, and that they cost the same however much there is."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader

from caoyang_portal.community.models import Booking
from caoyang_portal.ledger.models import Entry
from consultation.actions import agenda, invitations, meeting_questions, meetings, registrations
from consultation.models import Meeting, MeetingQuestion, Registration
from consultation.queries.invitees import HOUSEHOLDS, group
from tests.consultation.meeting_builders import (
    DAY,
    HOUR,
    announced_meeting,
    drafted,
    meeting_again,
    opened_meeting,
    residents,
    venue,
)


def at(name, *args):
    return reverse(f"consultation:{name}", args=args)


def said(response):
    return response.content.decode()


def post(client, name, /, *args, **data):
    return client.post(at(name, *args), data, follow=True)


@pytest.fixture
def chen(client, people):
    client.force_login(people["chen"])
    return client


def as_of(client, user):
    client.force_login(user)
    return client


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return SimpleUploadedFile("plan.png", out.getvalue(), "image/png")


def test_a_hearing_is_prepared_by_its_forms(chen, people, places, households):
    page = said(chen.get(at("choose_meeting_form")))
    assert ("默认" in page, "15 日以前通知全体业主" in page) == (True, True)
    hall = venue(people, places, seats=40)
    starts = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + 9 * DAY
    given = {
        "neighbourhood": places.here.pk, "title": "装电梯听证会", "convenor": "居委会",
        "starts_at": starts.strftime("%Y-%m-%dT%H:%M"), "lasts": 120, "mode": "in_person",
        "venue": hall.pk, "host": people["chen"].pk, "recorders": [people["lin"].pk],
        "is_public": "on", "capacity": 30, "observers": 5, "notice_days": 7, "quorum": "none",
        "takes_questions": "on",
    }  # fmt: skip
    refused = chen.post(at("draft_meeting", "hearing"), given | {"lasts": 1})
    assert (refused.status_code, Meeting.objects.count()) == (422, 0)
    post(chen, "draft_meeting", "hearing", **given)
    meeting = Meeting.objects.get()
    assert (meeting.place, meeting.ends_at - meeting.starts_at, meeting.booking.venue) == (
        "议事厅", 2 * HOUR, hall,
    )  # fmt: skip
    page = said(chen.get(at("desk_meeting", meeting.pk)))
    assert ("还没有议程。" in page, at("announce_meeting", meeting.pk) in page) == (True, False)
    assert "听证会" in said(chen.get(at("draft_meeting", "hearing")))
    post(chen, "add_agenda_item", meeting.pk, title="设计师介绍", minutes=20, presenter="周岚")
    post(chen, "add_agenda_item", meeting.pk, title="居民意见", minutes=60)
    first, second = meeting.agenda.all()
    post(chen, "move_agenda_item", second.pk, way="up")
    post(chen, "edit_agenda_item", first.pk, title="设计师介绍方案", minutes=25)
    post(chen, "attach_paper", first.pk, paper=picture())
    page = said(chen.get(at("add_agenda_item", meeting.pk)))
    assert page.index("居民意见") < page.index("设计师介绍方案")
    assert ("14:00–15:00" in page, "15:00–15:25" in page, "plan.png" in page) == (True,) * 3
    post(chen, "edit_meeting", meeting.pk, **given | {"title": "加装电梯听证会"})
    assert at("announce_meeting", meeting.pk) in said(chen.get(at("desk_meeting", meeting.pk)))
    post(chen, "announce_meeting", meeting.pk)
    meeting = meeting_again(meeting)
    assert (meeting.state, meeting.title) == ("announced", "加装电梯听证会")
    clash = chen.post(at("draft_meeting", "hearing"), given)
    assert (clash.status_code, "已有“装电梯听证会”，是陈静订的" in said(clash)) == (422, True)
    change = given | {"starts_at": (starts - 4 * DAY).strftime("%Y-%m-%dT%H:%M")}
    refused = chen.post(at("change_meeting", meeting.pk), change)
    assert (refused.status_code, "请写明原因" in said(refused)) == (422, True)
    post(chen, "change_meeting", meeting.pk, **change, reason="台风")
    assert "台风" in said(chen.get(at("meeting", meeting.pk)))
    post(chen, "cancel_meeting", meeting.pk, reason="并到下个月")
    assert "并到下个月" in said(chen.get(at("meeting", meeting.pk)))
    assert not Booking.objects.filter(cancelled_at=None).exists()


def test_a_series_is_planned_by_one_form(chen, people, places, households, announced):
    hall = venue(people, places)
    starts = dt.datetime(2027, 3, 6, 9, 30, tzinfo=timezone.get_default_timezone())
    given = {
        "neighbourhood": places.here.pk, "title": "周六议事厅", "name": "周六议事厅",
        "every_weeks": 1, "times": 4, "skip_holidays": "on", "agenda": "居民说事 60\n\n答复",
        "convenor": "居委会", "starts_at": starts.strftime("%Y-%m-%dT%H:%M"), "lasts": 90,
        "mode": "in_person", "venue": hall.pk, "host": people["chen"].pk, "is_public": "on",
        "notice_days": 3, "quorum": "none",
    }  # fmt: skip
    page = said(post(chen, "plan_series", "saturday_hall", **given))
    assert ("已建 4 次会议的草稿。" in page, Meeting.objects.count()) == (True, 4)
    points = list(Meeting.objects.last().agenda.values_list("title", "minutes"))
    assert points == [("居民说事", 60), ("答复", 10)]
    series = Meeting.objects.first().series
    assert at("end_series", series.pk) in page
    post(chen, "end_series", series.pk)
    refused = chen.post(at("plan_series", "saturday_hall"), given)
    assert (refused.status_code, "已经结束" in said(refused)) == (422, True)


def test_people_are_invited_drawn_and_answer(chen, people, places, households, client):
    residents(places, 4)
    meeting = drafted(people, places, form="hearing", notice_days=7)
    bad = chen.post(
        at("invite", meeting.pk), {"role": "affected", "group": "doors", "doors": "没有的门牌"}
    )
    assert (bad.status_code, "档案里没有这样的门牌：没有的门牌" in said(bad)) == (422, True)
    post(chen, "invite", meeting.pk, role="affected", group="doors", doors="曹杨一村9号")
    names = client.post(
        f"{at('invite', meeting.pk)}?who=names", {"role": "expert", "names": "王工、李工"}
    )
    assert (names.status_code, meeting.invitations.count()) == (302, 3)
    post(chen, "draw_invitees", meeting.pk, role="resident", group="households", wanted=2, spread="equal", building=places.building.pk)  # fmt: skip
    draw = meeting.draws.get()
    assert (len(draw.frame), draw.group) == (6, "3号楼户代表")
    meetings.announce_meeting(meeting, by=people["chen"])
    page = said(chen.get(at("desk_invitees", meeting.pk)))
    assert (draw.seed in page, "王工" in page) == (True, True)
    expert = meeting.invitations.get(name="王工")
    post(chen, "enter_answer", expert.pk, answer="yes")
    on_paper = said(chen.get(at("desk_invitees", meeting.pk) + "?paper=1"))
    assert ("李工" in on_paper, "赵大勇" in on_paper) == (True, False)
    zhao = as_of(client, people["zhao"])
    page = said(zhao.get(at("meeting", meeting.pk)))
    assert ("请您来开会" in page, draw.seed in page, "利害关系人" in page) == (True,) * 3
    page = said(post(zhao, "answer_invitation", meeting.pk, answer="yes"))
    assert "您回复了：来。" in page
    assert "来" in said(zhao.get(at("my_meetings")))


def test_signing_up_by_page_by_phone_and_on_the_sheet(chen, people, places, households, client):
    meeting = announced_meeting(people, places, capacity=1, observers=1)
    registrations.register(meeting, by=people["wang"])
    bad = chen.post(
        at("register_by_phone", meeting.pk), {"name": "孙丽", "phone": "123", "home": "x"}
    )
    assert (bad.status_code, "11 位数字" in said(bad), "没有找到这一户" in said(bad)) == (
        422,
        True,
        True,
    )
    given = {"name": "孙丽", "phone": "138 0000 0103", "home": "3号楼102", "is_observer": "no"}
    page = said(post(chen, "register_by_phone", meeting.pk, **given, needs="轮椅"))
    row = Registration.objects.get(name="孙丽")
    assert ("已满，排在候补里" in page, row.household, row.phone) == (
        True, households.sun, "+8613800000103",
    )  # fmt: skip
    assert ("138****0103" in page, "13800000103" in page) == (True, False)
    assert "13800000103" in said(post(chen, "see_registration_phone", row.pk))
    own = meeting.registrations.get(user=people["wang"])
    post(chen, "take_off", own.pk)
    page = said(chen.get(at("desk_registrations", meeting.pk)))
    assert "请打电话告诉" in page
    post(chen, "note_rung_up", row.pk)
    assert "请打电话告诉" not in said(chen.get(at("desk_registrations", meeting.pk)))
    sheet = said(chen.get(at("attendance_sheet", meeting.pk)))
    assert ("孙丽" in sheet, "轮椅" in sheet, "王桂芳" in sheet) == (True, True, False)
    for reason, name in (("", "孙*"), ("签到", "孙丽")):
        book = openpyxl.load_workbook(
            io.BytesIO(
                chen.post(at("export_registrations", meeting.pk), {"reason": reason}).content
            )
        )
        assert [row[0] for row in book.active.iter_rows(min_row=3, values_only=True)] == [name]
    taken = Entry.objects.filter(act="consultation.export_registrations").order_by("seq")
    assert [entry.facts["whole_names"] for entry in taken] == [False, True]
    zhao = as_of(client, people["zhao"])
    assert "我要候补" in said(zhao.get(at("meeting", meeting.pk)))
    page = said(post(zhao, "register", meeting.pk, is_observer="yes"))
    assert ("报名成功" in page, "您报的是旁听" in page) == (True, True)
    assert "报名已取消" in said(post(zhao, "cancel_registration", meeting.pk))


def test_what_a_passer_by_sees_and_takes_along(client, people, places, households):
    meeting = announced_meeting(people, places, items=("居民说事", "答复"))
    drafted(people, places, title="还没公布")
    own = announced_meeting(people, places, title="闭门会")
    Meeting.objects.filter(pk=own.pk).update(is_public=False)
    page = said(client.get(at("meeting_list")))
    assert (meeting.title in page, "还没公布" in page, "闭门会" in page) == (True, False, False)
    assert client.get(at("meeting", own.pk)).status_code == 404
    feed = client.get(at("calendar_feed", places.here.code))
    assert [e["summary"] for e in Calendar.from_ical(feed.content).walk("VEVENT")] == [
        meeting.title
    ]
    assert client.get(at("meeting_calendar", meeting.pk)).content.count(b"BEGIN:VEVENT") == 1
    notice = client.get(at("meeting_notice", meeting.pk)).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(notice)).pages)
    assert ("居民说事" in text, "021-5555 0101" in text, "先行楼门厅" in text) == (True,) * 3
    month = f"{timezone.localtime(meeting.starts_at):%Y-%m}"
    assert meeting.title in said(client.get(at("meeting_list") + f"?month={month}"))
    assert meeting.title not in said(client.get(at("meeting_list") + "?form=hearing"))
    assert client.get(at("meeting_list") + "?series=x").status_code == 404
    assert client.get(at("meeting_list") + "?month=2026-13").status_code == 200
    assert (
        client.get(at("register", meeting.pk)).headers["Location"].startswith("/accounts/login/")
    )


def test_the_notice_is_printed_once_until_something_changes(client, people, places, households, monkeypatch):  # fmt: skip
    from consultation.documents import meeting_papers

    meeting, printed = announced_meeting(people, places), []
    monkeypatch.setattr(
        meeting_papers, "meeting_notice", lambda m: printed.append(m.title) or b"%PDF-"
    )
    for _n in range(2):
        client.get(at("meeting_notice", meeting.pk))
    agenda.add_agenda_item(meeting, title="再加一项", minutes=5, by=people["chen"])
    client.get(at("meeting_notice", meeting.pk))
    assert len(printed) == 2


def test_the_queue_is_moderated_and_the_screen_names_nobody(chen, people, places, households, client):  # fmt: skip
    meeting = opened_meeting(people, places)
    wang = as_of(client, people["wang"])
    post(wang, "ask_question", meeting.pk, text="我是王桂芳，电梯多少钱？")
    question = MeetingQuestion.objects.get()
    assert "待审核" in said(wang.get(at("meeting_questions", meeting.pk)))
    assert wang.post(at("ask_question", meeting.pk), {"text": ""}).status_code == 422
    lou = as_of(client, people["chen"])
    assert "我是王桂芳" in said(lou.get(at("desk_questions", meeting.pk)))
    post(lou, "approve_question", question.pk, shown_text="电梯多少钱？")
    post(lou, "enter_question", meeting.pk, text="几点结束？", name="")
    other = MeetingQuestion.objects.get(text="几点结束？")
    post(lou, "move_question", other.pk, way="up")
    post(lou, "put_on_air", question.pk)
    client.logout()
    screen = said(client.get(at("on_air", meeting.pk)))
    assert ("电梯多少钱？" in screen, "王" in screen, "还有 1 个问题在排队" in screen) == (
        True, False, True,
    )  # fmt: skip
    part = said(client.get(at("on_air", meeting.pk), headers={"HX-Request": "true"}))
    assert (part.lstrip().startswith("<div"), "every 3s" in part) == (True, True)
    public = said(client.get(at("meeting_questions", meeting.pk)))
    assert ("王*芳" in public, "王桂芳" in public) == (True, False)
    as_of(client, people["zhao"])
    assert "您也想问" in said(post(client, "second_question", question.pk))
    as_of(client, people["chen"])
    post(client, "take_off_air", question.pk)
    post(client, "answer_question", question.pk, answer="四十万，街道补一半。")
    post(client, "reject_question", other.pk, reason="会上说过了")
    as_of(client, people["wang"])
    assert "四十万" in said(client.get(at("meeting", meeting.pk)))


def test_rooms_by_the_week(chen, people, places, households):
    given = {"neighbourhood": places.here.pk, "name": "议事厅", "function": "council_room"}
    post(chen, "add_venue", **given, seats=40)
    hall = places.here.venue_set.get()
    post(chen, "edit_venue", hall.pk, **given, seats=50)
    starts = timezone.localtime() + 8 * DAY
    post(chen, "book_venue", hall.pk, starts_at=starts.strftime("%Y-%m-%dT%H:%M"), lasts=60, purpose="体检")  # fmt: skip
    meeting = drafted(people, places, venue=hall, starts_at=starts + 2 * HOUR)
    page = said(chen.get(at("venue_desk") + f"?week={starts:%Y-%m-%d}"))
    assert ("体检" in page, at("desk_meeting", meeting.pk) in page, "50 座" in page) == (True,) * 3
    held = Booking.objects.get(purpose="体检")
    post(chen, "cancel_booking", held.pk)
    assert chen.post(at("cancel_booking", meeting.booking.pk)).status_code == 404
    post(chen, "close_venue", hall.pk)
    assert "还没有场所" in said(chen.get(at("venue_desk") + "?week=x"))
    chen.force_login(people["wang"])
    assert chen.get(at("venue_desk")).status_code == 404


def fill(people, places, number):
    """So many of everything a page lists."""
    meeting = announced_meeting(people, places)
    crowd = residents(places, number)
    for user in crowd:
        registrations.register(meeting, by=user)
        question = meeting_questions.ask_question(meeting, text="问", by=user)
        meeting_questions.approve_question(question, by=people["chen"])
        agenda.add_agenda_item(meeting, title="一项", minutes=5, by=people["chen"])
        hall = venue(people, places, name=f"厅{user.name}")
        announced_meeting(people, places, venue=hall)
    invitations.invite(
        meeting, role="resident", group=group(HOUSEHOLDS, places.here), by=people["chen"]
    )
    Meeting.objects.filter(pk=meeting.pk).update(state="under_way", opened_at=timezone.now())
    return meeting


PAGES = {
    "meeting_list": "wang", "my_meetings": "wang", "meeting": "wang", "meeting_questions": "wang",
    "meeting_desk": "chen", "desk_meeting": "chen", "add_agenda_item": "chen",
    "desk_invitees": "chen", "desk_registrations": "chen", "attendance_sheet": "chen",
    "desk_questions": "chen", "venue_desk": "chen", "calendar_feed": "wang",
}  # fmt: skip


def test_pages_cost_the_same_with_one_and_three(client, people, places, households, django_assert_max_num_queries):  # fmt: skip
    """The queries of each page, measured with one row and with three more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for number in (1, 3):
        meeting = fill(people, places, number)
        counted = {}
        for name, who in PAGES.items():
            client.force_login(people[who])
            args = {"calendar_feed": [places.here.code]}.get(name, [meeting.pk])
            url = at(name, *([] if name in ("meeting_list", "my_meetings", "meeting_desk", "venue_desk") else args))  # fmt: skip
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url).status_code == 200
            counted[name] = len(queries)
        costs.append(counted)
    assert costs[0] == costs[1]
    assert max(costs[1].values()) <= 32
