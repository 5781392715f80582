"""Meetings that were held, and minutes of them in each state that a test is not about."""

import datetime as dt
import io
import itertools
import uuid

from django.utils import timezone
from PIL import Image, ImageDraw

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.uploads.intake import keep
from consultation.actions import minutes as writing
from consultation.actions import minutes_papers, minutes_signing
from consultation.minutes_text import masked, section, tasks_from
from consultation.models import (
    AgendaItem,
    Attendance,
    Meeting,
    Minutes,
    MinutesVersion,
    Presence,
)
from consultation.queries import minutes as queries
from consultation.queries.minutes import current
from tests.consultation.builders import the_code

_serial = itertools.count(1)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def held(people, place, *, here=("wang", "zhao"), title="菜场升级圆桌会", is_public=True):
    """A meeting of yesterday: 陈静 hosted, 林红 kept the record, two residents came."""
    chen, lin = (people[who] for who in ("chen", "lin"))
    now = timezone.now()
    meeting = Meeting.objects.create(
        neighbourhood=place, form="round_table", title=title, purpose="听听大家的意见",
        convenor=f"{place.name}居委会", host=chen, place="议事厅", starts_at=now - DAY,
        ends_at=now - DAY + HOUR, state=Meeting.State.UNDER_WAY, announced_at=now - 8 * DAY,
        opened_at=now - DAY, is_public=is_public, drafted_by=chen,
    )  # fmt: skip
    meeting.recorders.add(lin)
    for number, item in enumerate(("摊位怎么排", "什么时候开工"), 1):
        AgendaItem.objects.create(neighbourhood=place, meeting=meeting, number=number, title=item)
    for who in here:
        came = Attendance.objects.create(
            neighbourhood=place, meeting=meeting, user=people[who], name=people[who].name
        )
        Presence.objects.create(
            neighbourhood=place, meeting=meeting, attendance=came, channel="desk",
            arrived_at=now - DAY,
        )  # fmt: skip
    meeting.state, meeting.closed_at = Meeting.State.HELD, now - DAY + HOUR
    meeting.save(update_fields=["state", "closed_at"])
    return meeting


def changes(minutes, **texts):
    """The body of the draft with its first point written."""
    body = current(minutes).body
    first = body["sections"][0] | {
        "discussion": "王桂芳：希望摊位靠北。住3号101室，电话13800000101。",
        "views_against": "赵大勇：怕吵。",
        "decision": "摊位靠北，留出两米通道。",
        "tasks": [{"who": "林红", "what": "画出摊位图", "until": "2026-12-01"}],
    }
    return body | {"sections": [first | texts, *body["sections"][1:]]}


def drafted(people, place, **meeting):
    minutes = writing.draft_minutes(held(people, place, **meeting), by=people["chen"])
    writing.edit_minutes(minutes, changes=changes(minutes), edition=1, by=people["lin"])
    return again(minutes)


def sent(people, place, *, representatives=("wang",), on_paper=(), days=5, **meeting):
    minutes = drafted(people, place, **meeting)
    writing.send_minutes(
        minutes, recorder=people["lin"],
        representatives=[people[who] for who in representatives], on_paper=on_paper,
        correction_days=days, by=people["chen"],
    )  # fmt: skip
    return again(minutes)


def over(minutes):
    """The days for corrections have passed."""
    Minutes.objects.filter(pk=minutes.pk).update(corrections_until=timezone.localdate() - DAY)
    return again(minutes)


def signing(people, place, **fields):
    minutes = over(sent(people, place, **fields))
    minutes_signing.start_signing(minutes, by=people["chen"])
    return again(minutes)


def sign(minutes, user):
    """By the code on one's phone."""
    signatory = minutes.signatories.get(user=user)
    OneTimeCode.objects.filter(user=user).delete()  # a minute has passed
    minutes_signing.ask_minutes_code(signatory, session_key="s", ip="192.0.2.1", by=user)
    return minutes_signing.sign_minutes(
        signatory, code=the_code(user), text_sha256=current(minutes).text_sha256,
        session_key="s", by=user,
    )  # fmt: skip


def signed(people, place, **fields):
    minutes = signing(people, place, **fields)
    for signatory in minutes.signatories.all():
        sign(minutes, signatory.user)
    return again(minutes)


def sealed(people, place, **fields):
    minutes = signed(people, place, **fields)
    minutes_papers.work_on_minutes()
    return again(minutes)


def again(minutes):
    return Minutes.objects.select_related("meeting__host", "neighbourhood").get(pk=minutes.pk)


def photo(place, by, colour="teal", name="photo.jpg"):
    picture = Image.new("RGB", (800, 600), colour)
    ImageDraw.Draw(picture).rectangle((80, 300, 720, 560), fill="sienna")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return keep(out.getvalue(), name, "image/jpeg", neighbourhood_id=place.pk, by=by)


NAMES = ["王桂芳", "李建国", "张秀英", "欧阳娜娜", "陈志强", "周美玲"]
TALK = "希望摊位往北挪一米，留出轮椅能过的通道，晚上九点以后不卸货。"


def six_pages(place, clerk) -> tuple[Minutes, MinutesVersion]:
    """Minutes of a long round table, not saved: 216 people, six photos, four points."""
    starts = dt.datetime(2026, 10, 17, 6, 0, tzinfo=dt.UTC)
    meeting = Meeting(
        neighbourhood=place, form="round_table", title="菜场升级第七次圆桌会", host=clerk,
        purpose="摊位、通道和卸货时间，把十次圆桌会的意见收拢。", convenor="曹杨一村居委会",
        place="居委会二楼议事厅", starts_at=starts, ends_at=starts + dt.timedelta(hours=2),
        id=uuid.UUID("01a20000-0000-7000-8000-00000000c0de"),
    )  # fmt: skip
    minutes = Minutes(
        neighbourhood=place, meeting=meeting, state="sealed", sent_at=starts,
        corrections_until=dt.date(2026, 10, 23),
    )  # fmt: skip
    body = {
        "meeting": queries.facts_of(meeting),
        "people": {
            "host": "陈静", "recorders": ["林红"], "absent": ["周美玲"], "count": 216,
            "summary": "居民代表 180 人，摊主 24 人，部门 12 人。", "quorum": "人数 180，全体 300；达到",
            "present": [
                {"name": NAMES[n % 5], "role": ("居民代表", "摊主", "部门")[n % 3]}
                for n in range(216)
            ],
        },
        "sections": [
            section(
                f"a{n}", title, discussion="\n".join([f"王桂芳：{TALK * 2}"] * 6),
                views_for="\n".join([f"李建国：{TALK}"] * 3), views_against=f"张秀英：{TALK}",
                decision="摊位靠北，通道两米；卸货到晚上九点。", dissent="张秀英 保留意见。",
                tasks=tasks_from("林红 ｜ 画出摊位图并公示 ｜ 2026-11-01\n陈志强 ｜ 联系菜场 ｜ 2026-11-05"),
            )
            for n, title in enumerate(("摊位怎么排", "通道多宽", "几点卸货", "怎么监督"), 1)
        ],
        "closing": "下次圆桌会十月二十四日下午两点。",
        "photos": [],
        "hidden": [],
        "unnamed": [],
    }  # fmt: skip
    for n, (colour, when) in enumerate(
        [("teal", "before"), ("olive", "after"), ("navy", "before"), ("maroon", "after"),
         ("gray", ""), ("purple", "")], 1
    ):  # fmt: skip
        kept = photo(place, clerk, colour)
        body["photos"].append(
            {"id": str(kept.pk), "sha256": kept.sha256, "caption": f"菜场东门 {n}", "when": when,
             "public": n % 2 == 1}
        )  # fmt: skip
    version = MinutesVersion(minutes=minutes, body=body, public_body=masked(body, NAMES))
    version.text_sha256 = "3f9a21c7" + "0" * 56
    version.public_sha256 = "71daff26" + "0" * 56
    return minutes, version
