"""What office holders do with a household's file (一户一档): read it, unmask, edit, take over."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import CareTag, Contact, FileReading, Household, Member
from households.rules.files import offices_over

from .locking import locked_household, move_on, refuse_if_changed

# Facts of the dwelling, no personal data (domain 2.5): their old and new values may stand in the
# ledger for ever. Of the other fields it only says that they were changed.
OPEN_FACTS = (
    "floor",
    "living_area",
    "usable_area",
    "floor_area",
    "kitchen",
    "toilet",
    "shared_with",
    "has_balcony",
    "has_gas_meter",
    "has_loft",
)
EDITABLE = (
    *OPEN_FACTS,
    "tenure",
    "certificate_number",
    "certificate_issued_on",
    "area_basis",
    "registered_count",
    "resident_count",
    "occupancy",
    "remark",
)


def note_reading(
    household: Household, what: FileReading.What, *, reader: User, reason: str = ""
) -> FileReading:
    """Enter in the file who read what of it, by which post; inside the act's transaction."""
    offices = offices_over(reader, household.neighbourhood_id, household.building_id)
    return FileReading.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        reader=reader,
        what=what,
        reason=reason,
        office=offices[0] if offices else "",
    )


@transaction.atomic
def read_file(household: Household, *, by: User) -> None:
    """Open a household's file (查阅档案); noted once a day for each reader."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    today = FileReading.objects.filter(
        household=household, reader=by, what=FileReading.What.FILE, at__gte=midnight
    )
    require(by, "households.read_file", household)
    if today.exists():
        return
    household = locked_household(household)  # two windows opened at once leave one line
    if today.exists():
        return
    note_reading(household, FileReading.What.FILE, reader=by)
    record("households.read_file", household, by=by)


@transaction.atomic
def unmask_number(member: Member, *, what: FileReading.What, reason: str, by: User) -> str:
    """See a member's whole phone or ID number (查看完整号码), with a reason the household can read."""
    household = locked_household(member.household)
    member = household.members.get(pk=member.pk)
    reading = FileReading(
        neighbourhood_id=household.neighbourhood_id, household=household, reader=by, what=what
    )
    require(by, "households.unmask_number", reading)
    if not reason.strip():
        raise Refused(_("请写明为什么要看，住户会看到这条记录"))
    note_reading(household, what, reader=by, reason=reason.strip())
    record("households.unmask_number", household, by=by, member=str(member.pk), what=what.value)
    return member.id_number if what == FileReading.What.ID_NUMBER else member.phone


@transaction.atomic
def unmask_contact(contact: Contact, *, reason: str, by: User) -> str:
    """See a contact's whole phone number (查看联系人电话), with a reason the household can read."""
    household = locked_household(contact.household)
    require(by, "households.unmask_contact", household)
    if not reason.strip():
        raise Refused(_("请写明为什么要看，住户会看到这条记录"))
    note_reading(household, FileReading.What.PHONE, reader=by, reason=reason.strip())
    record("households.unmask_contact", household, by=by, contact=str(contact.pk))
    return contact.phone


@transaction.atomic
def read_care_tags(household: Household, *, reason: str, by: User) -> list[CareTag]:
    """See the household's difficulties (查看关爱标签); sensitive, so always with a reason."""
    household = locked_household(household)
    require(by, "households.read_care_tags", household)
    if not reason.strip():
        raise Refused(_("请写明为什么要看，住户会看到这条记录"))
    note_reading(household, FileReading.What.CARE, reader=by, reason=reason.strip())
    record("households.read_care_tags", household, by=by)
    return list(household.care_tags.standing(timezone.localdate()))


@transaction.atomic
def print_file(household: Household, *, by: User) -> None:
    """Take the whole file out on paper (打印档案); the household sees that it was."""
    household = locked_household(household)
    require(by, "households.print_file", household)
    note_reading(household, FileReading.What.DOCUMENT, reader=by, reason=_("打印整份档案"))
    record("households.print_file", household, by=by)


@transaction.atomic
def edit_household(
    household: Household, *, version: int, values: Mapping[str, Any], by: User
) -> Household:
    """Correct facts of the file (修改档案). Who edits an older version is shown both values."""
    household = locked_household(household)
    require(by, "households.edit_household", household)
    if unknown := set(values) - set(EDITABLE):
        raise ValueError(f"not editable: {sorted(unknown)}")
    refuse_if_changed(household, version, household, values)
    before = {name: getattr(household, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return household
    for name in changed:
        setattr(household, name, values[name])
    household.save(update_fields=changed)
    move_on(household)
    record(
        "households.edit_household",
        household,
        by=by,
        fields=sorted(changed),
        changes={
            name: [_plain(before[name]), _plain(values[name])]
            for name in changed
            if name in OPEN_FACTS
        },
    )
    return household


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)


@transaction.atomic
def mark_special(
    household: Household, *, special: Household.Special, reason: str, by: User
) -> None:
    """Say why a household cannot sign in the ordinary way (特殊情形), or that it can again."""
    household = locked_household(household)
    require(by, "households.mark_special", household)
    if household.special == special:
        raise Refused(_("这一户现在就是这个情形"))
    if special and not reason.strip():
        raise Refused(_("请写明依据，例如死亡证明、查封通知"))
    before, household.special = household.special, special
    if reason.strip():
        household.remark = "\n".join(filter(None, [household.remark, reason.strip()]))
    household.save(update_fields=["special", "remark"])
    move_on(household)
    record("households.mark_special", household, by=by, before=before, now=str(special.value))


@transaction.atomic
def write_strategy(household: Household, *, version: int, strategy: str, by: User) -> None:
    """How this household is to be served (一户一策)."""
    household = locked_household(household)
    require(by, "households.write_strategy", household)
    refuse_if_changed(household, version, household, {"strategy": strategy})
    household.strategy = strategy
    household.save(update_fields=["strategy"])
    move_on(household)
    record("households.write_strategy", household, by=by)


def locked_all(households: Iterable[Household]) -> list[Household]:
    """Households as they are now, held still in one order, so that two such acts wait for each other."""
    wanted = {household.pk for household in households}
    if not wanted:
        raise Refused(_("请先选至少一户"))
    return list(Household.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


@transaction.atomic
def assign_responsible(
    households: Iterable[Household], *, responsible: User | None, by: User
) -> int:
    """Put households into one colleague's care (指派责任人), all of them or none."""
    homes = locked_all(households)
    for home in homes:
        require(by, "households.assign_responsible", home)
        if responsible and not set(
            offices_over(responsible, home.neighbourhood_id, home.building_id)
        ) & {"committee", "building_leader"}:
            raise Refused(
                _("%(who)s不管%(home)s，请换一位责任人")
                % {"who": responsible, "home": home.address}
            )
    wanted = responsible.pk if responsible else None
    moved = [home for home in homes if home.responsible_id != wanted]
    Household.objects.filter(pk__in=[home.pk for home in moved]).update(responsible=responsible)
    for home in moved:
        record(
            "households.assign_responsible",
            home,
            by=by,
            before=str(home.responsible_id or ""),
            now=str(wanted or ""),
        )
    return len(moved)


@transaction.atomic
def plan_contact(households: Iterable[Household], *, on: date | None, by: User) -> int:
    """Set the day on which households are to be contacted next (定联系日期), all of them or none."""
    if on is not None and on < timezone.localdate():
        raise Refused(_("联系日期已经过了，请选今天或以后"))
    homes = locked_all(households)
    for home in homes:
        require(by, "households.plan_contact", home)
    moved = [home for home in homes if home.next_contact_on != on]
    Household.objects.filter(pk__in=[home.pk for home in moved]).update(next_contact_on=on)
    for home in moved:
        record("households.plan_contact", home, by=by, on=on.isoformat() if on else "")
    return len(moved)
