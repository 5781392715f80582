"""Who came to the demonstration's meetings and what was noted there (演示到会和现场记录).

Sheets and notes of meetings that were held; and one that is on now, on the roll of the lift's poll: just
enough are there, one of them by mandate, one question is decided by hands and another waits, two
recorders have written on the same line.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.uploads import intake
from consultation.actions import agenda, hands, meetings, notes, record
from consultation.actions import attendance as door
from consultation.actions.attendance import Mandate
from consultation.actions.record import Noted, Speaker
from consultation.demo.scans import marked_ballot
from consultation.models import Attendance, Contribution, Meeting, Poll, ShowOfHands
from consultation.queries.door import Person, find
from households.demo import pilot
from households.demo.story import person
from households.models import Member

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
FOR, AGAINST = Contribution.Stance.FOR, Contribution.Stance.AGAINST
ASKS, NEITHER = Contribution.Stance.QUESTION, Contribution.Stance.NEUTRAL
Said = Sequence[tuple[int, Contribution.Stance, str, bool]]
HEARING: Said = [
    (2, AGAINST, "我家住一楼，电梯挡光，夏天还有机房的声音。", False),
    (5, FOR, "我住四楼，膝盖不好，一天只敢下一次楼。", False),
    (7, ASKS, "停一天电，电梯里的人怎么办？", True),
    (9, AGAINST, "一楼不出钱，可是房子会不会跌价？", True),
]
AT_THE_END = {  # of the last round tables, of the hall, of the review
    "垃圾和气味": ("垃圾房改到西北角，一天清三次。", "菜场管理方", "下个月底"),
    "摊位怎么排": ("按第二种排法，通道两米。", "菜场管理方、摊主代表", "两周内出图"),
    "营业时间和装卸": ("五点半以前不卸货，冬天六点；先试一个月。", "摊主代表", "下次会前"),
    "上次的事办得怎么样": ("三号门的灯由物业修，修好在群里说一声。", "物业", "一周内"),
    "居委会说怎么修的、花了多少": ("门厅扶手再加一段，其余大家认可。", "居委会", "一个月内"),
}
TABLE: Said = [
    (3, FOR, "摊位排成两排，轮椅能掉头。", False),
    (6, NEITHER, "早市人多，先试一个月再定。", False),
]


def tell_attendance(
    place: Neighbourhood, held: Mapping[str, Sequence[Meeting]], roll: Poll
) -> None:
    """For the meetings that ``tell_meetings`` gave; and the one that is going on."""
    for number, meeting in enumerate([*held["tables"], *held["halls"][-3:], *held["review"]]):
        _came(meeting, pilot.NAMES[2 + number % 3 : 7 + number % 3])
        _note(meeting, TABLE)
    for meeting in (*held["tables"], held["halls"][-1], *held["review"]):
        first = meeting.agenda.first()
        if first and (decided := AT_THE_END.get(first.title)):
            _decide(meeting, *decided)
    for meeting in held["hearing"]:
        _came(meeting, pilot.NAMES[2:12])
        _note(meeting, HEARING)
        _decide(meeting, "请设计师把机房移到屋面北侧，重新出图。", "设计师 周岚", "两周内")
        _decide(meeting, "装不装，用书面表决来定，人数和面积各算一次。", "居委会", "下个月")
    _going_on(place, roll)


def _came(meeting: Meeting, names: Iterable[str]) -> None:
    """From the paper sheet: most to the end, the last one only for a while."""
    names = list(names)
    members = {
        member.name: member
        for member in Member.objects.filter(
            neighbourhood=meeting.neighbourhood, name__in=names, role=Member.Role.HOLDER
        ).select_related("household")
    }
    for number, name in enumerate(names):
        member = members.get(name)
        who = Person(
            name, Attendance.Role.PARTICIPANT, member=member,
            household=member.household if member else None,
        )  # fmt: skip
        arrived = meeting.starts_at + number * MINUTE
        leaves = meeting.starts_at + 40 * MINUTE if name == names[-1] else None
        door.enter_from_sheet(
            meeting, who, arrived_at=arrived, left_at=leaves, by=person("committee")
        )


def _note(meeting: Meeting, said: Said) -> None:
    rows = {row.name: row for row in meeting.attendances.all()}
    points = list(meeting.agenda.all())
    for number, (who, stance, text, is_unnamed) in enumerate(said):
        record.add_contribution(
            meeting, speaker=Speaker(rows.get(pilot.NAMES[who]), is_unnamed or not rows.get(pilot.NAMES[who])),
            stance=stance, text=text, item=points[number % len(points)], by=person("colleague"),
        )  # fmt: skip


def _decide(meeting: Meeting, text: str, responsible: str, due: str) -> None:
    noted = Noted(text, responsible, due, meeting.agenda.last())
    record.note_decision(meeting, noted=noted, by=person("colleague"))


def _going_on(place: Neighbourhood, roll: Poll) -> Meeting:
    """Began half an hour ago; who came is on the roll of the vote it talks over."""
    chen, now = person("committee"), timezone.now().replace(second=0, microsecond=0)
    meeting = meetings.draft_meeting(
        place, form="coordination", title="电梯施工协调会", purpose="施工怎么进出、几点开工，住在这里的人一起定。",
        convenor=f"{place.name}居委会", host=chen, recorders=[person("colleague")], place="红色议事厅",
        starts_at=now + DAY, ends_at=now + DAY + 120 * MINUTE, notice_days=0, mode=Meeting.Mode.HYBRID,
        live_url="https://meeting.example/lift", quorum=Meeting.Quorum.HEADS, roll=roll, by=chen,
    )  # fmt: skip
    for title in ("几点开工，几点收工", "材料堆在哪里", "老人进出怎么办"):
        agenda.add_agenda_item(meeting, title=title, minutes=30, by=chen)
    meetings.announce_meeting(meeting, by=chen)
    start = now - 30 * MINUTE
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=start, ends_at=start + 120 * MINUTE, announced_at=start - 2 * DAY
    )
    meeting = meetings.open_meeting(meeting, by=chen)
    _fill(meeting, roll)
    _raise_hands(meeting)
    _write(meeting)
    return meeting


def _fill(meeting: Meeting, roll: Poll) -> None:
    """One fewer than needed came; the eleventh head is there by mandate."""
    chen = person("committee")
    for name in pilot.NAMES[2:12]:
        found = next(one for one in find(meeting, name) if one.name == name)
        presence = door.admit(meeting, found, by=chen)
    paper = intake.keep(
        marked_ballot("会议委托书", "委托办什么：本次会议全部事项", "WT-1", "同意"), "委托书.png", "image/png",
        neighbourhood_id=meeting.neighbourhood_id, by=chen, conceal=True,
    )  # fmt: skip
    absent = roll.roll.get(name=pilot.NAMES[12])
    mandate = Mandate(paper, "本次会议全部事项", timezone.localdate())
    door.record_meeting_mandate(presence.attendance, entry=absent, mandate=mandate, by=chen)


def _raise_hands(meeting: Meeting) -> None:
    chen, lin = person("committee"), person("colleague")
    first = meeting.agenda.first()
    show = hands.open_show_of_hands(
        meeting,
        question="早上八点开工，晚上六点收工",
        counting=ShowOfHands.Counting.TELLERS,
        item=first,
        by=chen,
    )
    for teller in pilot.NAMES[3:5]:
        hands.enter_teller_count(show, teller=teller, yes=8, no=2, abstain=1, by=lin)
    show = hands.close_show_of_hands(show, by=chen)
    hands.note_dissent(show, dissent="沈根发：上夜班的人早上要睡觉，九点开工好。", by=lin)
    noted = Noted(
        "早上八点开工，晚上六点收工，双休日不施工。", "施工队、居委会", "开工前贴出", first, show
    )
    record.note_decision(meeting, noted=noted, by=lin)


def _write(meeting: Meeting) -> None:
    """Two recorders on one sheet: once put together, once waiting for a person."""
    chen, lin = person("committee"), person("colleague")
    points = list(meeting.agenda.all())
    base = notes.save_note(
        meeting, item=points[0], text="施工队：十二周，先打桩。", base=0, by=lin
    ).yours
    notes.save_note(
        meeting,
        item=points[0],
        text="施工队：十二周，先打桩。\n四楼：周末能不能停？",
        base=base,
        by=chen,
    )
    notes.save_note(
        meeting,
        item=points[0],
        text="施工队：十二周，先打桩。\n一楼：灰尘大，要围起来。",
        base=base,
        by=lin,
    )
    base = notes.save_note(meeting, item=points[1], text="堆在北门", base=0, by=lin).yours
    notes.save_note(
        meeting, item=points[1], text="堆在北门花坛边，留一米五的路", base=base, by=chen
    )
    notes.save_note(meeting, item=points[1], text="堆在北门外面，不占花坛", base=base, by=lin)
    _note(meeting, [(4, FOR, "早点开工早点完。", False), (8, AGAINST, "孩子要睡午觉。", True)])
