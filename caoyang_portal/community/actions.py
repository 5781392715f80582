"""What is done to accounts and posts (账号、岗位)."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from caoyang_portal.authority import require
from caoyang_portal.community.models import (
    Building,
    CountedWindow,
    Neighbourhood,
    Posting,
    SubDistrict,
    UnknownCaller,
    User,
)
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
        since=timezone.localdate(),
        until=until,
    )
    if by is not None:
        require(by, "community.appoint", posting)
    posting.save(force_insert=True)
    record("community.appoint", posting, by=by, user=user.pk, office=office)
    return posting


def forget_what_is_over() -> None:
    """Delete counters after two days and unknown numbers after thirty (清理). By the clock."""
    now = timezone.now()
    CountedWindow.objects.filter(began_at__lt=now - timedelta(days=2)).delete()
    UnknownCaller.objects.filter(at__lt=now - timedelta(days=30)).delete()
