"""Meetings that were held, and minutes of them in each state that a test is not about."""

import datetime as dt
import io
import itertools

from django.utils import timezone
from PIL import Image, ImageDraw

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.uploads.intake import keep
from consultation.actions import minutes as writing
from consultation.actions import minutes_papers, minutes_signing
from consultation.models import AgendaItem, Attendance, Meeting, Minutes, Presence
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
