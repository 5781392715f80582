"""The tables of the ledger (台账). Entries and checkpoints are written once; triggers refuse the rest."""

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .wording import describe


def _is_a_sha256(column: str, name: str) -> models.CheckConstraint:
    size = Func(F(column), function="octet_length", output_field=models.IntegerField())
    return models.CheckConstraint(condition=Exact(size, 32), name=name)


class Head(models.Model):
    """The last number and hash of one chain (链头); the only row an append has to lock."""

    chain = models.CharField(primary_key=True, max_length=80)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [_is_a_sha256("hash", "a_head_is_a_sha256")]

    def __str__(self):
        return f"{self.chain}#{self.seq}"


class EntryQuerySet(models.QuerySet):
    def of(self, *chains: str):
        """What happened on one of ``chains``, newest first."""
        return self.filter(chain__in=chains).order_by("-at", "-seq")

    def visible_to(self, user):
        """The records of the places where ``user`` is auditor or administrator, and the portal's own."""
        if not user.is_authenticated or not user.holds("auditor", "administrator"):
            return self.none()
        places = user.reach("auditor", "administrator")
        return self.filter(Q(neighbourhood_id__in=places) | Q(neighbourhood_id=None))


class Entry(models.Model):
    """One act (台账记录). Written once, by ``ledger_append()`` only, and never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.CharField(_("链"), max_length=80)
    seq = models.BigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    act = models.CharField(_("事项"), max_length=80)
    # null: the clock did it. No index: nobody asks for all acts of one person across the portal.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    neighbourhood_id = models.UUIDField(null=True)  # no foreign key: the ledger is below community
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    payload = models.TextField()  # the very text that was hashed; jsonb would reorder it
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["neighbourhood_id", "at"], name="entry_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "seq"], name="a_chain_has_one_entry_per_number"
            ),
            models.UniqueConstraint(fields=["chain", "prev_hash"], name="a_chain_never_forks"),
            _is_a_sha256("prev_hash", "a_previous_hash_is_a_sha256"),
            _is_a_sha256("hash", "an_entry_hash_is_a_sha256"),
        ]

    def __str__(self):
        return f"{self.act} {self.chain}#{self.seq}"

    @property
    def facts(self) -> dict:
        return json.loads(self.payload)

    @property
    def label(self) -> str:
        return describe(self.act)

    @property
    def short_hash(self) -> str:
        """The first eight digits, as shown beside an entry."""
        return bytes(self.hash).hex()[:8].upper()

    @property
    def ledger_chain(self) -> str:
        return self.chain


class DeliveryQuerySet(models.QuerySet):
    def open(self):
        """Still owed and not given up."""
        return self.filter(settled_at=None, dead_at=None)

    def due(self):
        """To be tried now, by the database's clock, which also stamped the entry."""
        return self.open().filter(next_try_at__lte=Now()).order_by("next_try_at", "pk")

    def dead(self):
        """Given up (死信); waiting for an administrator."""
        return self.filter(settled_at=None, dead_at__isnull=False).order_by("-dead_at", "pk")

    def visible_to(self, user):
        return self.filter(entry__in=Entry.objects.visible_to(user))


class Delivery(models.Model):
    """An entry owed to one subscriber (投递). Settled at least once, however often we crash."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries", db_index=False)
    subscriber = models.CharField(_("收件方"), max_length=120)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(_("原因"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(settled_at=None, dead_at=None),
                name="delivery_owed",
            ),
            models.Index(
                fields=["dead_at"],
                condition=Q(settled_at=None, dead_at__isnull=False),
                name="delivery_dead",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "subscriber"], name="one_delivery_each")
        ]

    def __str__(self):
        return f"{self.entry} -> {self.subscriber}"

    @property
    def neighbourhood_id(self):
        return self.entry.neighbourhood_id

    @property
    def ledger_chain(self) -> str:
        return f"upkeep:{self.neighbourhood_id or 'portal'}"


class Checkpoint(models.Model):
    """The Merkle root over every chain's head at one moment of a day (存证)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField(_("日期"), unique=True)
    at = models.DateTimeField(_("时间"))
    root = models.BinaryField()
    prev_root = models.BinaryField()  # 32 zero bytes before the first
    heads = models.IntegerField(_("链数"))
    entries = models.BigIntegerField(_("记录数"))
    # The sealed page; the one column the trigger lets be filled in later, once.
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    neighbourhood_id = None  # the portal's own: it covers every place
    ledger_chain = "checkpoints"

    class Meta:
        ordering = ["-day"]
        constraints = [
            _is_a_sha256("root", "a_root_is_a_sha256"),
            _is_a_sha256("prev_root", "a_previous_root_is_a_sha256"),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"

    @property
    def root_groups(self) -> list[str]:
        return in_groups(bytes(self.root))

    @property
    def prev_root_groups(self) -> list[str]:
        return in_groups(bytes(self.prev_root))


def in_groups(digest: bytes) -> list[str]:
    """A hash as people compare it: 8 groups of 8 hexadecimal digits."""
    text = digest.hex().upper()
    return [text[i : i + 8] for i in range(0, 64, 8)]


class CheckpointHead(models.Model):
    """A head that was new to a checkpoint (存证链头); those unchanged stand in an earlier one."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT)
    chain = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="a_head_is_anchored_once"),
            _is_a_sha256("hash", "an_anchored_head_is_a_sha256"),
        ]

    def __str__(self):
        return f"{self.checkpoint}: {self.chain}#{self.seq}"
