"""What is done to accounts and posts, and to rooms (账号、岗位、场所)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import (
    Booking,
    Building,
    CountedWindow,
    Neighbourhood,
    Organisation,
    Posting,
    SubDistrict,
    UnknownCaller,
    User,
    Venue,
)
from caoyang_portal.confidential import blind_index
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record


def keep_elder_mode(user: User, elder_mode: bool) -> None:
    """Remember large type (大字版) with the account; a preference, not an act: nothing is recorded."""
    User.objects.filter(pk=user.pk).update(elder_mode=elder_mode)


def keep_language(user: User, language: str) -> None:
    """Remember the language with the account; a preference, not an act: nothing is recorded."""
    User.objects.filter(pk=user.pk).update(language=language)


def confirm_phone(user: User) -> None:
    """The phone on file answered with the right code (手机号已验证)."""
    User.objects.filter(pk=user.pk, phone_verified=False).update(phone_verified=True)


def note_unknown_caller(phone: str) -> UnknownCaller:
    """Keep that a number without an account asked for a code, for the committee to call back."""
    return UnknownCaller.objects.create(phone=phone)


@transaction.atomic
def appoint(
    user: User,
    office: Posting.Office,
    *,
    sub_district: SubDistrict,
    neighbourhood: Neighbourhood | None = None,
    building: Building | None = None,
    organisation: Organisation | None = None,
    since: date | None = None,
    until: date | None = None,
    by: User | None = None,
) -> Posting:
    """Give a person an office (任命). The first administrator is appointed on the machine, by no one."""
    posting = Posting(
        user=user,
        office=office,
        sub_district=sub_district,
        neighbourhood=neighbourhood,
        building=building,
        organisation=organisation,
        since=since or timezone.localdate(),
        until=until,
    )
    if by is not None:
        require(by, "community.appoint", posting)
    posting.save(force_insert=True)
    record("community.appoint", posting, by=by, user=user.pk, office=office)
    return posting


@transaction.atomic
def appoint_by_phone(
    *, phone: str, name: str, department: str = "", by: User, **terms: Any
) -> Posting:
    """The same for whoever has this telephone; opens the account if there is none (开通并任命)."""
    if department:
        terms["organisation"] = _department(terms["sub_district"], department.strip())
    user = User.objects.filter(phone_index=blind_index(phone, "user")).first()
    if user is not None and not user.is_active:
        raise Refused(_("这个账号已停用，请先启用"))
    if user is None:
        user = User.objects.create_user(phone, name=name)
    held = Posting.objects.live().filter(
        user=user,
        office=terms["office"],
        sub_district=terms["sub_district"],
        neighbourhood=terms["neighbourhood"],
        building=terms["building"],
        organisation=terms.get("organisation"),
    )
    if held.exists():
        raise Refused(_("%(who)s现在就有这个岗位") % {"who": user})
    return appoint(user, by=by, **terms)


def _department(street: SubDistrict, name: str) -> Organisation:
    """The department of that name; a new one is opened by whoever is first appointed to it."""
    kind = Organisation.Kind.DEPARTMENT
    return Organisation.objects.get_or_create(sub_district=street, kind=kind, name=name)[0]


@transaction.atomic
def end_posting(posting: Posting, *, until: date, by: User) -> Posting:
    """Say on which day an office ends (结束岗位); yesterday ends it at once."""
    _hold_still(posting.sub_district_id)
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    require(by, "community.end_posting", posting)
    if posting.until and posting.until < timezone.localdate():
        raise Refused(_("这个岗位已经结束了"))
    if until < posting.since:
        raise Refused(_("岗位要到任期开始那天才能结束；要马上停止，请停用账号"))
    posting.until = until
    posting.save(update_fields=["until"])
    if posting.office == Posting.Office.ADMINISTRATOR:
        _refuse_without_administrator(posting.sub_district_id)
    record("community.end_posting", posting, by=by, user=posting.user_id, until=until.isoformat())
    return posting


@transaction.atomic
def disable_account(user: User, *, why: User.WhyDisabled, by: User) -> None:
    """Nobody signs in with this account any more, and who is in is out (停用账号)."""
    streets = set(Posting.objects.filter(user=user).values_list("sub_district_id", flat=True))
    _hold_still(*streets)
    user = User.objects.select_for_update().get(pk=user.pk)
    require(by, "community.disable_account", user)
    if not user.is_active:
        raise Refused(_("这个账号已经停用"))
    user.is_active = False
    user.save(update_fields=["is_active"])
    for post in user.live_postings:
        if post.office == Posting.Office.ADMINISTRATOR:
            _refuse_without_administrator(post.sub_district_id)
    record("community.disable_account", user, by=by, why=str(why))


@transaction.atomic
def enable_account(user: User, *, why: User.WhyEnabled, by: User) -> None:
    """The account works again, with the offices that have not ended (启用账号)."""
    user = User.objects.select_for_update().get(pk=user.pk)
    require(by, "community.enable_account", user)
    if user.is_active:
        raise Refused(_("这个账号没有停用"))
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("community.enable_account", user, by=by, why=str(why))


@transaction.atomic
def reset_second_factor(user: User, *, why: User.WhyReset, by: User) -> None:
    """Forget password and second factor (重设密码和动态验证): both are set anew after a code by SMS.

    The administrator learns neither, so that nobody can act in another's name.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    require(by, "community.reset_second_factor", user)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()  # ends every session too
    user.save(update_fields=["password"])
    record("community.reset_second_factor", user, by=by, why=str(why))


def set_first_password(user: User, password: str) -> None:
    """The first password, or the one after a reset (设密码); a preference of the person's own."""
    user.set_password(password)
    user.save(update_fields=["password"])


def _hold_still(*sub_districts: UUID) -> None:
    """Two administrators who would remove each other go one after the other."""
    list(SubDistrict.objects.select_for_update().filter(pk__in=sub_districts).order_by("pk"))


def _refuse_without_administrator(sub_district_id: UUID) -> None:
    remaining = Posting.objects.live().filter(
        office=Posting.Office.ADMINISTRATOR,
        sub_district=sub_district_id,
        neighbourhood=None,
        until=None,
        user__is_active=True,
    )
    if not remaining.exists():
        raise Refused(_("至少要留一位没有期限的管理员，请先任命另一位"))


def forget_what_is_over() -> None:
    """Delete counters after two days and unknown numbers after thirty (清理). By the clock."""
    now = timezone.now()
    CountedWindow.objects.filter(began_at__lt=now - timedelta(days=2)).delete()
    UnknownCaller.objects.filter(at__lt=now - timedelta(days=30)).delete()


VENUE_FIELDS = (
    "name", "function", "building", "address", "seats", "opening_hours", "has_step_free_way",
)  # fmt: skip


@transaction.atomic
def add_venue(neighbourhood: Neighbourhood, *, by: User, **fields: Any) -> Venue:
    """Enter a room that can be booked (登记场所)."""
    venue = Venue(neighbourhood=neighbourhood, **fields)
    require(by, "community.add_venue", venue)
    _refuse_the_name(venue)
    venue.save(force_insert=True)
    record("community.add_venue", venue, by=by)
    return venue


@transaction.atomic
def edit_venue(venue: Venue, *, by: User, **fields: Any) -> Venue:
    """Put right what is said of a room (修改场所)."""
    venue = Venue.objects.select_for_update().get(pk=venue.pk)
    require(by, "community.edit_venue", venue)
    for name in VENUE_FIELDS:
        setattr(venue, name, fields.get(name, getattr(venue, name)))
    _refuse_the_name(venue)
    venue.save(update_fields=VENUE_FIELDS)
    record("community.edit_venue", venue, by=by)
    return venue


def _refuse_the_name(venue: Venue) -> None:
    others = Venue.objects.filter(neighbourhood=venue.neighbourhood_id, name=venue.name)
    if others.exclude(pk=venue.pk).exists():
        raise Refused(_("已有叫“%(name)s”的场所") % {"name": venue.name})


@transaction.atomic
def close_venue(venue: Venue, *, by: User) -> Venue:
    """It is not booked any more (停用场所); what is booked stays until it is over."""
    venue = Venue.objects.select_for_update().get(pk=venue.pk)
    require(by, "community.close_venue", venue)
    if venue.closed_at:
        raise Refused(_("这个场所已经停用。"))
    venue.closed_at = timezone.now()
    venue.save(update_fields=["closed_at"])
    record("community.close_venue", venue, by=by)
    return venue


@transaction.atomic
def book_venue(
    venue: Venue, *, starts_at: datetime, ends_at: datetime, purpose: str, by: User
) -> Booking:
    """Take a room for a while (订场所); whoever comes second is told who has it until when."""
    venue = Venue.objects.select_for_update(no_key=True).get(pk=venue.pk)
    booking = Booking(
        neighbourhood_id=venue.neighbourhood_id, venue=venue, starts_at=starts_at, ends_at=ends_at,
        purpose=purpose, booked_by=by,
    )  # fmt: skip
    require(by, "community.book_venue", booking)
    if venue.closed_at:
        raise Refused(_("这个场所已经停用。"))
    if ends_at <= starts_at:
        raise Refused(_("结束时间要晚于开始时间"))
    _refuse_while_taken(booking)
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as lost:  # somebody else was quicker by a moment
        _refuse_while_taken(booking)
        raise Refused(_("这个时间刚被别人订了，请换一个时间。")) from lost
    record("community.book_venue", booking, by=by, starts_at=starts_at, ends_at=ends_at)
    return booking


def _refuse_while_taken(booking: Booking) -> None:
    taken = Booking.objects.filter(
        venue=booking.venue_id, cancelled_at=None, starts_at__lt=booking.ends_at,
        ends_at__gt=booking.starts_at,
    ).order_by("starts_at")  # fmt: skip
    for other in taken.select_related("venue", "booked_by")[:1]:
        first, last = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
        said = {
            "venue": other.venue, "day": date_format(first), "first": time_format(first),
            "last": time_format(last), "purpose": other.purpose, "who": other.booked_by,
        }  # fmt: skip
        words = _("%(venue)s %(day)s %(first)s 到 %(last)s 已有“%(purpose)s”，是%(who)s订的。")
        raise Refused(words % said)


@transaction.atomic
def cancel_booking(booking: Booking, *, by: User) -> Booking:
    """Give the room back (退订)."""
    booking = Booking.objects.select_for_update().get(pk=booking.pk)
    require(by, "community.cancel_booking", booking)
    if booking.cancelled_at:
        raise Refused(_("已经退订了。"))
    booking.cancelled_at = timezone.now()
    booking.save(update_fields=["cancelled_at"])
    record("community.cancel_booking", booking, by=by)
    return booking
