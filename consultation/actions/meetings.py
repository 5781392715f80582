"""A meeting from its draft to its end (会议)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community import actions as community
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.meeting_forms import form_of
from consultation.models import Meeting
from consultation.queries import meetings as checks
from consultation.queries.registrations import seats

from .locking import first_of
from .meeting_locks import locked_meeting, meeting_must_be
from .registrations import move_up

State = Meeting.State
WHERE_AND_WHEN = ("starts_at", "ends_at", "mode", "venue", "place")
EDITABLE = (
    "title", "purpose", "convenor", "host", "building", *WHERE_AND_WHEN, "live_url", "is_public",
    "capacity", "observers", "registration_until", "notice_days", "quorum", "quorum_part",
    "quorum_whole", "quorum_exceeded", "roll", "takes_questions",
)  # fmt: skip
# Once people were told, what the meeting is stays; when, where and how many may change.
CHANGEABLE = (
    *WHERE_AND_WHEN, "host", "live_url", "capacity", "observers", "registration_until",
    "takes_questions",
)  # fmt: skip
EARLIEST_OPENING = timedelta(hours=2)
DAY_BEFORE, HOUR_BEFORE = timedelta(days=1), timedelta(hours=1)


@transaction.atomic
def draft_meeting(
    neighbourhood: Neighbourhood,
    *,
    form: str,
    recorders: Sequence[User] = (),
    by: User,
    **fields: Any,
) -> Meeting:
    """Start a meeting (筹备); its venue is booked at once, nobody is told yet."""
    meeting = Meeting(neighbourhood=neighbourhood, form=form, drafted_by=by, **fields)
    require(by, "consultation.draft_meeting", meeting)
    refuse_misfits(meeting)
    book(meeting, by=by)
    meeting.save(force_insert=True)
    meeting.recorders.set(recorders)
    record("consultation.draft_meeting", meeting, by=by, form=form, starts_at=meeting.starts_at)
    return meeting


@transaction.atomic
def edit_meeting(
    meeting: Meeting, *, changes: dict[str, Any], recorders: Sequence[User] | None = None, by: User
) -> Meeting:
    """Change a draft (修改); the booking follows."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.edit_meeting", meeting)
    meeting_must_be(meeting, State.DRAFT)
    changed = _apply(meeting, changes, EDITABLE)
    refuse_misfits(meeting)
    book(meeting, by=by)
    meeting.save(update_fields=[*EDITABLE, "booking"])
    if recorders is not None:
        meeting.recorders.set(recorders)
    record("consultation.edit_meeting", meeting, by=by, changed=changed)
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting, *, changes: dict[str, Any], reason: str = "", by: User
) -> Meeting:
    """Change what was announced (变更): everybody is told; too soon a new time needs a reason."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.change_meeting", meeting)
    meeting_must_be(meeting, State.ANNOUNCED)
    now, was = timezone.now(), meeting.starts_at
    changed = _apply(meeting, changes, CHANGEABLE)
    if not changed:
        raise Refused(_("没有改动。"))
    refuse_misfits(meeting)
    _refuse_fewer_seats_than_taken(meeting)
    if meeting.starts_at != was:
        _tell_anew(meeting, reason.strip(), now)
    book(meeting, by=by)
    meeting.changes += 1
    meeting.told_at = now
    extra = (
        "booking",
        "changes",
        "told_at",
        "short_notice",
        "reminded_day_at",
        "reminded_hour_at",
    )
    meeting.save(update_fields=[*CHANGEABLE, *extra])
    move_up(meeting)
    record("consultation.change_meeting", meeting, by=by, changed=changed)
    return meeting


def _tell_anew(meeting: Meeting, reason: str, now: datetime) -> None:
    """A new time needs its own days of notice, or a reason that everybody reads."""
    if meeting.starts_at <= now:
        raise Refused(_("开会时间已经过了。"))
    late = checks.late_notice(meeting, now)
    if late and form_of(meeting.form).is_law:
        raise Refused(late)
    if late and not reason:
        raise Refused(late + _("来不及的，请写明原因，会告诉大家。"))
    meeting.short_notice = reason if late else ""
    meeting.reminded_day_at = meeting.reminded_hour_at = None


def _apply(meeting: Meeting, changes: dict[str, Any], allowed: Sequence[str]) -> list[str]:
    changed = [
        name for name in allowed if name in changes and getattr(meeting, name) != changes[name]
    ]
    for name in changed:
        setattr(meeting, name, changes[name])
    return changed


def refuse_misfits(meeting: Meeting) -> None:
    """What fits no meeting of this form, draft or not."""
    form = form_of(meeting.form)
    if meeting.ends_at <= meeting.starts_at:
        raise Refused(_("结束时间要晚于开始时间"))
    if form.is_law and meeting.notice_days < form.notice_days:
        raise Refused(
            _("%(basis)s，不能少于 %(days)s 天。")
            % {"basis": form.notice_basis, "days": form.notice_days}
        )
    for thing in (meeting.venue, meeting.building, meeting.roll):
        if thing is not None and thing.neighbourhood_id != meeting.neighbourhood_id:
            raise Refused(_("“%(thing)s”不属于本居民区") % {"thing": thing})
    if meeting.quorum_whole < 1 or meeting.quorum_part > meeting.quorum_whole:
        raise Refused(_("法定人数要写成几分之几"))
    if meeting.mode == Meeting.Mode.ONLINE:
        meeting.venue, meeting.place = None, ""
    elif meeting.venue and not meeting.place:
        meeting.place = " ".join(filter(None, [meeting.venue.name, meeting.venue.address]))
    if meeting.mode != Meeting.Mode.ONLINE and not meeting.place:
        raise Refused(_("请选场所，或写明地点"))


def _refuse_fewer_seats_than_taken(meeting: Meeting) -> None:
    for kind in seats(meeting):
        if kind.all is not None and kind.taken > kind.all:
            raise Refused(_("已有 %(n)s 人报上名，名额不能比这少。") % {"n": kind.taken})


def book(meeting: Meeting, *, by: User) -> None:
    """Give back what no longer fits and book what does; the venue's own act says who has it."""
    held = meeting.booking
    if held and held.cancelled_at is None:
        fits = (held.venue_id, held.starts_at, held.ends_at) == (
            meeting.venue_id, meeting.starts_at, meeting.ends_at,
        )  # fmt: skip
        if fits:
            return
        community.cancel_booking(held, by=by)
    meeting.booking = None
    if meeting.venue:
        meeting.booking = community.book_venue(
            meeting.venue,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            purpose=meeting.title,
            by=by,
        )


@transaction.atomic
def announce_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Give notice (通知): invitees hear of it, and the residents if it is public."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.announce_meeting", meeting)
    now = timezone.now()
    first_of(checks.blockers(meeting, now))
    meeting.move_to(State.ANNOUNCED)
    meeting.announced_at = meeting.told_at = now
    meeting.save(update_fields=["state", "announced_at", "told_at"])
    record("consultation.announce_meeting", meeting, by=by, starts_at=meeting.starts_at)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, by: User) -> Meeting:
    """It is not held (取消): everybody who was told is told, the venue is free again."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.cancel_meeting", meeting)
    if not reason.strip():
        raise Refused(_("请写明取消的原因"))
    was_announced = meeting.state == State.ANNOUNCED
    meeting.move_to(State.CANCELLED)
    if meeting.booking and meeting.booking.cancelled_at is None:
        community.cancel_booking(meeting.booking, by=by)
    meeting.cancel_reason = reason.strip()
    meeting.changes += 1
    meeting.told_at = timezone.now()
    meeting.save(update_fields=["state", "cancel_reason", "changes", "told_at"])
    record("consultation.cancel_meeting", meeting, by=by, was_announced=was_announced)
    return meeting


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """The host opens it (开会); from here on people check in."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.open_meeting", meeting)
    now = timezone.now()
    if meeting.state == State.ANNOUNCED and now < meeting.starts_at - EARLIEST_OPENING:
        raise Refused(_("还没到时间，开会前两小时起可以开始。"))
    if meeting.state == State.HELD:
        raise Refused(_("会已经开完。散错了的，请点“继续开会”。"))
    meeting.move_to(State.UNDER_WAY)
    meeting.opened_at = now
    meeting.save(update_fields=["state", "opened_at"])
    record("consultation.open_meeting", meeting, by=by)
    return meeting


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """The host closes it (散会)."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.close_meeting", meeting)
    meeting.move_to(State.HELD)
    meeting.closed_at = timezone.now()
    meeting.save(update_fields=["state", "closed_at"])
    record("consultation.close_meeting", meeting, by=by)
    return meeting


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Closed by mistake (继续开会): on the same day only."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.reopen_meeting", meeting)
    meeting_must_be(meeting, State.HELD)
    if timezone.localdate(meeting.closed_at) != timezone.localdate():
        raise Refused(_("只有散会当天可以继续开。要再谈，请另开一次会。"))
    meeting.move_to(State.UNDER_WAY)
    meeting.closed_at = None
    meeting.save(update_fields=["state", "closed_at"])
    record("consultation.reopen_meeting", meeting, by=by)
    return meeting


@transaction.atomic
def set_meeting_links(
    meeting: Meeting, *, live_url: str = "", replay_url: str = "", by: User
) -> Meeting:
    """Where it is shown live, and where it can be seen again (直播、回放)."""
    meeting = locked_meeting(meeting)
    require(by, "consultation.set_meeting_links", meeting)
    if meeting.state == State.CANCELLED:
        meeting_must_be(meeting, State.DRAFT)
    if meeting.mode != Meeting.Mode.IN_PERSON and meeting.is_to_come and not live_url:
        raise Refused(_("线上参加的会议还没有链接。"))
    meeting.live_url, meeting.replay_url = live_url, replay_url
    meeting.save(update_fields=["live_url", "replay_url"])
    record("consultation.set_meeting_links", meeting, by=by)
    return meeting


def remind_of_meetings() -> int:
    """A day and an hour before, whoever is expected is reminded once (会前提醒). By the clock."""
    now, done = timezone.now(), 0
    for field, before in (("reminded_day_at", DAY_BEFORE), ("reminded_hour_at", HOUR_BEFORE)):
        due = Meeting.objects.filter(
            state=State.ANNOUNCED, starts_at__gt=now, starts_at__lte=now + before, **{field: None}
        )
        for meeting in due:
            done += _remind(meeting, field, before)
    return done


@transaction.atomic
def _remind(meeting: Meeting, field: str, before: timedelta) -> bool:
    """Told of it only just now, nobody needs to be reminded."""
    meeting = locked_meeting(meeting)
    if meeting.state != State.ANNOUNCED or getattr(meeting, field):
        return False
    setattr(meeting, field, timezone.now())
    meeting.save(update_fields=[field])
    told_late = meeting.told_at is not None and meeting.told_at > meeting.starts_at - before
    if not told_late:
        record(
            "consultation.remind_of_meeting", meeting, hours=int(before.total_seconds() // 3600)
        )
    return not told_late
