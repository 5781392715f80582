"""Minutes of the demonstration (演示纪要): of the market's last round tables, one in each state."""

import datetime as dt
import io
from collections.abc import Sequence

from django.utils import timezone
from PIL import Image, ImageDraw

from caoyang_portal.community.codes import DEMO_CODE
from caoyang_portal.community.models import User
from caoyang_portal.demo import ACCOUNTS
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment
from consultation.actions import attendance as door
from consultation.actions import minutes as writing
from consultation.actions import minutes_corrections as corrections
from consultation.actions import minutes_papers, minutes_signing
from consultation.minutes_text import tasks_from
from consultation.models import Attendance, Meeting, Minutes
from consultation.queries.door import oneself
from consultation.queries.minutes import current
from households.demo.story import person

DAY = dt.timedelta(days=1)
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


def tell_minutes(tables: Sequence[Meeting]) -> None:
    """Of the last five: a draft, one open for corrections, one being signed, two sealed."""
    draft, to_correct, to_sign, on_paper, by_code = sorted(
        tables, key=lambda meeting: meeting.starts_at, reverse=True
    )[:5]
    for meeting in (draft, to_correct, to_sign, on_paper, by_code):
        for user in _people(CAME):
            _came(meeting, user)
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


def _came(meeting: Meeting, user: User) -> None:
    """Those who have an account, from the paper sheet."""
    door.enter_from_sheet(
        meeting, oneself(meeting, user), arrived_at=meeting.starts_at, left_at=None,
        by=person("committee"),
    )  # fmt: skip


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
