"""Notes taken while a meeting goes on (现场笔记): one text per point of the agenda, every text ever sent kept."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.ids import new_id

from .attendance import OfMeetings
from .meetings import AgendaItem, Meeting


class MeetingNote(models.Model):
    """What the recorders have written on one point, or on the meeting as a whole (现场笔记)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notes")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="notes")
    version = models.PositiveIntegerField(default=0)  # the number of the text that stands
    text = models.TextField(blank=True)

    objects = OfMeetings.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "item"],
                nulls_distinct=False,
                name="a_point_of_the_agenda_has_one_note",
            )
        ]

    def __str__(self):
        return f"{self.meeting_id}/{self.item_id}: {self.version}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class NoteVersion(models.Model):
    """One text as it was sent or put together (笔记的一稿); never changed, never thrown away."""

    class Outcome(models.TextChoices):
        SAVED = "saved", _("已存")  # it followed the text that stood
        SENT = "sent", _("已并入")  # somebody had written meanwhile; the next one holds both
        MERGED = "merged", _("合并")
        CONFLICT = "conflict", _("有冲突")  # both changed the same lines: it waits for a person

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(MeetingNote, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()  # the text it was written on; 0 is the empty one
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)  # of a conflict, by a later text

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "number"], name="a_note_has_one_of_each_version"
            ),
            models.CheckConstraint(
                condition=Q(base__lt=F("number")), name="a_text_is_written_on_an_earlier_one"
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.text[:40]}"
