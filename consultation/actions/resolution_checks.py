"""What the register's acts refuse, in words (决议的规矩)."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from consultation.models import Meeting, Resolution

MOST_AHEAD = timedelta(days=3 * 366)
IN_SESSION = (Meeting.State.UNDER_WAY, Meeting.State.HELD)


def refuse_unsaid(text: str) -> None:
    if not text.strip():
        raise Refused(_("请写明情况"))


def refuse_due(day: date) -> None:
    today = timezone.localdate()
    if not today <= day <= today + MOST_AHEAD:
        raise Refused(_("办好的日期要在今天以后、三年以内"))


def refuse_due_later(resolution: Resolution, day: date) -> None:
    refuse_due(day)
    if day <= resolution.due_on:
        raise Refused(_("改期要改到原来的日期以后"))


def refuse_misfits(resolution: Resolution) -> None:
    """What a resolution names must be of its place, and what it was taken from not taken before."""
    refuse_unsaid(resolution.text)
    refuse_due(resolution.due_on)
    body = resolution.responsible_body
    if not (resolution.responsible_user_id or body or resolution.responsible_name):
        raise Refused(_("请写明谁来办"))
    if body and body.sub_district_id != resolution.neighbourhood.sub_district_id:
        raise Refused(_("这个单位不在本街道"))
    for thing in (resolution.meeting, resolution.topic, resolution.poll):
        if thing and thing.neighbourhood_id != resolution.neighbourhood_id:
            raise Refused(_("会议、议题和表决要是本居民区的"))
    for name in ("decision", "follow_up"):
        source = getattr(resolution, name)
        if source and Resolution.objects.filter(**{name: source}).exists():
            raise Refused(_("这件事已经列入决议"))


def refuse_review(resolution: Resolution, meeting: Meeting) -> None:
    """Only a review meeting finds, of what is said to be done."""
    if resolution.state != Resolution.State.CLAIMED:
        raise Refused(_("报已办好以后才能评议"))
    if meeting.neighbourhood_id != resolution.neighbourhood_id:
        raise Refused(_("会议、议题和表决要是本居民区的"))
    if meeting.form not in ("review", "building_review"):
        raise Refused(_("要在评议会上评议"))
    if meeting.state not in IN_SESSION:
        raise Refused(_("评议会还没有开"))
