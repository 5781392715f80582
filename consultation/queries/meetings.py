"""What a meeting still lacks, when it may be held at the earliest, and how its agenda runs (会议)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.calendars.deadlines import special_days
from caoyang_portal.calendars.models import SpecialDay
from caoyang_portal.community.models import User
from consultation.models import AgendaItem, Meeting, MeetingQuestion, Registration, Topic
from households.models import Household

State = Meeting.State
ONE_DAY = timedelta(days=1)
LONGEST_HOLIDAY = 15


def earliest_day(told_on: date, notice_days: int) -> date:
    """The first day on which a meeting told of on ``told_on`` may be held.

    The day of telling is not counted (Civil Code art. 201). A notice that would end in a holiday
    ends after it, for people are away; an ordinary weekend does not stop a Saturday hall.
    """
    day = told_on + timedelta(days=notice_days)
    special = special_days(day, day + timedelta(days=LONGEST_HOLIDAY))
    while notice_days and special.get(day) == SpecialDay.Kind.HOLIDAY:
        day += ONE_DAY
    return day


def late_notice(meeting: Meeting, now: datetime) -> str:
    """Why the meeting may not be held so soon if it is told of now; "" if it may."""
    earliest = earliest_day(timezone.localdate(now), meeting.notice_days)
    if timezone.localdate(meeting.starts_at) >= earliest:
        return ""
    said = {"days": meeting.notice_days, "day": date_format(earliest)}
    return _("要提前 %(days)s 天通知，最早 %(day)s 开会。") % said


def blockers(meeting: Meeting, now: datetime) -> list[str]:
    """What keeps a draft from being announced; empty when nothing does."""
    if meeting.state != State.DRAFT:
        return []
    found = []
    if not meeting.agenda.exists():
        found.append(_("还没有议程。"))
    if not meeting.convenor.strip():
        found.append(_("没有写召集人。"))
    if meeting.mode != Meeting.Mode.ONLINE and not meeting.place.strip():
        found.append(_("没有写地点。"))
    if meeting.venue_id and (meeting.booking is None or meeting.booking.cancelled_at):
        found.append(_("场所还没有订上，请改时间或换场所。"))
    if meeting.mode != Meeting.Mode.IN_PERSON and not meeting.live_url:
        found.append(_("线上参加的会议还没有链接。"))
    if not meeting.is_public and not meeting.invitations.exists():
        found.append(_("不公开报名的会议，要先邀请人。"))
    if meeting.quorum in (Meeting.Quorum.HOUSEHOLDS, Meeting.Quorum.HEADS_AND_AREA) and (
        meeting.roll is None or not meeting.roll.roll_hash
    ):
        found.append(_("法定人数按户或按面积算的，要有冻结的名册。"))
    if meeting.starts_at <= now:
        found.append(_("开会时间已经过了。"))
    elif late := late_notice(meeting, now):
        found.append(late)
    return found


@dataclass(frozen=True)
class TimedItem:
    """A point of the agenda with its time on the clock."""

    item: AgendaItem
    starts_at: datetime
    ends_at: datetime
    papers: Sequence[Any]

    @property
    def topic(self) -> Topic | None:
        """The topic it is about, where everybody may see it."""
        topic = self.item.topic
        shown = topic is not None and topic.screened_at is not None and not topic.is_private
        return topic if shown else None


def timed_agenda(meeting: Meeting) -> list[TimedItem]:
    """The agenda with times, each after the one before."""
    at, found = meeting.starts_at, []
    for item in meeting.agenda.select_related("topic").prefetch_related("papers"):
        until = at + timedelta(minutes=item.minutes)
        found.append(TimedItem(item, at, until, list(item.papers.all())))
        at = until
    return found


def minutes_over(meeting: Meeting, agenda: Sequence[TimedItem]) -> int:
    """How many minutes the agenda is longer than the meeting."""
    if not agenda:
        return 0
    return max(0, int((agenda[-1].ends_at - meeting.ends_at).total_seconds() // 60))


def public_meetings() -> QuerySet[Meeting]:
    return Meeting.objects.public().select_related("neighbourhood", "series", "venue")


def for_everybody(user: User) -> QuerySet[Meeting]:
    """Public ones: of one's own neighbourhoods, or all for a passer-by."""
    found = public_meetings()
    if user.is_authenticated:
        homes = Household.objects.of(user).values("neighbourhood_id")
        places = user.reach("committee", "administrator", "street_official", "auditor")
        own = found.filter(Q(neighbourhood_id__in=homes) | Q(neighbourhood_id__in=places))
        return own if homes.exists() or places else found
    return found


def mine(user: User) -> QuerySet[Meeting]:
    """Announced meetings to which ``user`` is invited or signed up."""
    asked = Q(pk__in=user_rows(user))
    return (
        Meeting.objects.exclude(state=State.DRAFT)
        .filter(asked)
        .select_related("neighbourhood", "series")
    )


def user_rows(user: User) -> Any:
    """Ids of meetings that hold a row of ``user``."""
    live = [Registration.State.COMING, Registration.State.WAITING]
    signed_up = Registration.objects.filter(user=user, state__in=live).values("meeting_id")
    invited = Meeting.objects.filter(invitations__user=user).values("pk")
    return signed_up.union(invited)


def figures(meetings: Iterable[Meeting]) -> dict[Any, dict[str, int]]:
    """How many come, wait, were invited and still wait with a question, for a page of meetings."""
    pks = [meeting.pk for meeting in meetings]
    found: dict[Any, dict[str, int]] = {pk: {} for pk in pks}
    counts = (
        Registration.objects.filter(meeting__in=pks)
        .order_by()
        .values_list("meeting", "state")
        .annotate(n=Count("pk"))
    )
    for pk, state, n in counts:
        found[pk][state] = n
    asked = (
        MeetingQuestion.objects.filter(meeting__in=pks, state=MeetingQuestion.State.WAITING)
        .order_by()
        .values_list("meeting")
        .annotate(n=Count("pk"))
    )
    for pk, n in asked:
        found[pk]["questions"] = n
    return found
