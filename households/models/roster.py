"""The committee's roster: imports, and the snapshot that is counted (名册)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User, WorkZone
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import Household

UNDO_WITHIN = timedelta(hours=24)


class RosterQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Those of the neighbourhoods on whose committee one sits."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.places("committee"))


class ImportBatchQuerySet(RosterQuerySet):
    def waiting(self):
        """Asked for, and in nobody's hands (a worker's hold ends by itself if it dies)."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lt=Now()),
            state__in=[ImportBatch.State.READING, ImportBatch.State.IMPORTING],
        ).order_by("uploaded_at")


class ImportBatch(models.Model):
    """One roster file taken in (导入批次)."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("待确认表头")
        READING = "reading", _("正在核对")
        CHECKED = "checked", _("核对完成")
        IMPORTING = "importing", _("正在导入")
        IMPORTED = "imported", _("已导入")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")
        FAILED = "failed", _("未能读取")

    MOVES = {
        State.UPLOADED: {State.READING, State.FAILED, State.DISCARDED},
        State.READING: {State.CHECKED, State.FAILED},
        State.CHECKED: {State.READING, State.IMPORTING, State.DISCARDED},
        State.IMPORTING: {State.IMPORTED, State.CHECKED},
        State.IMPORTED: {State.UNDONE},
        State.UNDONE: set(),
        State.DISCARDED: set(),
        State.FAILED: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    file = models.ForeignKey(Attachment, models.PROTECT)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64)  # of what was given; it is kept encrypted
    head = ConfidentialField(blank=True, default="")  # JSON: sheets, headings, samples
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    heading_row = models.PositiveIntegerField(null=True)
    mapping = models.JSONField(default=dict)  # column number (as text) -> field
    rows = models.PositiveIntegerField(default=0)
    good_rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)  # rows with a warning
    living_area_total = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    only_good_rows = models.BooleanField(default=False)  # asked for when some had errors
    done = models.PositiveIntegerField(default=0)  # progress of reading or importing
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  # a worker has it until then
    problem = models.CharField(max_length=200, blank=True)  # why it could not be read or imported
    made_places = models.JSONField(default=dict)  # zones and buildings it brought; undo takes them
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["neighbourhood", "-uploaded_at"], name="batch_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["imported", "undone"]) | Q(imported_at__isnull=False),
                name="an_imported_roster_says_when",
            )
        ]

    def __str__(self):
        return f"{self.file_name} {self.uploaded_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"import:{self.pk}"

    @property
    def errors(self) -> int:
        """Rows with an error."""
        return self.rows - self.good_rows

    @property
    def to_write(self) -> int:
        """Households the import would make or change."""
        return self.new + self.changed

    @property
    def is_counted(self) -> bool:
        """Whether a dry run has counted its rows."""
        return self.state not in (self.State.UPLOADED, self.State.READING, self.State.FAILED)

    @property
    def goes_on(self) -> bool:
        return self.state in (self.State.READING, self.State.IMPORTING)

    def undo_ends_at(self) -> datetime | None:
        """Until when the import can be undone (24 小时内可撤销)."""
        if self.state != self.State.IMPORTED or self.imported_at is None:
            return None
        return self.imported_at + UNDO_WITHIN

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的名册不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class ImportRow(models.Model):
    """One row of a roster file and what became of it (导入行). Personal data is encrypted."""

    class Verdict(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("有变化")
        SAME = "same", _("无变化")
        ERROR = "error", _("有错误")

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, models.CASCADE)
    sheet_row = models.PositiveIntegerField(_("Excel 行号"))
    verdict = models.CharField(max_length=10, choices=Verdict)
    values = ConfidentialField()  # JSON: field -> value as it will be stored
    changes = ConfidentialField(blank=True, default="")  # JSON: field -> [old, new]
    before = ConfidentialField(blank=True, default="")  # JSON: what undo restores
    errors = models.JSONField(default=list)  # [{"column", "problem", "message"}]
    warnings = models.JSONField(default=list)
    household = models.ForeignKey(Household, models.PROTECT, null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "verdict", "sheet_row"], name="row_by_verdict")]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sheet_row"], name="an_import_row_stands_once"
            )
        ]

    def __str__(self):
        return f"{self.sheet_row}: {self.get_verdict_display()}"


class RosterSnapshot(models.Model):
    """The households as counted on the baseline date (基准日名册, 沪房规范〔2023〕1号 art. 12). Never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    baseline_date = models.DateField(_("基准日"))
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    total = models.PositiveIntegerField(_("总户数"))
    roll_hash = models.CharField(max_length=64)  # sha256 over the sorted entries

    objects = RosterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="a_snapshot_counts_somebody")
        ]

    def __str__(self):
        return f"{self.baseline_date} {self.total} 户"

    @property
    def ledger_chain(self) -> str:
        return f"snapshot:{self.pk}"


class SnapshotEntry(models.Model):
    """One household of the snapshot (名册行), as it stood on the baseline date."""

    id = models.BigAutoField(primary_key=True)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    snapshot = models.ForeignKey(RosterSnapshot, models.PROTECT, related_name="entries")
    household = models.ForeignKey(Household, models.PROTECT)
    building = models.ForeignKey(Building, models.PROTECT)
    work_zone = models.ForeignKey(WorkZone, models.PROTECT, null=True)
    tenure = models.CharField(max_length=20, choices=Household.Tenure)
    certificate_number = models.CharField(max_length=80, blank=True)
    living_area = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "household"], name="a_household_is_counted_once"
            )
        ]
        indexes = [models.Index(fields=["snapshot", "building"], name="entry_by_building")]

    def __str__(self):
        return str(self.household_id)
