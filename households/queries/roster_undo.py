"""What keeps an import from being taken back (撤销的障碍)."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from households.models import (
    Agreement,
    CareTag,
    FileReading,
    Household,
    ImportBatch,
    ImportRow,
    Member,
)

# What an import itself brings, and the log of reading, do not stand in the way.
_BROUGHT = {Member, CareTag, ImportRow, FileReading}


@dataclass(frozen=True)
class Blocker:
    """A household that somebody has worked on since (挡住撤销的户)."""

    household: Household
    reason: str

    def __str__(self) -> str:
        return f"{self.household.building}{self.household.room}室（{self.reason}）"


def undo_blockers(batch: ImportBatch) -> list[Blocker]:
    """Households changed since the import; empty when it can be taken back."""
    found: dict[object, Blocker] = {}
    for households, reason in [
        (_edited(batch), _("档案已修改")),
        (_with_papers(batch), _("已有后续材料")),
    ]:
        for household in households.select_related("building"):
            found.setdefault(household.pk, Blocker(household, reason))
    return sorted(found.values(), key=lambda b: (b.household.building.number, b.household.room))


def _of(batch: ImportBatch, verdict: str) -> QuerySet[Household]:
    rows = ImportRow.objects.filter(batch=batch, verdict=verdict)
    return Household.objects.filter(pk__in=rows.values("household_id"))


def _edited(batch: ImportBatch) -> QuerySet[Household]:
    """Files whose version moved on, or to which a care tag came or went."""
    after: dict[UUID, int] = {
        row.household_id: json.loads(row.before)["version"] if row.before else 1
        for row in batch.importrow_set.filter(verdict__in=["new", "changed"])
        if row.household_id
    }
    versions = Household.objects.filter(pk__in=after).values_list("pk", "version")
    moved = [pk for pk, version in versions if version != after[pk]]
    tags = CareTag.objects.filter(household_id=OuterRef("pk")).filter(
        Q(added_at__gt=batch.imported_at) | Q(removed_at__gt=batch.imported_at)
    )
    return Household.objects.filter(Q(pk__in=moved) | Q(Q(pk__in=list(after)), Exists(tags)))


def _with_papers(batch: ImportBatch) -> QuerySet[Household]:
    """New households that anything else refers to, and changed ones that have an agreement since."""
    referred = Q(pk=None)
    for relation in Household._meta.related_objects:
        if relation.related_model not in _BROUGHT and not relation.many_to_many:
            rows = relation.related_model._default_manager.filter(
                **{f"{relation.field.name}_id": OuterRef("pk")}
            )
            referred |= Q(Exists(rows))
    agreed = Agreement.objects.filter(household_id=OuterRef("pk"), made_at__gte=batch.imported_at)
    new, changed = _of(batch, "new").values("pk"), _of(batch, "changed").values("pk")
    return Household.objects.filter(
        Q(Q(pk__in=new), referred) | Q(Q(pk__in=changed), Exists(agreed))
    )
