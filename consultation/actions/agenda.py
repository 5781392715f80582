"""The agenda of a meeting (议程): its points in their order, with minutes, papers and topics."""

from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.meeting_forms import form_of
from consultation.models import AgendaItem, Meeting

from .meeting_locks import locked_meeting, meeting_must_be

State = Meeting.State
FIELDS = ("title", "topic", "presenter", "minutes")
MOST_ITEMS, MOST_PAPERS = 40, 12


def _open_agenda(meeting: Meeting) -> Meeting:
    meeting = locked_meeting(meeting)
    if form_of(meeting.form).is_law:
        if meeting.state != State.DRAFT:
            raise Refused(_("这种会议的议程，通知以后不能再改。"))
    else:
        meeting_must_be(meeting, State.DRAFT, State.ANNOUNCED, State.UNDER_WAY)
    return meeting


def _refuse_others(meeting: Meeting, fields: dict[str, Any]) -> None:
    topic = fields.get("topic")
    if topic is not None and topic.neighbourhood_id != meeting.neighbourhood_id:
        raise Refused(_("这个议题不属于本居民区"))


@transaction.atomic
def add_agenda_item(meeting: Meeting, *, by: User, **fields: Any) -> AgendaItem:
    """Put another point at the end of the agenda (加一项)."""
    require(by, "consultation.add_agenda_item", meeting)
    meeting = _open_agenda(meeting)
    _refuse_others(meeting, fields)
    number = 1 + meeting.agenda.count()
    if number > MOST_ITEMS:
        raise Refused(_("议程最多 %(n)s 项") % {"n": MOST_ITEMS})
    item = AgendaItem.objects.create(
        meeting=meeting, neighbourhood_id=meeting.neighbourhood_id, number=number, **fields
    )
    record("consultation.add_agenda_item", meeting, by=by, item=item.pk)
    return item


@transaction.atomic
def edit_agenda_item(item: AgendaItem, *, by: User, **fields: Any) -> AgendaItem:
    """Change a point (修改)."""
    require(by, "consultation.edit_agenda_item", item.meeting)
    meeting = _open_agenda(item.meeting)
    _refuse_others(meeting, fields)
    item = meeting.agenda.select_for_update().get(pk=item.pk)
    for name in FIELDS:
        setattr(item, name, fields.get(name, getattr(item, name)))
    item.save(update_fields=FIELDS)
    record("consultation.edit_agenda_item", meeting, by=by, item=item.pk)
    return item


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, up: bool, by: User) -> AgendaItem:
    """One place up or down (调整顺序)."""
    require(by, "consultation.move_agenda_item", item.meeting)
    meeting = _open_agenda(item.meeting)
    item = meeting.agenda.get(pk=item.pk)
    other = meeting.agenda.filter(number=item.number + (-1 if up else 1)).first()
    if other is None:
        raise Refused(_("已经在头上了。") if up else _("已经在最后了。"))
    item.number, other.number = other.number, item.number
    item.save(update_fields=["number"])
    other.save(update_fields=["number"])
    record("consultation.move_agenda_item", meeting, by=by, item=item.pk)
    return item


@transaction.atomic
def remove_agenda_item(item: AgendaItem, *, by: User) -> None:
    """Take a point off (去掉一项); the ones below move up. What has a record stays."""
    require(by, "consultation.remove_agenda_item", item.meeting)
    meeting = _open_agenda(item.meeting)
    item = meeting.agenda.get(pk=item.pk)
    gone = item.pk
    try:
        item.delete()
    except ProtectedError as problem:
        raise Refused(_("这一项已经有记录，不能去掉。")) from problem
    meeting.agenda.filter(number__gt=item.number).update(number=F("number") - 1)
    record("consultation.remove_agenda_item", meeting, by=by, item=gone)


@transaction.atomic
def attach_paper(item: AgendaItem, *, paper: Attachment, by: User) -> AgendaItem:
    """Papers to read before (附材料); everybody who may see the meeting may read them."""
    require(by, "consultation.attach_paper", item.meeting)
    meeting = locked_meeting(item.meeting)
    if meeting.state == State.CANCELLED:
        meeting_must_be(meeting, State.DRAFT)
    if item.papers.count() >= MOST_PAPERS:
        raise Refused(_("一项议程最多附 %(n)s 份材料") % {"n": MOST_PAPERS})
    item.papers.add(paper)
    record("consultation.attach_paper", meeting, by=by, item=item.pk, sha256=paper.sha256)
    return item


@transaction.atomic
def remove_paper(item: AgendaItem, *, paper: Attachment, by: User) -> AgendaItem:
    """Take a paper off again (去掉材料); the file is kept."""
    require(by, "consultation.remove_paper", item.meeting)
    meeting = locked_meeting(item.meeting)
    meeting_must_be(meeting, State.DRAFT, State.ANNOUNCED)
    item.papers.remove(paper)
    record("consultation.remove_paper", meeting, by=by, item=item.pk, sha256=paper.sha256)
    return item
