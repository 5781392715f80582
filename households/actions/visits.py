"""Visits, contacts and care (走访、联系人、关爱标签)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import CareTag, Contact, Household, Visit

from .files import locked_all
from .locking import locked_household


@transaction.atomic
def add_visit(
    household: Household,
    *,
    way: Visit.Way,
    outcome: Visit.Outcome,
    text: str = "",
    next_action: str = "",
    next_on: date | None = None,
    by: User,
) -> Visit:
    """Note one contact with the household (随手记); its words stay in the file, not in the ledger."""
    household = locked_household(household)
    require(by, "households.add_visit", household)
    if next_on is not None and next_on < timezone.localdate():
        raise Refused(_("下次联系的日期已经过了，请选今天或以后"))
    visit = Visit.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        by=by,
        way=way,
        outcome=outcome,
        text=text.strip(),
        next_action=next_action.strip(),
        next_on=next_on,
    )
    household.next_contact_on = next_on  # what was planned is done; what follows is planned now
    household.save(update_fields=["next_contact_on"])
    record("households.add_visit", household, by=by, visit=str(visit.pk), way=str(visit.way))
    return visit


@transaction.atomic
def add_contact(
    household: Household,
    *,
    name: str,
    relation: str = "",
    phone: str = "",
    best_time: str = "",
    is_emergency: bool = False,
    by: User,
) -> Contact:
    """Note whom to call about the household (登记联系人)."""
    household = locked_household(household)
    require(by, "households.add_contact", household)
    contact = Contact.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        name=name,
        relation=relation,
        phone=phone,
        best_time=best_time,
        is_emergency=is_emergency,
    )
    record("households.add_contact", household, by=by, contact=str(contact.pk))
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: User) -> None:
    """Stop calling this person about the household (移除联系人)."""
    household = locked_household(contact.household)
    contact = household.contacts.get(pk=contact.pk)
    require(by, "households.remove_contact", household)
    if contact.removed_at:
        raise Refused(_("这位联系人已经移除"))
    contact.removed_at = timezone.now()
    contact.save(update_fields=["removed_at"])
    record("households.remove_contact", household, by=by, contact=str(contact.pk))


@transaction.atomic
def add_care_tag(
    household: Household,
    *,
    kind: CareTag.Kind,
    note: str = "",
    until: date | None = None,
    by: User,
) -> CareTag:
    """Note a difficulty of the household (添加关爱标签); the ledger does not say which (PIPL art. 28)."""
    household = locked_household(household)
    require(by, "households.add_care_tag", household)
    if until is not None and until < timezone.localdate():
        raise Refused(_("有效期已经过了，请选今天或以后"))
    now = timezone.now()
    household.care_tags.filter(kind=kind, removed_at=None, until__lt=timezone.localdate()).update(
        removed_at=now
    )
    if household.care_tags.filter(kind=kind, removed_at=None).exists():
        raise Refused(_("这一户已有这个标签"))
    tag = CareTag.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        kind=kind,
        note=note.strip(),
        until=until,
        added_by=by,
    )
    record("households.add_care_tag", household, by=by, tag=str(tag.pk))
    return tag


@transaction.atomic
def remove_care_tag(tag: CareTag, *, by: User) -> None:
    """The difficulty is over (移除关爱标签)."""
    household = locked_household(tag.household)
    tag = household.care_tags.get(pk=tag.pk)
    require(by, "households.remove_care_tag", household)
    if tag.removed_at:
        raise Refused(_("这个标签已经移除"))
    tag.removed_at = timezone.now()
    tag.save(update_fields=["removed_at"])
    record("households.remove_care_tag", household, by=by, tag=str(tag.pk))


@transaction.atomic
def add_care_tags(
    households: Iterable[Household], *, kind: CareTag.Kind, by: User
) -> list[CareTag]:
    """Note one difficulty of many households (批量加标签); those that have it keep it. Returns the new tags."""
    homes = locked_all(households)
    for home in homes:
        require(by, "households.add_care_tags", home)
    standing = CareTag.objects.filter(household__in=homes, kind=kind, removed_at=None)
    today = timezone.localdate()
    standing.filter(until__lt=today).update(removed_at=timezone.now())
    have = set(standing.values_list("household_id", flat=True))
    tags = CareTag.objects.bulk_create(
        [
            CareTag(neighbourhood_id=home.neighbourhood_id, household=home, kind=kind, added_by=by)
            for home in homes
            if home.pk not in have
        ],
        batch_size=500,
    )
    for tag in tags:
        record("households.add_care_tags", tag.household, by=by, tag=str(tag.pk))
    return tags


@transaction.atomic
def remove_care_tags(
    households: Iterable[Household], *, kind: CareTag.Kind, by: User
) -> list[CareTag]:
    """The difficulty of many households is over (批量去标签). Returns the tags that were taken off."""
    homes = locked_all(households)
    for home in homes:
        require(by, "households.remove_care_tags", home)
    standing = CareTag.objects.filter(household__in=homes, kind=kind, removed_at=None)
    tags = list(standing.select_related("household").order_by("household_id"))
    CareTag.objects.filter(pk__in=[tag.pk for tag in tags]).update(removed_at=timezone.now())
    for tag in tags:
        record("households.remove_care_tags", tag.household, by=by, tag=str(tag.pk))
    return tags


@transaction.atomic
def restore_care_tags(tags: Iterable[CareTag], *, by: User) -> int:
    """Put back what was just taken off (恢复标签), with its note and dates."""
    asked = {tag.pk: tag.household for tag in tags}
    homes = {home.pk: home for home in locked_all(asked.values())}
    for home in homes.values():
        require(by, "households.restore_care_tags", home)
    gone = list(
        CareTag.objects.filter(pk__in=asked, removed_at__isnull=False).order_by("household_id")
    )
    again = [
        tag
        for tag in gone
        if not CareTag.objects.filter(
            household_id=tag.household_id, kind=tag.kind, removed_at=None
        ).exists()
    ]
    CareTag.objects.filter(pk__in=[tag.pk for tag in again]).update(removed_at=None)
    for tag in again:
        record("households.restore_care_tags", homes[tag.household_id], by=by, tag=str(tag.pk))
    return len(again)
