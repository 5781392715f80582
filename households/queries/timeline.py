"""Everything that happened to a household, newest first (时间线): ledger, visits, readings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.community.models import User
from caoyang_portal.ledger.models import Entry
from caoyang_portal.ledger.wording import describe
from households.models import FileReading, Household, Member, Visit

from .roster_pages import import_events, imports_of

KINDS = {
    "visit": gettext_lazy("走访"),
    "file": gettext_lazy("档案改动"),
    "plan": gettext_lazy("方案"),
    "agreement": gettext_lazy("协议和签名"),
    "letter": gettext_lazy("告知书和账号"),
    "reading": gettext_lazy("谁看过"),
}
# Entries that stand in the timeline by a row of their own, with the words the ledger does not have.
SHOWN_BY_ROWS = (
    "households.add_visit",
    "households.read_file",
    "households.unmask_number",
    "households.unmask_contact",
    "households.read_care_tags",
    "households.print_file",
    "households.read_mandate_document",
    "households.read_material",
)
ACTS = {
    "letter": (
        "households.issue_letters",
        "households.link_by_letter",
        "households.link_at_counter",
        "households.ask_for_counter_check",
        "households.disown_letter",
        "households.decline_residency",
        "households.end_residency",
    ),
    "file": (
        "households.edit_household",
        "households.mark_special",
        "households.write_strategy",
        "households.assign_responsible",
        "households.plan_contact",
        "households.add_member",
        "households.edit_member",
        "households.end_membership",
        "households.record_death",
        "households.add_contact",
        "households.remove_contact",
        "households.add_care_tag",
        "households.remove_care_tag",
        "households.record_mandate",
        "households.approve_mandate",
        "households.revoke_mandate",
        "households.ask_correction",
        "households.settle_correction",
        "households.import_batch",
        "households.undo_import",
    ),
}


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    at: datetime
    kind: str
    title: str
    who: str
    words: str = ""
    changes: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])


def timeline(household: Household, kinds: list[str]) -> QuerySet:
    """Keys of the events of ``kinds``, newest first, to be paged; ``events`` makes lines of a page."""
    shape = {
        "moment": Cast(F("at"), DateTimeField()),
        "row": Cast(F("pk"), TextField()),
    }
    parts: list[QuerySet] = []
    acts = _entries(household, kinds)
    if acts is not None:
        parts.append(
            acts.order_by()
            .annotate(source=Value("entry", CharField()), **shape)
            .values_list("moment", "source", "row")
        )
    if "visit" in kinds:
        parts.append(
            Visit.objects.filter(household=household)
            .order_by()
            .annotate(source=Value("visit", CharField()), **shape)
            .values_list("moment", "source", "row")
        )
    if "reading" in kinds:
        parts.append(
            FileReading.objects.filter(household=household)
            .order_by()
            .annotate(source=Value("reading", CharField()), **shape)
            .values_list("moment", "source", "row")
        )
    if "file" in kinds:
        parts.append(
            imports_of(household)
            .order_by()
            .annotate(
                source=Value("import", CharField()),
                moment=Cast(F("batch__imported_at"), DateTimeField()),
                row=shape["row"],
            )
            .values_list("moment", "source", "row")
        )
    if not parts:
        return Visit.objects.none().values_list("at", "way", "pk")
    first, *others = parts
    return first.union(*others, all=True).order_by("-moment", "-row")


def _entries(household: Household, kinds: list[str]) -> QuerySet[Entry] | None:
    """The ledger's entries of these kinds; what is neither letter nor file is told by its name."""
    wanted = set(kinds) & {"file", "letter", "agreement", "plan"}
    if not wanted:
        return None
    entries = Entry.objects.of(household.ledger_chain).exclude(act__in=SHOWN_BY_ROWS)
    if wanted == {"file", "letter", "agreement", "plan"}:
        return entries
    chosen = entries.none()
    for kind in wanted & set(ACTS):
        chosen |= entries.filter(act__in=ACTS[kind])
    if "plan" in wanted:
        chosen |= entries.filter(subject_type__in=_PLAN_SUBJECTS)
    if "agreement" in wanted:
        chosen |= entries.exclude(act__in=[a for acts in ACTS.values() for a in acts]).exclude(
            subject_type__in=_PLAN_SUBJECTS
        )
    return chosen


_PLAN_SUBJECTS = (
    "households.plan",
    "households.drawing",
    "households.planremark",
    "households.planconfirmation",
)


def events(keys: list[tuple[datetime, str, str]], *, masked: bool = False) -> list[Event]:
    """One page of keys as lines to read: three queries, however long the page."""
    wanted: dict[str, list[str]] = {"entry": [], "visit": [], "reading": [], "import": []}
    for _at, source, row in keys:
        wanted[source].append(row)
    entries = Entry.objects.select_related("actor").filter(pk__in=wanted["entry"])
    visits = Visit.objects.select_related("by").filter(pk__in=wanted["visit"])
    readings = FileReading.objects.select_related("reader").filter(pk__in=wanted["reading"])
    lines: dict[tuple[str, str], Event] = {}
    for entry in entries:
        lines["entry", str(entry.pk)] = _of_entry(entry, masked)
    for visit in visits:
        lines["visit", str(visit.pk)] = _of_visit(visit)
    for reading in readings:
        lines["reading", str(reading.pk)] = _of_reading(reading)
    for imported in import_events(wanted["import"]):
        lines["import", imported.row] = Event(
            at=imported.at,
            kind="file",
            title=_("名册导入"),
            who=_who(imported.by, masked),
            words=imported.words,
            changes=imported.changes,
        )
    return [lines[source, row] for _at, source, row in keys]


def _kind_of(entry: Entry) -> str:
    for kind, acts in ACTS.items():
        if entry.act in acts:
            return kind
    return "plan" if entry.subject_type in _PLAN_SUBJECTS else "agreement"


def _of_entry(entry: Entry, masked: bool) -> Event:
    facts = entry.facts
    changes = tuple(
        (_field_label(name), _shown(name, old), _shown(name, new))
        for name, (old, new) in facts.get("changes", {}).items()
    )
    fields = [
        _field_label(name)
        for name in facts.get("fields", ())
        if name not in facts.get("changes", {})
    ]
    return Event(
        at=entry.at,
        kind=_kind_of(entry),
        title=describe(entry.act),
        who=_who(entry.actor, masked),
        words="、".join(fields),
        changes=changes,
    )


def _of_visit(visit: Visit) -> Event:
    words = [visit.text]
    if visit.next_action or visit.next_on:
        words.append(
            _("下一步：%(what)s %(day)s") % {"what": visit.next_action, "day": visit.next_on or ""}
        )
    return Event(
        at=visit.at,
        kind="visit",
        title=f"{visit.get_way_display()} · {visit.get_outcome_display()}",
        who=str(visit.by),
        words="\n".join(filter(None, words)),
    )


def _of_reading(reading: FileReading) -> Event:
    who = f"{reading.reader}（{reading.office_label}）" if reading.office else str(reading.reader)
    return Event(
        at=reading.at,
        kind="reading",
        title=str(reading.get_what_display()),
        who=who,
        words=reading.reason,
    )


def _who(actor: User | None, masked: bool) -> str:
    if actor is None:
        return _("到时间自动办理")
    return actor.masked_name if masked else str(actor)


# The names of the fields that acts say they changed.
_FIELDS = {f.name: f for model in (Member, Household) for f in model._meta.concrete_fields}


def _field_label(name: str) -> str:
    return str(_FIELDS[name].verbose_name) if name in _FIELDS else name


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return _("未填")
    if isinstance(value, bool):
        return _("有") if value else _("没有")
    choices = dict(_FIELDS[name].flatchoices) if name in _FIELDS else {}
    return str(choices.get(value, value))
