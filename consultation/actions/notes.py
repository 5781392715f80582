"""Notes taken by several at once (现场笔记): every text that was sent is kept, none overwrites another."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.merging import merge
from consultation.models import AgendaItem, Meeting, MeetingNote, NoteVersion

MOST_LETTERS = 60_000
Outcome = NoteVersion.Outcome


@dataclass(frozen=True)
class Saved:
    """What became of a text: where to write on from, and what stands now."""

    note: MeetingNote
    yours: int  # the version that is the text as it was sent
    conflict: NoteVersion | None = None


@transaction.atomic
def save_note(
    meeting: Meeting, *, item: AgendaItem | None, text: str, base: int, settles: int = 0, by: User
) -> Saved:
    """Save a text written on version ``base`` (存笔记).

    If somebody saved meanwhile, both are put together by lines; where they collide both are kept and
    a person decides, by saving a text that ``settles`` the conflict. The versions are the record of
    an ordinary save; the ledger hears of conflicts only.
    """
    note = _locked(meeting, item)
    require(by, "consultation.save_note", note)
    _refuse_unfit(meeting, item, text)
    if text == note.text:
        _settle(note, settles, by)
        return Saved(note, note.version)
    if base == note.version:
        saved = _stands(note, text, base, Outcome.SAVED, by)
        _settle(note, settles, by)
        return saved
    merged = merge(_text_of(note, base), text, note.text)
    settles = max(settles, _own_conflict(note, base))
    if merged is None:
        _settle(note, settles, by)
        conflict = _kept(note, text, base, Outcome.CONFLICT, by)
        record("consultation.save_note", note, by=by, conflict=conflict.number)
        return Saved(note, conflict.number, conflict)
    _settle(note, settles, by)
    if merged == text:
        return _stands(note, text, base, Outcome.SAVED, by)
    sent = _kept(note, text, base, Outcome.SENT, by)
    if merged != note.text:
        _stands(note, merged, sent.number, Outcome.MERGED, by)
    return Saved(note, sent.number)


def _locked(meeting: Meeting, item: AgendaItem | None) -> MeetingNote:
    note, _made = MeetingNote.objects.get_or_create(
        meeting=meeting, item=item, defaults={"neighbourhood_id": meeting.neighbourhood_id}
    )
    note = MeetingNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    note.meeting = meeting
    return note


def _refuse_unfit(meeting: Meeting, item: AgendaItem | None, text: str) -> None:
    if item is not None and item.meeting_id != meeting.pk:
        raise Refused(_("这一项不在这次会议的议程里。"))
    if meeting.state == Meeting.State.CANCELLED:
        raise Refused(_("会议已经取消。"))
    if len(text) > MOST_LETTERS:
        raise Refused(_("这一项写得太长了，请分到别的议程里写。"))


def _text_of(note: MeetingNote, number: int) -> str:
    if number == 0:
        return ""
    version = note.versions.filter(number=number).first()
    if version is None:
        raise Refused(_("这一页太旧了，请复制您写的，刷新后再写进去。"))
    return version.text


def _own_conflict(note: MeetingNote, base: int) -> int:
    """Written on from a text that collided: this one takes its place, whatever becomes of it."""
    waiting = note.versions.filter(number=base, outcome=Outcome.CONFLICT, settled_at=None)
    return base if waiting.exists() else 0


def _kept(note: MeetingNote, text: str, base: int, outcome: Outcome, by: User) -> NoteVersion:
    last = note.versions.aggregate(last=Max("number"))["last"] or 0
    return NoteVersion.objects.create(
        note=note, number=last + 1, base=base, text=text, outcome=outcome, by=by
    )


def _stands(note: MeetingNote, text: str, base: int, outcome: Outcome, by: User) -> Saved:
    version = _kept(note, text, base, outcome, by)
    note.version, note.text = version.number, text
    note.save(update_fields=["version", "text"])
    return Saved(note, version.number)


def _settle(note: MeetingNote, number: int, by: User) -> None:
    """A person has looked at both texts; what was written by then is settled."""
    if not number:
        return
    now: datetime = timezone.now()
    waiting = note.versions.filter(outcome=Outcome.CONFLICT, settled_at=None, number__lte=number)
    if waiting.update(settled_at=now):
        record("consultation.save_note", note, by=by, settled=number)
