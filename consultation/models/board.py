"""The public board of a poll (公示链), its result and what follows from it."""

import json

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .polls import Poll


def _is_a_sha256(column: str, name: str) -> models.CheckConstraint:
    size = Func(F(column), function="octet_length", output_field=models.IntegerField())
    return models.CheckConstraint(condition=Exact(size, 32), name=name)


class BoardEntry(models.Model):
    """One link of a poll's public chain (公示链): set-up, batches of codes, close, result."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="board")
    seq = models.PositiveIntegerField()
    payload = models.TextField()  # the very text that was hashed
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "seq"], name="a_board_has_one_entry_per_number"
            ),
            models.UniqueConstraint(fields=["poll", "prev_hash"], name="a_board_never_forks"),
            _is_a_sha256("prev_hash", "a_board_s_previous_hash_is_a_sha256"),
            _is_a_sha256("hash", "a_board_hash_is_a_sha256"),
        ]

    def __str__(self):
        return f"{self.poll_id}#{self.seq}"

    @property
    def facts(self) -> dict:
        return json.loads(self.payload)


class PollResult(models.Model):
    """The result as counted (表决结果); the notice is printed and sealed after it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="result")
    figures = models.TextField()  # canonical JSON, as on the board
    counted_at = models.DateTimeField(default=timezone.now)
    counted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objections_until = models.DateField(_("异议截止"))
    notice = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    notice_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(notice=None) | ~Q(notice_sha256=""), name="a_result_notice_is_hashed"
            )
        ]

    def __str__(self):
        return str(self.poll)

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"

    @property
    def shown(self) -> dict:
        return json.loads(self.figures)


class FollowUp(models.Model):
    """What a result obliges somebody to do (落实事项), listed once until it is done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("事项"), max_length=300)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("落实情况"), blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "number"], name="a_result_is_followed_up_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(note=""), name="a_settled_task_says_how"
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"
