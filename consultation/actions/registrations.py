"""Signing up for a meeting (报名): the database holds the places, the waiting list moves up by itself."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import Meeting, Registration
from consultation.queries.registrations import has_seat
from households.models import Household

from .meeting_locks import locked_meeting, meeting_in_words, meeting_must_be

State = Registration.State
LIVE = (State.COMING, State.WAITING)


def register(
    meeting: Meeting,
    *,
    is_online: bool = False,
    is_observer: bool = False,
    needs: str = "",
    by: User,
) -> Registration:
    """Sign up (报名): a place, or the waiting list. Twice is once."""
    with meeting_in_words(), transaction.atomic():
        meeting = locked_meeting(meeting)
        registration = Registration.objects.filter(meeting=meeting, user=by).first()
        registration = registration or Registration(meeting=meeting, user=by)
        require(by, "consultation.register", registration)
        if not registration._state.adding and registration.state in LIVE:
            return registration
        _refuse_too_late(meeting)
        homes = Household.objects.of(by).filter(neighbourhood_id=meeting.neighbourhood_id)
        registration.household = homes.first()
        registration.name = by.name
        _seat(meeting, registration, is_online, is_observer, needs)
        record(
            "consultation.register", registration, by=by, registration=registration.pk,
            state=registration.state,
        )  # fmt: skip
        return registration


def register_by_phone(
    meeting: Meeting,
    *,
    name: str,
    phone: str = "",
    household: Household | None = None,
    is_online: bool = False,
    is_observer: bool = False,
    needs: str = "",
    by: User,
) -> Registration:
    """Sign somebody up who rang or came by (代为报名); the staff ring back when a place comes free."""
    with meeting_in_words(), transaction.atomic():
        meeting = locked_meeting(meeting)
        registration = Registration(
            meeting=meeting, name=name, phone=phone, household=household, entered_by=by
        )
        require(by, "consultation.register_by_phone", meeting)
        meeting_must_be(meeting, Meeting.State.ANNOUNCED, Meeting.State.UNDER_WAY)
        if household and household.neighbourhood_id != meeting.neighbourhood_id:
            raise Refused(_("这一户不在本居民区"))
        _seat(meeting, registration, is_online, is_observer, needs)
        record(
            "consultation.register_by_phone", meeting, by=by, registration=registration.pk,
            state=registration.state,
        )  # fmt: skip
        return registration


def _refuse_too_late(meeting: Meeting) -> None:
    if not meeting.takes_registrations(timezone.now()):
        raise Refused(_("这次会议现在不能报名。"))


def _seat(
    meeting: Meeting, registration: Registration, is_online: bool, is_observer: bool, needs: str
) -> None:
    """Give a place, or the end of the waiting list; the trigger counts again."""
    registration.neighbourhood_id = meeting.neighbourhood_id
    registration.is_online = meeting.mode == Meeting.Mode.ONLINE or (
        is_online and meeting.mode == Meeting.Mode.HYBRID
    )
    registration.is_observer = is_observer
    registration.needs = needs.strip()
    registration.registered_at = timezone.now()
    registration.moved_up_at = registration.rung_up_at = None
    if is_observer and not meeting.observers:
        raise Refused(_("这次会议没有旁听席"))
    registration.state = State.COMING if has_seat(meeting, registration) else State.WAITING
    registration.save()


@transaction.atomic
def cancel_registration(registration: Registration, *, by: User) -> Registration:
    """Somebody cannot come after all (取消报名); who waits longest gets the place."""
    meeting, registration = _locked(registration)
    require(by, "consultation.cancel_registration", registration)
    _give_up(meeting, registration)
    record("consultation.cancel_registration", meeting, by=by, registration=registration.pk)
    return registration


@transaction.atomic
def take_off(registration: Registration, *, by: User) -> Registration:
    """The same, done by the staff for somebody who rang (代为取消报名)."""
    meeting, registration = _locked(registration)
    require(by, "consultation.take_off", meeting)
    _give_up(meeting, registration)
    record("consultation.take_off", meeting, by=by, registration=registration.pk)
    return registration


def _locked(registration: Registration) -> tuple[Meeting, Registration]:
    meeting = locked_meeting(registration.meeting)
    return meeting, Registration.objects.select_for_update().get(pk=registration.pk)


def _give_up(meeting: Meeting, registration: Registration) -> None:
    meeting_must_be(meeting, Meeting.State.ANNOUNCED, Meeting.State.UNDER_WAY)
    if registration.state not in LIVE:
        raise Refused(_("报名已经取消了。"))
    registration.state = State.CANCELLED
    registration.save(update_fields=["state"])
    move_up(meeting)


def move_up(meeting: Meeting) -> int:
    """Fill free places from the waiting list, longest first (候补转正); part of the act that freed them."""
    moved = 0
    for is_observer in (False, True):
        waiting = meeting.registrations.filter(state=State.WAITING, is_observer=is_observer)
        for registration in waiting.select_for_update().order_by("registered_at", "pk"):
            if not has_seat(meeting, registration):
                break
            registration.state, registration.moved_up_at = State.COMING, timezone.now()
            registration.save(update_fields=["state", "moved_up_at"])
            record("consultation.move_up", registration)
            moved += 1
    return moved


@transaction.atomic
def note_rung_up(registration: Registration, *, by: User) -> Registration:
    """Whoever has no account was told by telephone that there is a place (已打电话告诉)."""
    meeting, registration = _locked(registration)
    require(by, "consultation.note_rung_up", meeting)
    if not registration.must_be_rung_up:
        raise Refused(_("这位不用打电话。"))
    registration.rung_up_at = timezone.now()
    registration.save(update_fields=["rung_up_at"])
    record("consultation.note_rung_up", meeting, by=by, registration=registration.pk)
    return registration


@transaction.atomic
def see_registration_phone(registration: Registration, *, by: User) -> str:
    """Read the whole number of somebody who signed up by telephone (看电话); the reading is recorded."""
    require(by, "consultation.see_registration_phone", registration.meeting)
    record(
        "consultation.see_registration_phone", registration.meeting, by=by,
        registration=registration.pk,
    )  # fmt: skip
    return registration.phone.removeprefix("+86")


@transaction.atomic
def export_registrations(meeting: Meeting, *, reason: str, by: User) -> None:
    """The list of who comes leaves the portal (导出名单): recorded with who and whether names are whole."""
    require(by, "consultation.export_registrations", meeting)
    record("consultation.export_registrations", meeting, by=by, whole_names=bool(reason.strip()))
