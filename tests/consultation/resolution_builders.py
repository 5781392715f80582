"""Resolutions as they stand after acts that a test is not about."""

import datetime as dt

from django.utils import timezone

from consultation.actions import resolutions
from consultation.models import Attendance, Meeting, Resolution
from tests.households.builders import attachment

DAY = dt.timedelta(days=1)


def entered(people, places, text="菜场铺防滑砖", *, who="deng", in_days=10, **fields):
    return resolutions.enter_resolution(
        places.here,
        text=text,
        due_on=timezone.localdate() + in_days * DAY,
        responsible_user=people[who] if who else None,
        by=people["chen"],
        **fields,
    )


def held_review(people, places, *, form="review", state="held", present=("wang", "zhao")):
    """A review meeting at which ``present`` sat."""
    now = timezone.now()
    meeting = Meeting.objects.create(
        neighbourhood=places.here, form=form, title="评议会", convenor="居委会",
        host=people["chen"], place="门厅", starts_at=now - 2 * DAY, ends_at=now - DAY,
        state="announced", announced_at=now - 9 * DAY, drafted_by=people["chen"],
    )  # fmt: skip
    moments = {"opened_at": now - 2 * DAY, "closed_at": now - DAY} if state == "held" else {}
    Meeting.objects.filter(pk=meeting.pk).update(state="under_way", opened_at=now - 2 * DAY)
    for who in present:
        Attendance.objects.create(
            neighbourhood=places.here, meeting=meeting, user=people[who], name=people[who].name,
            role="participant",
        )  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(state=state, **moments)
    meeting.refresh_from_db()
    return meeting


def claimed(people, places, text="菜场铺防滑砖", **fields):
    one = entered(people, places, text, **fields)
    resolutions.add_evidence(
        one, files=[attachment(places.here, media_type="image/png")], when="after", caption="铺好了",
        by=people["chen"],
    )  # fmt: skip
    return resolutions.claim_done(one, text="铺完了。", by=people["chen"])


def in_state(people, places, state, text="菜场铺防滑砖"):
    chen = people["chen"]
    later = timezone.localdate() + 30 * DAY
    if state == "open":
        return entered(people, places, text)
    if state == "dropped":
        return resolutions.drop_resolution(
            entered(people, places, text), reason="菜场要拆", by=chen
        )
    one = claimed(people, places, text)
    if state != "claimed":
        yes, no = (5, 1) if state == "evaluated" else (1, 5)
        resolutions.evaluate_resolution(
            one, meeting=held_review(people, places), hall_satisfied=yes, hall_dissatisfied=no,
            text="大家看过了。", due_on=later, by=chen,
        )  # fmt: skip
    return Resolution.objects.get(pk=one.pk)
