"""Coming and going (到会): by the code in the hall, at the desk, online; and for whom somebody sits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.models import Attendance, Meeting, Presence, Proxy, RollEntry, Seat
from consultation.queries.door import Person, entries_of, oneself

from .locking import in_words

UNDO_FOR = timedelta(seconds=10)
SCANNED_FOR = timedelta(minutes=20)  # long enough to sign in by SMS between scanning and tapping
BEFORE = timedelta(hours=1)  # the desk opens so long before the meeting
Channel, State = Presence.Channel, Meeting.State


def check_in(meeting: Meeting, *, scanned_at: datetime | None, by: User) -> Presence:
    """Come in, having scanned the code in the hall (扫码签到); a second tap is the same one."""
    with in_words(), transaction.atomic():
        attendance = _about(meeting, oneself(meeting, by))
        require(by, "consultation.check_in", attendance)
        _refuse_unless_on(meeting)
        now = timezone.now()
        if scanned_at is None or now - scanned_at > SCANNED_FOR:
            raise Refused(_("请先扫会场大屏幕上的码，再按签到。"))
        presence, is_new = _arrived(attendance, Channel.QR, now)
        if is_new:
            record("consultation.check_in", presence, by=by)
    return presence


def join_online(meeting: Meeting, *, by: User) -> Presence:
    """Be there by the live link (线上到会)."""
    with in_words(), transaction.atomic():
        attendance = _about(meeting, oneself(meeting, by))
        require(by, "consultation.join_online", attendance)
        _refuse_unless_on(meeting)
        if meeting.mode == Meeting.Mode.IN_PERSON:
            raise Refused(_("这次会议只在现场开，请到会场签到。"))
        presence, is_new = _arrived(attendance, Channel.ONLINE, timezone.now())
        if is_new:
            record("consultation.join_online", presence, by=by)
    return presence


@transaction.atomic
def leave_meeting(meeting: Meeting, *, by: User) -> Presence:
    """Go before the end (先离开)."""
    attendance = Attendance.objects.select_for_update().filter(meeting=meeting, user=by).first()
    if attendance is None:
        raise Refused(_("您还没有签到。"))
    require(by, "consultation.leave_meeting", attendance)
    presence = _open(attendance)
    if presence is None:
        raise Refused(_("您已经离开了。"))
    _left(presence, timezone.now())
    record("consultation.leave_meeting", presence, by=by)
    return presence


def admit(meeting: Meeting, person: Person, *, by: User) -> Presence:
    """Sign somebody in at the desk (签到台签到), from the lists or a walk-in by name."""
    with in_words(), transaction.atomic():
        attendance = _about(meeting, person)
        attendance.entered_by = by
        require(by, "consultation.admit", attendance)
        now = timezone.now()
        early = meeting.state == State.ANNOUNCED and now >= meeting.starts_at - BEFORE
        if not early:
            _refuse_unless_on(meeting)
        presence, is_new = _arrived(attendance, Channel.DESK, now, noted_by=by)
        if is_new:
            record("consultation.admit", presence, by=by)
    return presence


@transaction.atomic
def see_out(presence: Presence, *, by: User) -> Presence:
    """Note at the desk that somebody has gone (签到台登记离开)."""
    presence = _locked(presence)
    require(by, "consultation.see_out", presence)
    if presence.left_at or presence.voided:
        raise Refused(_("这一位已经登记离开了。"))
    _refuse_unless_on(presence.meeting, early=True)
    _left(presence, timezone.now())
    record("consultation.see_out", presence, by=by)
    return presence


def undo_tap(presence: Presence, *, by: User) -> Presence:
    """Take the last tap at the desk back (撤销), within ten seconds: the going, or else the coming."""
    with in_words(), transaction.atomic():
        presence = _locked(presence)
        require(by, "consultation.undo_tap", presence)
        if timezone.now() - (presence.left_at or presence.arrived_at) > UNDO_FOR:
            raise Refused(_("过了 10 秒，不能撤销了。请重新登记离开或到会。"))
        if presence.voided:
            raise Refused(_("这一下已经撤销过了。"))
        if presence.left_at:
            presence.left_at = None
        else:
            presence.voided = True
        presence.save(update_fields=["left_at", "voided"])
        record("consultation.undo_tap", presence, by=by, voided=presence.voided)
    return presence


def enter_from_sheet(
    meeting: Meeting, person: Person, *, arrived_at: datetime, left_at: datetime | None, by: User
) -> Presence:
    """Enter afterwards what stands on the paper sheet (照签到表补登)."""
    with in_words(), transaction.atomic():
        attendance = _about(meeting, person)
        attendance.entered_by = by
        require(by, "consultation.enter_from_sheet", attendance)
        if meeting.state not in (State.UNDER_WAY, State.HELD):
            raise Refused(_("会还没开，不能补登。"))
        end = meeting.closed_at or timezone.now()
        if not (meeting.starts_at - BEFORE <= arrived_at <= (left_at or end) <= end):
            raise Refused(_("到会和离开的时间要在开会的时间里。"))
        attendance = _kept(attendance)
        presence = _presence(attendance, Channel.SHEET, arrived_at, noted_by=by)
        presence.left_at = left_at
        presence.save(force_insert=True)
        _seat(attendance, arrived_at)
        record("consultation.enter_from_sheet", presence, by=by)
    return presence


@transaction.atomic
def set_attendee_role(attendance: Attendance, *, role: Attendance.Role, by: User) -> Attendance:
    """Call somebody a participant, a guest or an observer (改到会身份)."""
    attendance = Attendance.objects.select_for_update().get(pk=attendance.pk)
    require(by, "consultation.set_attendee_role", attendance)
    _refuse_unless_on(attendance.meeting, early=True)
    attendance.role = role
    attendance.save(update_fields=["role"])
    record("consultation.set_attendee_role", attendance, by=by, role=str(role))
    return attendance


def seat_attendee(attendance: Attendance, *, entry: RollEntry, by: User) -> Seat:
    """Somebody is a head of the roll whom the portal did not recognise (对上名册)."""
    with in_words(), transaction.atomic():
        attendance = Attendance.objects.select_for_update().get(pk=attendance.pk)
        require(by, "consultation.seat_attendee", attendance)
        _refuse_unless_on(attendance.meeting, early=True)
        seat = _new_seat(attendance, entry, entered_by=by)
        seat.save(force_insert=True)
        if attendance.role != Attendance.Role.PARTICIPANT:
            attendance.role = Attendance.Role.PARTICIPANT
            attendance.save(update_fields=["role"])
        record("consultation.seat_attendee", seat, by=by, entry=entry.pk)
    return seat


@dataclass(frozen=True)
class Mandate:
    """A written mandate as it was handed in at the desk: its paper, what for, of what day."""

    document: Attachment
    scope: str
    mandated_on: date


def record_meeting_mandate(
    attendance: Attendance, *, entry: RollEntry, mandate: Mandate, by: User
) -> Seat:
    """Enter a written mandate to sit for a head of the roll (登记会议委托)."""
    with in_words(), transaction.atomic():
        attendance = Attendance.objects.select_for_update().get(pk=attendance.pk)
        seat = _new_seat(attendance, entry, entered_by=by)
        seat.is_proxy, seat.document = True, mandate.document
        seat.scope, seat.mandated_on = mandate.scope.strip(), mandate.mandated_on
        require(by, "consultation.record_meeting_mandate", seat)
        _refuse_unless_on(attendance.meeting, early=True)
        if mandate.mandated_on > timezone.localdate() or not seat.scope:
            raise Refused(_("委托日期不能晚于今天，委托范围要写明。"))
        if mandate.document.neighbourhood_id != attendance.neighbourhood_id:
            raise Refused(_("委托书不属于这个居民区"))
        seat.save(force_insert=True)
        record("consultation.record_meeting_mandate", seat, by=by, entry=entry.pk)
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, by: User) -> Seat:
    """From now on somebody no longer sits for that head (结束席位): a mandate taken back, a mistake."""
    seat = Seat.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=seat.pk)
    require(by, "consultation.end_seat", seat)
    if seat.ended_at:
        raise Refused(_("已经结束了。"))
    _refuse_unless_on(seat.meeting, early=True)
    seat.ended_at = timezone.now()
    seat.save(update_fields=["ended_at"])
    record("consultation.end_seat", seat, by=by, entry=seat.entry_id)
    return seat


def _refuse_unless_on(meeting: Meeting, *, early: bool = False) -> None:
    """By the row as it is now; the database asks once more when a presence is written."""
    meeting.refresh_from_db(fields=["state", "closed_at"])
    if meeting.state == State.UNDER_WAY or (early and meeting.state == State.ANNOUNCED):
        return
    if meeting.state == State.ANNOUNCED:
        raise Refused(_("会还没有开始，开始以后再签到。"))
    raise Refused(_("这次会议%(state)s，不能签到了。") % {"state": meeting.get_state_display()})


def _about(meeting: Meeting, person: Person) -> Attendance:
    """The attendance of ``person``: the one there is, or one that may come to be."""
    rows = Attendance.objects.filter(meeting=meeting)
    found = None
    if person.attendance:
        found = rows.filter(pk=person.attendance.pk).first()
    if found is None and person.user:
        found = rows.filter(user=person.user).first()
    if found is None and person.member:
        found = rows.filter(member=person.member).first()
    if found is not None:
        found.meeting = meeting
        return found
    return Attendance(
        neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, user=person.user,
        household=person.household, member=person.member, name=person.name, role=person.role,
    )  # fmt: skip


def _kept(attendance: Attendance) -> Attendance:
    """Saved, and locked against a second tap; of two first taps at once the other's row is taken."""
    if attendance._state.adding:
        who = {"user": attendance.user} if attendance.user else {"member": attendance.member}
        if not any(who.values()):
            attendance.save(force_insert=True)
            return attendance
        values = {
            name: getattr(attendance, name)
            for name in (
                "neighbourhood_id", "user", "household", "member", "name", "role", "entered_by"
            )
        }  # fmt: skip
        attendance, _made = Attendance.objects.get_or_create(
            meeting=attendance.meeting, **who, defaults=values
        )
    return Attendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk)


def _arrived(
    attendance: Attendance, channel: Presence.Channel, now: datetime, noted_by: User | None = None
) -> tuple[Presence, bool]:
    attendance = _kept(attendance)
    already = _open(attendance)
    if already is not None:
        return already, False
    presence = _presence(attendance, channel, now, noted_by=noted_by)
    presence.save(force_insert=True)
    _seat(attendance, now)
    return presence, True


def _presence(
    attendance: Attendance, channel: Presence.Channel, at: datetime, noted_by: User | None
) -> Presence:
    return Presence(
        neighbourhood_id=attendance.neighbourhood_id, meeting_id=attendance.meeting_id,
        attendance=attendance, channel=channel, arrived_at=at, noted_by=noted_by,
    )  # fmt: skip


def _open(attendance: Attendance) -> Presence | None:
    return attendance.presences.filter(left_at=None, voided=False).first()


def _locked(presence: Presence) -> Presence:
    return (
        Presence.objects.select_for_update(of=("self",))
        .select_related("meeting", "attendance")
        .get(pk=presence.pk)
    )


def _left(presence: Presence, now: datetime) -> None:
    presence.left_at = now
    presence.save(update_fields=["left_at"])


def _new_seat(attendance: Attendance, entry: RollEntry, *, entered_by: User | None = None) -> Seat:
    return Seat(
        neighbourhood_id=attendance.neighbourhood_id, meeting_id=attendance.meeting_id,
        attendance=attendance, entry=entry, since=timezone.now(), entered_by=entered_by,
    )  # fmt: skip


def _seat(attendance: Attendance, since: datetime) -> None:
    """Seats for whom they stand on the roll and for whom they hold a mandate of the roll's poll."""
    roll = attendance.meeting.roll_id
    if roll is None:
        return
    live = Seat.objects.filter(meeting=attendance.meeting_id, ended_at=None)
    mine = set(live.filter(attendance=attendance).values_list("entry_id", flat=True))
    made = [
        _new_seat(attendance, entry) for entry in entries_of(attendance) if entry.pk not in mine
    ]
    given = set(live.filter(is_proxy=True).values_list("entry_id", flat=True))
    mine |= given | {seat.entry_id for seat in made}
    proxies = Proxy.objects.live(timezone.localdate()).filter(poll=roll, agent=attendance.user_id)
    for proxy in proxies.exclude(entry__in=mine) if attendance.user_id else ():
        seat = _new_seat(attendance, proxy.entry)
        seat.is_proxy, seat.proxy = True, proxy
        made.append(seat)
    for seat in made:
        seat.since = since
        seat.save(force_insert=True)
