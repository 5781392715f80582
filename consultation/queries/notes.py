"""The notes of a meeting as the recorders see them (现场笔记)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from consultation.merging import Line, compare, together
from consultation.models import AgendaItem, Meeting, NoteVersion


@dataclass(frozen=True)
class Clash:
    """Two texts that changed the same lines: both, the difference, and what one may start from."""

    version: NoteVersion
    theirs: str
    lines: list[Line]
    together: str


@dataclass(frozen=True)
class Sheet:
    """One point of the agenda with what was written on it; the last sheet belongs to no point."""

    item: AgendaItem | None
    text: str
    version: int
    last_by: str
    last_at: datetime | None
    clashes: list[Clash]

    @property
    def key(self) -> str:
        return str(self.item.pk) if self.item else ""


def sheets(meeting: Meeting) -> list[Sheet]:
    """A sheet for each point of the agenda, and one for all that belongs to none."""
    notes = {note.item_id: note for note in meeting.notes.all()}
    last = _versions(meeting)
    waiting: dict[UUID, list[NoteVersion]] = defaultdict(list)
    conflicts = NoteVersion.objects.filter(
        note__meeting=meeting, outcome=NoteVersion.Outcome.CONFLICT, settled_at=None
    )
    for version in conflicts.select_related("by"):
        waiting[version.note_id].append(version)
    found = []
    for item in [*meeting.agenda.all(), None]:
        note = notes.get(item.pk if item else None)
        if note is None:
            found.append(Sheet(item, "", 0, "", None, []))
            continue
        standing = last.get((note.pk, note.version))
        clashes = [_clash(one, note.text) for one in waiting[note.pk]]
        by, at = (standing.by.name, standing.at) if standing else ("", None)
        found.append(Sheet(item, note.text, note.version, by, at, clashes))
    return found


def _versions(meeting: Meeting) -> dict[tuple[UUID, int], NoteVersion]:
    """Of each note the text that stands, with who wrote it."""
    standing = NoteVersion.objects.filter(note__meeting=meeting, number=F("note__version"))
    return {(one.note_id, one.number): one for one in standing.select_related("by")}


def _clash(version: NoteVersion, theirs: str) -> Clash:
    return Clash(version, theirs, compare(theirs, version.text), together(theirs, version.text))
