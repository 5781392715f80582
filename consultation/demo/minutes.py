"""Minutes of the demonstration (演示纪要): of the market's last round tables, one in each state."""

import datetime as dt
import io
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageDraw

from caoyang_portal.community.codes import DEMO_CODE
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.demo import ACCOUNTS
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment
from consultation.actions import minutes as writing
from consultation.actions import minutes_corrections as corrections
from consultation.actions import minutes_papers, minutes_signing
from consultation.minutes_text import tasks_from
from consultation.models import AgendaItem, Attendance, Meeting, Minutes, Presence
from consultation.queries.minutes import current
from households.demo.story import person

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CAME = ("resident", "leader", "designer")
POINTS = [
    (
        "摊位怎么排",
        "设计师把三种排法画在地上，大家走了一遍。\n居民甲：第二种最宽，轮椅能掉头。",
        "王桂芳：同意第二种，买菜不用绕。\n孙阿姨：老人多，摊位要低一点。",
        "居民乙：第二种少了两个摊位，租金会不会涨？",
        "按第二种排法，通道两米；少掉的两个摊位改作早餐点。",
        "周岚 ｜ 把排法画成图，贴在菜场门口 ｜ 两周内\n陈静 ｜ 和菜场谈租金，书面答复 ｜ 下次会前",
    ),
    (
        "几点卸货",
        "居民丙：早上四点卸货，楼上睡不着。\n菜场：五点半以前不卸，鱼摊的水箱要早半小时。",
        "孙阿姨：五点半可以，冬天再晚半小时。",
        "",
        "五点半以前不卸货，冬天六点；试行一个月，下次会上评。",
        "林红 ｜ 把时间写成告示，中英文 ｜ 本周五",
    ),
]


def tell_minutes(place: Neighbourhood) -> None:
    """Of the latest meetings held: a draft, one open for corrections, one being signed, two sealed."""
    meetings = list(_held(place)[:5])
    if len(meetings) < 5:
        _hold(place, 5 - len(meetings))
        meetings = list(_held(place)[:5])
    draft, to_correct, to_sign, on_paper, by_code = meetings
    _written(draft)
    _corrected(_sent(to_correct))
    _over(_sent(to_sign))
    sealed = _sent(by_code, photos=True)
    _signed_by_code(_over(sealed))
    minutes_papers.work_on_minutes()
    minutes_papers.add_addendum(
        sealed, text="早餐点的两个位置，会后经摊主同意改在西门。",
        reason="会后补充，当天没有定位置", by=person("committee"),
    )  # fmt: skip
    _signed_on_paper(_over(_sent(on_paper)))  # these the worker seals, while one looks


def _held(place: Neighbourhood) -> QuerySet[Meeting]:
    held = Meeting.objects.filter(neighbourhood=place, state=Meeting.State.HELD)
    with_people = Presence.objects.values("meeting")
    return held.filter(record_of_it=None, pk__in=with_people).order_by("-starts_at")


def _hold(place: Neighbourhood, count: int) -> None:
    """Round tables that nobody else has told of."""
    chen, lin, now = person("committee"), person("colleague"), timezone.now()
    for n in range(count):
        begins = (now - (7 * n + 2) * DAY).replace(hour=6, minute=0, second=0, microsecond=0)
        meeting = Meeting.objects.create(
            neighbourhood=place, form="round_table", title=f"菜场升级第{'十九八七六'[n]}次圆桌会",
            purpose="菜场要翻新。摊位、通道、卸货时间，请天天来买菜的人一起定。",
            convenor=f"{place.name}居委会", host=chen, drafted_by=chen, place="菜场二楼议事厅",
            starts_at=begins, ends_at=begins + 2 * HOUR, announced_at=begins - 7 * DAY,
            state=Meeting.State.UNDER_WAY, opened_at=begins,
        )  # fmt: skip
        meeting.recorders.add(lin)
        AgendaItem.objects.bulk_create(
            AgendaItem(neighbourhood=place, meeting=meeting, number=number, title=point[0])
            for number, point in enumerate(POINTS, 1)
        )
        for user in _people(CAME):
            _come(meeting, user, begins)
        meeting.state, meeting.closed_at = Meeting.State.HELD, begins + 2 * HOUR
        meeting.save(update_fields=["state", "closed_at"])


def _come(meeting: Meeting, user: User, at: dt.datetime) -> None:
    place = meeting.neighbourhood
    came = Attendance.objects.create(
        neighbourhood=place, meeting=meeting, user=user, name=user.name
    )
    Presence.objects.create(
        neighbourhood=place, meeting=meeting, attendance=came, channel="desk", arrived_at=at
    )


def _written(meeting: Meeting, *, photos: bool = False) -> Minutes:
    minutes = writing.draft_minutes(meeting, by=person("colleague"))
    version = current(minutes)
    sections = [
        section
        | {
            "discussion": section["discussion"] or discussion,
            "views_for": section["views_for"] or views_for,
            "views_against": section["views_against"] or views_against,
            "decision": section["decision"] or decision,
            "tasks": section["tasks"] or tasks_from(tasks),
        }
        for section, (_title, discussion, views_for, views_against, decision, tasks) in zip(
            version.body["sections"], POINTS * len(version.body["sections"]), strict=False
        )
    ]
    writing.edit_minutes(
        minutes, changes={"sections": sections}, edition=1, by=person("colleague")
    )
    for caption, when, colour in (
        ("菜场东门，翻新前", "before", "dimgray"), ("菜场东门，样板摊位", "after", "seagreen"),
    ) if photos else ():  # fmt: skip
        writing.add_minutes_photo(
            minutes, photo=_picture(minutes, colour), caption=caption, when=when, is_public=True,
            by=person("colleague"),
        )  # fmt: skip
    return minutes


def _sent(meeting: Meeting, *, photos: bool = False) -> Minutes:
    minutes = _written(meeting, photos=photos)
    there = set(Attendance.objects.filter(meeting=meeting).values_list("user", flat=True))
    return writing.send_minutes(
        minutes,
        recorder=person("colleague"),
        representatives=[one for one in _people(("resident", "leader")) if one.pk in there],
        correction_days=5,
        by=person("committee"),
    )


def _people(keys: Sequence[str]) -> list[User]:
    """Those of the demonstration who have an account by now."""
    phones = {account.phone for account in ACCOUNTS if account.key in keys}
    return [user for phone in sorted(phones) if (user := User.objects.by_phone(phone))]


def _corrected(minutes: Minutes) -> None:
    """One correction waits, one was explained, both readable on the page of who was there."""
    chen = person("committee")
    corrections.enter_correction(
        minutes, name="孙阿姨", section="", text="我说的是摊位要低十公分，不是“低一点”。", by=chen
    )
    asked = corrections.enter_correction(
        minutes, name="陆志强", section="", text="我没有说同意。", by=chen
    )
    answer = "录音里您说的是“先试一个月看看”，纪要写的是试行一个月，没有写您同意。"
    corrections.answer_correction(asked, answer=answer, by=person("colleague"))


def _over(minutes: Minutes) -> Minutes:
    """The days for corrections have passed; it is being signed."""
    yesterday = timezone.localdate() - DAY
    Minutes.objects.filter(pk=minutes.pk).update(
        sent_at=timezone.now() - 9 * DAY, corrections_until=yesterday
    )
    return minutes_signing.start_signing(minutes, by=person("committee"))


def _signed_on_paper(minutes: Minutes) -> None:
    """Everybody signed on a sheet; of the committee each enters the other's."""
    version = current(minutes)
    for signatory in minutes.signatories.all():
        keyer = "colleague" if signatory.user == person("committee") else "committee"
        minutes_signing.enter_minutes_signature(
            signatory, scan=_picture(minutes, "white"), signed_on=timezone.localdate(),
            fingerprint=version.fingerprint, by=person(keyer),
        )  # fmt: skip


def _signed_by_code(minutes: Minutes) -> None:
    text = current(minutes).text_sha256
    for signatory in minutes.signatories.select_related("user"):
        user = signatory.user
        assert user is not None
        minutes_signing.ask_minutes_code(signatory, session_key="demo", ip="", by=user)
        minutes_signing.sign_minutes(
            signatory, code=DEMO_CODE, text_sha256=text, session_key="demo", by=user
        )


def _picture(minutes: Minutes, colour: str) -> Attachment:
    """A drawn scene: sky, a building, its door."""
    image = Image.new("RGB", (960, 720), "lightblue" if colour != "white" else "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((120, 260, 840, 660), fill=colour)
    pen.rectangle((400, 430, 560, 660), fill="saddlebrown" if colour != "white" else "white")
    pen.line((120, 660, 840, 660), fill="black", width=6)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return keep(
        out.getvalue(), "照片.jpg", "image/jpeg", neighbourhood_id=minutes.neighbourhood_id,
        by=person("colleague"),
    )  # fmt: skip
