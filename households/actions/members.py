"""The people of a household (家庭成员): who joins, who leaves, who has died."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import Household, Member, Residency

from .locking import locked_household, move_on, refuse_if_changed

EDITABLE = (
    "role",
    "name",
    "relation",
    "phone",
    "id_number",
    "is_registered",
    "lived_since",
    "has_other_housing",
    "housing_difficulty",
    "capacity",
    "guardian",
)


def _check(household: Household, member: Member) -> None:
    """What no member may be, in words; the constraints say the same to the database."""
    others = household.members.filter(left_at=None).exclude(pk=member.pk)
    if member.role == Member.Role.HOLDER and others.filter(role=Member.Role.HOLDER).exists():
        raise Refused(_("这一户已有承租人或产权人，请先改原来那位的身份"))
    if member.capacity != Member.Capacity.FULL and not member.guardian.strip():
        raise Refused(_("不能完全自己作主的人，请填监护人"))
    if member.id_number and others.filter(id_index=member.id_index).exists():
        raise Refused(_("这一户已有同一证件号的人，请核对"))


@transaction.atomic
def add_member(
    household: Household, *, version: int, values: Mapping[str, Any], by: User
) -> Member:
    """Enter a person of the household (登记成员), a co-owner too."""
    household = locked_household(household)
    require(by, "households.add_member", household)
    if household.version != version:
        raise Refused(_("别的同事刚改过这份档案，请核对后再保存"))
    member = Member(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        order=household.members.count(),
        **{name: values[name] for name in EDITABLE},
    )
    member.index_numbers()
    _check(household, member)
    member.save()
    move_on(household)
    record("households.add_member", household, by=by, member=str(member.pk), role=str(member.role))
    return member


@transaction.atomic
def edit_member(member: Member, *, version: int, values: Mapping[str, Any], by: User) -> Member:
    """Correct what is on file about a person (修改成员)."""
    household = locked_household(member.household)
    member = household.members.get(pk=member.pk)
    require(by, "households.edit_member", household)
    refuse_if_changed(household, version, member, values)
    if member.left_at:
        raise Refused(_("这位成员已经迁出，不能再改"))
    changed = [n for n in EDITABLE if n in values and getattr(member, n) != values[n]]
    if not changed:
        return member
    before = member.role
    for name in changed:
        setattr(member, name, values[name])
    member.index_numbers()
    _check(household, member)
    member.save(update_fields=[*changed, "phone_index", "phone_tail_index", "id_index"])
    move_on(household)
    facts = {"role": [before, str(member.role)]} if "role" in changed else {}
    record(
        "households.edit_member",
        household,
        by=by,
        member=str(member.pk),
        fields=sorted(changed),
        **facts,
    )
    return member


@transaction.atomic
def end_membership(member: Member, *, reason: str, by: User) -> None:
    """A person is no longer of the household (成员迁出); the row stays, the login's tie ends."""
    household = locked_household(member.household)
    member = household.members.get(pk=member.pk)
    require(by, "households.end_membership", household)
    if member.left_at:
        raise Refused(_("这位成员已经迁出"))
    if not reason.strip():
        raise Refused(_("请写明依据，例如户口迁出、产权变更"))
    now = timezone.now()
    member.left_at = now
    member.save(update_fields=["left_at"])
    Residency.objects.filter(member=member, ended_at=None).update(ended_at=now)
    note = _("%(name)s迁出：%(reason)s") % {"name": member.name, "reason": reason.strip()}
    household.remark = "\n".join(filter(None, [household.remark, note]))
    household.save(update_fields=["remark"])
    move_on(household)
    record("households.end_membership", household, by=by, member=str(member.pk))


@transaction.atomic
def record_death(member: Member, *, by: User) -> None:
    """A member has died (登记已故). A holder's death makes the household wait for the succession."""
    household = locked_household(member.household)
    member = household.members.get(pk=member.pk)
    require(by, "households.record_death", household)
    if member.is_deceased:
        raise Refused(_("已经登记过了"))
    member.is_deceased = True
    member.save(update_fields=["is_deceased"])
    Residency.objects.filter(member=member, ended_at=None).update(ended_at=timezone.now())
    if member.role == Member.Role.HOLDER and household.special == Household.Special.NONE:
        household.special = Household.Special.INHERITANCE
        household.save(update_fields=["special"])
    move_on(household)
    record(
        "households.record_death",
        household,
        by=by,
        member=str(member.pk),
        special=str(household.special),
    )
