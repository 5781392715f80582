"""What a household has to show, and what of it is there (材料)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from households.models import (
    Agreement,
    Household,
    Mandate,
    Material,
    MaterialFile,
    MaterialItem,
    Member,
    Project,
)

Whom = MaterialItem.Whom


@dataclass
class Slot:
    """One material of one household: asked of whom, and what of it is there."""

    item: MaterialItem
    member: Member | None
    material: Material | None = None
    files: list[MaterialFile] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.item.pk}:{self.member.pk if self.member else ''}"

    @property
    def state(self) -> str:
        """A state of the material, or "" while there is none."""
        return self.material.state if self.material else ""

    @property
    def is_settled(self) -> bool:
        return self.state in Material.SETTLED

    @property
    def is_owed(self) -> bool:
        """Needed, and nothing is there to be looked at."""
        return self.item.is_needed and self.state in ("", Material.State.RETURNED)

    @property
    def has_room(self) -> bool:
        return not self.is_settled and len(self.files) < MaterialFile.MOST

    def of(self, reader_id: UUID) -> list[MaterialFile]:
        """The files that ``reader`` handed in."""
        return [file for file in self.files if file.uploaded_by_id == reader_id]


def slots(agreement: Agreement) -> list[Slot]:
    """Every material asked of the agreement's household, in the project's order; five queries."""
    items = list(items_of(agreement.project))
    given = {
        (material.item_id, material.member_id): material
        for material in Material.objects.filter(
            household=agreement.household_id, item__project=agreement.project_id
        )
        .select_related("settled_by")
        .prefetch_related("files__file", "files__uploaded_by")
    }
    people = _people(agreement)
    found = []
    for item in items:
        for member in people[item.whom]:
            material = given.get((item.pk, member.pk if member else None))
            files = list(material.files.all()) if material else []
            found.append(Slot(item, member, material, files))
    return found


def items_of(project: Project) -> Iterable[MaterialItem]:
    """What the project asks for now."""
    return MaterialItem.objects.filter(project=project, dropped_at=None)


def _people(agreement: Agreement) -> dict[str, list[Member | None]]:
    """Whose material each kind of line asks for."""
    members = Member.objects.defer("phone", "id_number")
    signing = members.filter(signatory__agreement=agreement).order_by("signatory__order")
    mandates = Mandate.objects.to_sign(timezone.localdate()).filter(
        household=agreement.household_id
    )
    represented = members.filter(Q(pk__in=mandates.values("principal")))
    return {
        Whom.HOUSEHOLD.value: [None],
        Whom.SIGNATORY.value: list(signing),
        Whom.AGENT.value: list(represented),
    }


def materials_of(household: Household) -> QuerySet[Any, Any]:
    """What the household has shown in whatever project, with how many files; for its own page."""
    return (
        Material.objects.filter(household=household)
        .select_related("item", "member")
        .annotate(handed_in=Count("files"))
        .order_by("item__order", "pk")
    )


def slot_of(agreement: Agreement, key: str) -> Slot | None:
    """The slot with this key, if the household is asked for it."""
    return next((slot for slot in slots(agreement) if slot.key == key), None)
