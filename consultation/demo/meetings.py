"""The demonstration's year of meetings at the pilot building (演示会议), told by acts.

Saturday halls once in four weeks, ten round tables on the market, a hearing about the lift with
people drawn by lot, a review; to come: next Saturday's hall, a full tea table, a hearing online with
questions. A meeting of the past is planned and told of as if to come, then its time is written back.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from caoyang_portal.community import actions as community
from caoyang_portal.community.models import Booking, Neighbourhood, User, Venue
from consultation.actions import agenda, invitations, meetings, registrations, series
from consultation.actions import meeting_questions as questions
from consultation.meeting_forms import form_of
from consultation.models import Meeting, Topic
from consultation.queries.invitees import HOUSEHOLDS, group
from households.demo import pilot
from households.demo.story import person

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
BACK = 57 * 7 * DAY  # whole weeks, so that a Saturday stays one; more than a year and any notice
MARKET = (
    "听摊主说", "听买菜的人说", "到江桥菜场看一看", "看三张图", "过渡期到哪里买菜", "活禽和水产",
    "垃圾和气味", "摊位怎么排", "营业时间和装卸", "定下十条",
)  # fmt: skip
Points = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Here:
    """The pilot's neighbourhood, who prepares, who takes notes, and its council room."""

    place: Neighbourhood
    chen: User
    lin: User
    hall: Venue


def tell_meetings(place: Neighbourhood) -> dict[str, list[Meeting]]:
    """Those that were held, by what they were; whoever tells of attendance and minutes goes on."""
    chen = person("committee")
    here = Here(place, chen, person("colleague"), _rooms(place, chen))
    return {
        "halls": _halls(here),
        "tables": _round_tables(here),
        "hearing": [_hearing(here)],
        "review": [_review(here)],
        "to_come": [_tea_table(here), _online(here)],
    }


def _rooms(place: Neighbourhood, chen: User) -> Venue:
    kind = Venue.Function
    rooms = [
        ("红色议事厅", kind.COUNCIL_ROOM, 40, True),
        ("居委会会议室", kind.MEETING_ROOM, 12, True),
        ("初心驿站（门卫室）", kind.SERVICE_PLACE, 6, False),
    ]
    made = [
        community.add_venue(
            place, name=name, function=function, seats=seats, has_step_free_way=step_free,
            opening_hours="9:00–17:00", by=chen,
        )
        for name, function, seats, step_free in rooms
    ]  # fmt: skip
    return made[0]


def _at(days: int, hour: int, minute: int = 0) -> dt.datetime:
    """So many days from today at this time."""
    today = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today + days * DAY


def _next_saturday(hour: int, minute: int) -> dt.datetime:
    return _at((5 - timezone.localdate().weekday()) % 7 or 7, hour, minute)


def _given(here: Here, form: str, **more: Any) -> dict[str, Any]:
    of = form_of(form)
    given = {
        "form": form, "convenor": of.convenor_on_paper, "host": here.chen,
        "recorders": [here.lin], "notice_days": of.notice_days,
    }  # fmt: skip
    return given | more


def _held(here: Here, meeting: Meeting) -> Meeting:
    """Told of, its time written back, opened and closed."""
    chen = here.chen
    meetings.announce_meeting(meeting, by=chen)
    told = meeting.starts_at - BACK - (meeting.notice_days + 2) * DAY
    back = {"starts_at": F("starts_at") - BACK, "ends_at": F("ends_at") - BACK}
    Meeting.objects.filter(pk=meeting.pk).update(
        **back, drafted_at=told - 3 * DAY, announced_at=told, told_at=told
    )
    Booking.objects.filter(meeting=meeting).update(**back)
    meetings.open_meeting(meeting, by=chen)
    meetings.close_meeting(meeting, by=chen)
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=F("starts_at"), closed_at=F("ends_at"))
    return Meeting.objects.get(pk=meeting.pk)


def _halls(here: Here) -> list[Meeting]:
    """Twelve of the last year; of the next three the first is told of and open."""
    points = [("上次的事办得怎么样", 20), ("居民说事", 50), ("当场答复，定下由谁办", 20)]
    given = _given(here, "saturday_hall", venue=here.hall, title="周六议事厅", capacity=30)
    given |= {
        "name": "周六议事厅", "rhythm": "每四周一次，星期六上午", "every_weeks": 4,
        "skip_holidays": False, "agenda": points, "purpose": "谁家有事，来坐下说。",
        "by": here.chen,
    }  # fmt: skip
    first = _next_saturday(9, 30)
    past = first - 48 * 7 * DAY + BACK
    plan = series.plan_series(
        here.place, times=12, starts_at=past, ends_at=past + 1.5 * HOUR, **given
    )
    held = [_held(here, meeting) for meeting in plan.meetings]
    given["notice_days"] = 0 if first < timezone.now() + 4 * DAY else given["notice_days"]
    plan = series.plan_series(
        here.place, times=3, starts_at=first, ends_at=first + 1.5 * HOUR, **given
    )
    soon = meetings.announce_meeting(plan.meetings[0], by=here.chen)
    for name in pilot.NAMES[3:9]:
        registrations.register_by_phone(soon, name=name, by=here.chen)
    return held


def _round_tables(here: Here) -> list[Meeting]:
    """Ten on the market, a week and a half apart, each about one thing."""
    topic = Topic.objects.filter(neighbourhood=here.place, title__contains="菜场").first()
    start = _at(-150, 14) + BACK
    given = _given(here, "round_table", title="菜场升级圆桌会", venue=here.hall)
    plan = series.plan_series(
        here.place, name="菜场升级十次圆桌会", rhythm="每两周一次，一次谈一件事", times=10, every_weeks=2,
        skip_holidays=False, starts_at=start, ends_at=start + 2 * HOUR,
        purpose="菜场要升级，摊主、居民和设计师坐在一起，一次谈清一件事。", by=here.chen,
        **given,
    )  # fmt: skip
    for meeting, about in zip(plan.meetings, MARKET, strict=True):
        _points(
            here, meeting, [(about, 60), ("还有什么没谈到", 30), ("下一次谈什么", 10)], topic=topic
        )
    return [_held(here, meeting) for meeting in plan.meetings]


def _points(here: Here, meeting: Meeting, points: Points, topic: Topic | None = None) -> None:
    for title, minutes in points:
        agenda.add_agenda_item(meeting, title=title, minutes=minutes, topic=topic, by=here.chen)
        topic = None  # the first point is about it


def _drafted(here: Here, form: str, points: Points, **fields: Any) -> Meeting:
    meeting = meetings.draft_meeting(here.place, **_given(here, form, **fields), by=here.chen)
    _points(here, meeting, points)
    return meeting


def _hearing(here: Here) -> Meeting:
    """Before the vote on the lift: right holders drawn by lot beside those who know about it."""
    start = _at(-30, 18, 30) + BACK
    points = [
        ("设计师介绍方案", 20),
        ("低层住户的意见", 30),
        ("高层住户的意见", 30),
        ("费用怎么分摊", 30),
    ]
    meeting = _drafted(
        here, "hearing", points, title="加装电梯听证会", venue=here.hall, starts_at=start,
        ends_at=start + 2 * HOUR, observers=10, capacity=20,
        purpose="要不要装电梯、装在哪里、谁出钱，表决以前先听大家说。",
    )  # fmt: skip
    chen, everybody = here.chen, group(HOUSEHOLDS, here.place)
    invitations.draw_invitees(
        meeting, role="resident", group=everybody, wanted=6, spread="whole", by=chen
    )
    invitations.invite(meeting, role="expert", names=["电梯公司 沈工", "设计师 周岚"], by=chen)
    return _held(here, meeting)


def _review(here: Here) -> Meeting:
    start = _at(-16, 14, 30) + BACK
    points = [("居委会说怎么修的、花了多少", 15), ("居民一条一条评", 45), ("打分", 10)]
    meeting = _drafted(
        here, "review", points, title="门厅整修评议会", venue=here.hall, starts_at=start,
        ends_at=start + 1.5 * HOUR, purpose="门厅修好了，修得好不好，住在这里的人说了算。",
    )  # fmt: skip
    return _held(here, meeting)


def _tea_table(here: Here) -> Meeting:
    """Full, with two on the waiting list."""
    room = Venue.objects.get(neighbourhood=here.place, name__startswith="初心驿站")
    start, chen = _at(4, 15), here.chen
    meeting = _drafted(
        here, "tea_table", [("楼道里的鞋柜", 40), ("晾衣架", 20)], title="民主茶桌：楼道里的东西",
        venue=room, starts_at=start, ends_at=start + HOUR, capacity=6,
        purpose="楼道里能放什么，几家人先坐下来说开。",
    )  # fmt: skip
    meetings.announce_meeting(meeting, by=chen)
    for name in pilot.NAMES[2:10]:
        registrations.register_by_phone(meeting, name=name, by=chen)
    return meeting


def _online(here: Here) -> Meeting:
    """People ask before it begins: two are in the queue, one waits, one was not let through."""
    start, chen = _at(9, 19, 30), here.chen
    meeting = _drafted(
        here, "hearing", [("施工期间怎么进出", 30), ("噪音和灰尘", 30), ("答问", 30)],
        title="加装电梯云听证：施工安排", mode=Meeting.Mode.ONLINE, starts_at=start,
        live_url="https://live.example/caoyang-two", ends_at=start + 1.5 * HOUR,
        purpose="白天上班来不了的，晚上在网上听、在网上问。",
    )  # fmt: skip
    meetings.announce_meeting(meeting, by=chen)
    first = meeting.agenda.first()
    questions.enter_question(
        meeting, text="施工三个月，轮椅怎么出门？", name="朱阿婆", item=first, by=chen
    )
    asker = User.objects.filter(name=pilot.NAMES[1]).first()
    if asker is not None:
        asked = questions.ask_question(meeting, text="夜里会不会施工？几点停？", by=asker)
        questions.approve_question(asked, by=chen)
        questions.ask_question(
            meeting, text="灰尘大的那几天，窗台谁来擦？", is_unnamed=True, by=asker
        )
        advert = questions.ask_question(meeting, text="我家亲戚做门窗，要的联系我", by=asker)
        questions.reject_question(advert, reason="广告，与会议无关", by=chen)
    return meeting
