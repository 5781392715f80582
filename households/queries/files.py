"""One household's file as somebody may see it (一户一档): only the visible parts are fetched."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from households.models import (
    Agreement,
    AllowanceItem,
    CareTag,
    Contact,
    CorrectionRequest,
    FileReading,
    Household,
    LetterCode,
    Mandate,
    Member,
    Plan,
    Residency,
    Visit,
)
from households.rules import files as parts

from .signing import signatories_with_signatures, signature_of


@dataclass
class Holder:
    """One who must sign, and whether that is done in the agreement now on the table."""

    member: Member
    has_signed: bool | None  # None: no agreement yet


@dataclass
class File:
    """What is shown of a household; a part nobody may see here is empty and not in ``parts``."""

    household: Household
    parts: frozenset[str]
    holders: list[Holder] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    former_members: list[Member] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    money: list[AllowanceItem] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    residencies: list[Residency] = field(default_factory=list)
    letters: list[LetterCode] = field(default_factory=list)
    corrections: list[CorrectionRequest] = field(default_factory=list)
    care_tags: list[CareTag] = field(default_factory=list)  # filled by read_care_tags only
    readings: list[FileReading] = field(default_factory=list)

    @property
    def agreement(self) -> Agreement | None:
        """The one that is being signed or is signed."""
        return next((a for a in self.agreements if a.state in Agreement.LIVE), None)

    @property
    def is_overtaken(self) -> bool:
        """Somebody of the agreement has died or left before signing: a new version is owed."""
        return (
            self.agreement is not None
            and self.agreement.state in Agreement.UNSIGNED
            and any(one.member.is_gone and one.has_signed is False for one in self.holders)
        )

    @property
    def shows(self) -> dict[str, bool]:
        """The visible parts by name, for templates: ``file.shows.areas``."""
        return {name: name in self.parts for name in parts.WHOLE_FILE}


def household_file(household: Household, seen: frozenset[str], *, visits: int = 20) -> File:
    """The file of ``household`` with the parts in ``seen``; care tags are read by their own act."""
    file = File(household, seen)
    if seen & {parts.HOLDERS, parts.MEMBERS, parts.PHONES}:
        everyone = list(household.members.all())
        file.members = [m for m in everyone if m.left_at is None]
        if parts.MEMBERS in seen:
            file.former_members = [m for m in everyone if m.left_at is not None]
    if seen & {parts.STAGE, parts.AGREEMENTS, parts.HOLDERS}:
        file.agreements = list(household.agreements.select_related("project").order_by("-made_at"))
        file.holders = _holders(file)
    for part, attribute, rows in _PARTS:
        if part in seen:
            setattr(file, attribute, list(rows(household)))
    if parts.VISITS in seen:
        file.visits = list(household.visits.select_related("by").order_by("-at")[:visits])
    return file


def _holders(file: File) -> list[Holder]:
    must = [m for m in file.members if m.role in (Member.Role.HOLDER, Member.Role.CO_OWNER)]
    if file.agreement is None:
        return [Holder(member, None) for member in must]
    lines = signatories_with_signatures(file.agreement)
    signed = {line.member_id: signature_of(line) is not None for line in lines}
    must += [line.member for line in lines if line.member.left_at]
    return [Holder(member, signed.get(member.pk, False)) for member in must]


def _published_plans(household: Household) -> Any:
    return household.plans.select_related("project").order_by("-version", "-drawn_at")


_PARTS = (
    (parts.CONTACTS, "contacts", lambda home: home.contacts.filter(removed_at=None)),
    (parts.PLANS, "plans", _published_plans),
    (parts.MONEY, "money", lambda home: home.allowance_items.order_by("code")),
    (
        parts.MANDATES,
        "mandates",
        lambda home: home.mandate_set.select_related(
            "principal", "recorded_by", "approved_by", "document"
        ).order_by("-recorded_at"),
    ),
    (
        parts.LETTERS,
        "residencies",
        lambda home: home.residency_set.select_related("user", "member", "verified_by").order_by(
            "ended_at", "-verified_at"
        ),
    ),
    (
        parts.LETTERS,
        "letters",
        lambda home: home.lettercode_set.select_related("issued_by").order_by("-issued_at")[:5],
    ),
    (
        parts.CORRECTIONS,
        "corrections",
        lambda home: home.correctionrequest_set.select_related("asked_by", "settled_by").order_by(
            "-asked_at"
        ),
    ),
)


def whole_file(household: Household, *, for_itself: bool) -> File:
    """Everything held about a household: printed by staff, or ``for_itself`` on its own page.

    Drafts are the office's until they are published: the household sees what was put before it.
    """
    file = household_file(household, parts.WHOLE_FILE, visits=500)
    if for_itself:
        file.plans = [plan for plan in file.plans if plan.published_at]
        file.agreements = [a for a in file.agreements if a.state != Agreement.State.DRAFT]
    file.care_tags = list(
        household.care_tags.standing(timezone.localdate()).select_related("added_by")
    )
    file.readings = list(
        FileReading.objects.filter(household=household)
        .select_related("reader")
        .order_by("-at")[:200]
    )
    return file
