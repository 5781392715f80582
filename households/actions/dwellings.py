"""Rows of a roster into household files, many at a time, and out again (整批入户、整批撤回)."""

import json
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from caoyang_portal.community.models import Building, WorkZone
from households.models import CareTag, FileReading, Household, ImportBatch, ImportRow, Member
from households.queries.roster import OWN_FIELDS, Roll, Values, is_replaced
from households.queries.roster_file.cells import numeral
from households.queries.search import search_text_for

Role = Member.Role
HELD = ("role", "name", "phone", "id_number", "is_deceased")  # of a member; what undo restores
INDEXES = ("phone_index", "phone_tail_index", "id_index")
RowToWrite = tuple[ImportRow, Values, dict[str, list[Any]]]

_NOTE_ROWS = """
    UPDATE households_importrow r SET household_id = n.household_id, before = n.before
    FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS n(id, household_id, before)
    WHERE r.id = n.id
"""


class Writer:
    """Writes one batch's rows, chunk by chunk, inside its transaction (整批入户)."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.roll = Roll(batch.neighbourhood_id)
        self.zones = {
            zone.name: zone
            for zone in WorkZone.objects.filter(neighbourhood_id=batch.neighbourhood_id)
        }
        self.made_places: dict[str, list[str]] = {"zones": [], "buildings": []}

    def write(self, rows: Sequence[RowToWrite]) -> None:
        new = [(row, values) for row, values, _c in rows if row.verdict == ImportRow.Verdict.NEW]
        changed = [each for each in rows if each[0].verdict == ImportRow.Verdict.CHANGED]
        notes = [*self._add(new), *self._change(changed)]
        prepare = ImportRow._meta.get_field("before").get_prep_value
        with connection.cursor() as cursor:
            cursor.execute(
                _NOTE_ROWS,
                [
                    [row.pk for row, _h, _b in notes],
                    [household for _r, household, _b in notes],
                    [prepare(before) for _r, _h, before in notes],
                ],
            )

    # --- places ----------------------------------------------------------------------------------

    def _zone(self, name: str) -> WorkZone | None:
        if name and name not in self.zones:
            self.zones[name] = WorkZone.objects.create(
                neighbourhood_id=self.batch.neighbourhood_id, name=name, order=_number_in(name)
            )
            self.made_places["zones"].append(str(self.zones[name].pk))
        return self.zones.get(name)

    def _building(self, values: Values) -> Building:
        building = self.roll.buildings.get(values["building"])
        zone = self._zone(values.get("zone", ""))
        if building is None:
            building = Building.objects.create(
                neighbourhood_id=self.batch.neighbourhood_id,
                work_zone=zone,
                name=values["building"],
                number=_number_in(values["building"]),
            )
            self.roll.buildings[values["building"]] = building
            self.made_places["buildings"].append(str(building.pk))
        elif zone and building.work_zone is None:
            building.work_zone = zone
            building.save(update_fields=["work_zone"])
        return building

    # --- new households --------------------------------------------------------------------------

    def _add(self, rows: list[tuple[ImportRow, Values]]) -> list[tuple[ImportRow, UUID, str]]:
        households, people, tags = [], [], []
        for _row, values in rows:
            household = Household(
                neighbourhood_id=self.batch.neighbourhood_id,
                building=self._building(values),
                **{of: values.get(of, "") for of in ("door", "room", "part")},
                **{of: values[of] for of in OWN_FIELDS if of in values},
            )
            members = self._members(household, values)
            household.search_text = search_text_for(household, members)
            households.append(household)
            people += members
            tags += self._tags(household, values.get("tags", []))
        Household.objects.bulk_create(households)
        Member.objects.bulk_create(people, batch_size=1_000)
        CareTag.objects.bulk_create(tags, batch_size=1_000)
        return [(row, home.pk, "") for (row, _values), home in zip(rows, households, strict=True)]

    def _members(self, household: Household, values: Values) -> list[Member]:
        holder = self._member(household, Role.HOLDER, values["name"], order=0)
        holder.phone, holder.id_number = values.get("phone", ""), values.get("id_number", "")
        holder.is_deceased = values.get("is_deceased", False)
        holder.index_numbers()
        return [holder, *self._others(household, values, known={holder.name}, order=1)]

    def _others(
        self, household: Household, values: Values, *, known: set[str], order: int
    ) -> list[Member]:
        """Co-owners and co-residents the row names and nobody knows yet."""
        named = [(name, Role.CO_OWNER, "") for name in values.get("co_owners", [])]
        named += [
            (each["name"], Role.CO_RESIDENT, each["relation"])
            for each in values.get("co_residents", [])
        ]
        others: dict[str, Member] = {}
        for name, role, relation in named:
            if name not in known and name not in others:
                member = self._member(household, role, name, order=order + len(others))
                member.relation = relation
                others[name] = member
        return list(others.values())

    def _member(self, household: Household, role: str, name: str, *, order: int) -> Member:
        return Member(
            neighbourhood_id=self.batch.neighbourhood_id,
            household=household,
            role=role,
            name=name,
            order=order,
        )

    def _tags(self, household: Household, tags: list[dict[str, str]]) -> list[CareTag]:
        return [
            CareTag(
                neighbourhood_id=self.batch.neighbourhood_id,
                household=household,
                kind=tag["kind"],
                note=tag["note"],
                added_by=self.batch.imported_by,
            )
            for tag in tags
        ]

    # --- changed households ----------------------------------------------------------------------

    def _change(self, rows: Sequence[RowToWrite]) -> list[tuple[ImportRow, UUID, str]]:
        found = (
            Household.objects.select_for_update(of=("self",))
            .select_related("building")
            .filter(pk__in=[row.household_id for row, _v, _c in rows])
            .order_by("pk")
        )
        homes = {home.pk: home for home in found}
        people: dict[UUID, list[Member]] = {pk: [] for pk in homes}
        for member in Member.objects.filter(household_id__in=homes, left_at=None):
            people[member.household_id].append(member)
        return [
            (row, home.pk, self._change_one(home, values, changes, people[home.pk]))
            for row, values, changes in rows
            if row.household_id and (home := homes[row.household_id])
        ]

    def _change_one(
        self,
        home: Household,
        values: Values,
        changes: dict[str, list[Any]],
        members: list[Member],
    ) -> str:
        """Make one household's changes; what undo needs to take them back, as JSON."""
        own = [of for of in changes if of in OWN_FIELDS or of in ("door", "part")]
        before: dict[str, Any] = {
            "home": {of: _plain(getattr(home, of)) for of in own},
            "members": [_held(member) for member in members],
        }
        for of in own:
            setattr(home, of, changes[of][1])
        added = self._change_holder(home, members, values)
        known = {member.name for member in [*members, *added]}
        added += self._others(home, values, known=known, order=len(members) + len(added))
        wanted = set((changes.get("tags") or [None, []])[1])
        tags = self._tags(home, [t for t in values.get("tags", []) if t["kind"] in wanted])
        Member.objects.bulk_create(added)
        CareTag.objects.bulk_create(tags)
        home.search_text = search_text_for(home, [*members, *added])
        home.version += 1
        home.save(update_fields=[*own, "search_text", "version"])
        before |= {
            "version": home.version,
            "added_members": [str(member.pk) for member in added],
            "added_tags": [str(tag.pk) for tag in tags],
        }
        return json.dumps(before, ensure_ascii=False)

    def _change_holder(
        self, home: Household, members: list[Member], values: Values
    ) -> list[Member]:
        """Correct the holder, or put another person in the place; the former one stays in the household."""
        holder = next((m for m in members if m.role == Role.HOLDER), None)
        added = []
        if holder is None or is_replaced(holder, values):
            if holder is not None:
                holder.role = Role.CO_RESIDENT
                holder.save(update_fields=["role"])
            holder = next((m for m in members if m.name == values["name"]), None)
            if holder is None:
                holder = self._member(home, Role.HOLDER, values["name"], order=0)
                added.append(holder)
        before = _held(holder)
        holder.role, holder.name = Role.HOLDER, values["name"]
        holder.phone = values.get("phone", holder.phone)
        holder.id_number = values.get("id_number", holder.id_number)
        holder.is_deceased = values.get("is_deceased", holder.is_deceased)
        if not added and _held(holder) != before:
            _save_held(holder)
        holder.index_numbers()
        return added


def _number_in(name: str) -> int:
    """The number in ``第二工区`` or ``3号楼``, for ordering; 0 where there is none."""
    match = re.search(r"\d+|[一二三四五六七八九十]+", name)
    return int(numeral(match[0])) if match and numeral(match[0]).isdigit() else 0


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def _held(member: Member) -> dict[str, Any]:
    return {"pk": str(member.pk)} | {of: getattr(member, of) for of in HELD}


def _save_held(member: Member) -> None:
    member.index_numbers()
    member.save(update_fields=[*HELD, *INDEXES])


# --- taking back -------------------------------------------------------------------------------


def take_back(batch: ImportBatch) -> list[list[str]]:
    """Restore what the import changed and remove what it brought; who had read the removed files."""
    for row in batch.importrow_set.filter(verdict=ImportRow.Verdict.CHANGED):
        if row.household_id:
            _restore(row.household_id, json.loads(row.before))
    new = list(
        batch.importrow_set.filter(verdict=ImportRow.Verdict.NEW).values_list(
            "household_id", flat=True
        )
    )
    readings = FileReading.objects.filter(household_id__in=new).order_by("at")
    read = [
        [str(household), str(reader), what, at.isoformat()]
        for household, reader, what, at in readings.values_list(
            "household_id", "reader_id", "what", "at"
        )
    ]
    readings.delete()
    ImportRow.objects.filter(household_id__in=new).update(household=None)
    Member.objects.filter(household_id__in=new).delete()
    CareTag.objects.filter(household_id__in=new).delete()
    Household.objects.filter(pk__in=new).delete()
    _remove_places(batch.made_places)
    return read


def _restore(household_id: UUID, before: dict[str, Any]) -> None:
    home = Household.objects.select_related("building").get(pk=household_id)
    CareTag.objects.filter(pk__in=before["added_tags"]).delete()
    Member.objects.filter(pk__in=before["added_members"]).delete()
    members = {str(m.pk): m for m in home.members.filter(left_at=None)}
    # The present holder steps down first: a household has one at a time.
    for held in sorted(before["members"], key=lambda held: held["role"] == Role.HOLDER):
        member = members[held["pk"]]
        for of in HELD:
            setattr(member, of, held[of])
        _save_held(member)
    for of, value in before["home"].items():
        setattr(home, of, value)
    home.search_text = search_text_for(home, members.values())
    home.version += 1
    home.save(update_fields=[*before["home"], "search_text", "version"])


def _remove_places(made: dict[str, list[str]]) -> None:
    """The buildings and zones the import brought, where nothing else stands in them."""
    for model, pks in (
        (Building, made.get("buildings", [])),
        (WorkZone, made.get("zones", [])),
    ):
        for place in model.objects.filter(pk__in=pks):
            try:
                with transaction.atomic():
                    place.delete()
            except (ProtectedError, IntegrityError):
                continue  # somebody uses it by now
