"""What the household list is used for: kept searches, its look, lists taken out, messages to many."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import FILE_READERS


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """What was taken out of one's places, for committee, auditor and administrator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            neighbourhood_id__in=user.reach("committee", "auditor", "administrator")
        )


class Export(models.Model):
    """A list taken out of the portal (导出); its number stands in the file's watermark row."""

    class State(models.TextChoices):
        DIRECT = "direct", _("当场下载")
        QUEUED = "queued", _("排队中")
        WRITING = "writing", _("生成中")
        DONE = "done", _("可以下载")
        FAILED = "failed", _("未能完成")
        EXPIRED = "expired", _("已过期")

    MOVES = {
        State.DIRECT: set(),
        State.QUEUED: {State.WRITING},
        State.WRITING: {State.WRITING, State.DONE, State.FAILED},  # again: its worker died
        State.DONE: {State.EXPIRED},
        State.FAILED: set(),
        State.EXPIRED: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("用途"), max_length=200)
    columns = models.JSONField(default=list)
    is_unmasked = models.BooleanField(_("含完整号码"), default=False)
    rows = models.PositiveIntegerField(_("户数"))
    # A long list is written by a worker and waits to be fetched; a short one went out with the answer.
    state = models.CharField(max_length=10, choices=State, default=State.DIRECT)
    households = ArrayField(models.UUIDField(), default=list)  # still to be written
    lease_until = models.DateTimeField(null=True)  # a dead worker's list is taken over after this
    file = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__isnull=False, expires_at__isnull=False),
                name="a_written_export_has_its_file_for_a_while",
            )
        ]

    def __str__(self):
        return f"{self.by} {self.at:%Y-%m-%d %H:%M} {self.rows} 户"

    @property
    def ledger_chain(self) -> str:
        return f"export:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(_("这份名单现在不能这样办"))
        self.state = state


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """One's own, and those shared with everyone of one's offices."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(owner=user) | Q(is_shared=True, neighbourhood_id__in=user.places(*FILE_READERS))
        )


class SavedFilter(models.Model):
    """A named search of the household list (常用筛选); one's own or the team's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=500)  # the URL's query string
    is_shared = models.BooleanField(_("全体可用"), default=False)
    is_default = models.BooleanField(_("打开列表就用"), default=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "neighbourhood", "name"], name="a_filter_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_default=True),
                name="a_person_has_one_default_filter",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"filters:{self.neighbourhood_id}"


class ListLook(models.Model):
    """How somebody likes to see the household list (列表样式): which columns, how dense."""

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("宽松")
        COMPACT = "compact", _("紧凑")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    columns = models.JSONField(default=list)
    density = models.CharField(
        _("行距"), max_length=12, choices=Density, default=Density.COMFORTABLE
    )

    def __str__(self):
        return f"{self.owner}: {self.get_density_display()}"


class GroupMessageQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.places("committee"))


class GroupMessage(models.Model):
    """One SMS to the right holders of many households (群发短信); it waits a minute and can be stopped."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发出")
        SENT = "sent", _("已交给短信通道")
        CANCELLED = "cancelled", _("已撤回")

    MOVES = {
        State.WAITING: {State.SENT, State.CANCELLED},
        State.SENT: set(),
        State.CANCELLED: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    key = models.UUIDField(unique=True)  # born with the page: sent twice, it is one message
    text = models.CharField(_("内容"), max_length=200)
    readers = ArrayField(models.UUIDField())
    households = models.PositiveIntegerField(_("户数"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)

    objects = GroupMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.text

    @property
    def ledger_chain(self) -> str:
        return f"messages:{self.neighbourhood_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(_("这条短信%(now)s，不能再改") % {"now": self.get_state_display()})
        self.state = state
