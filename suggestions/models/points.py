"""Collection points (征集点): one centre, three areas, twenty points, where anybody may say something."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.ids import new_id

STAFF = ("committee", "administrator")
WATCHERS = (*STAFF, "street_official", "auditor")
APART = 6  # per cent of the plan: what lies closer cannot be hit with a finger
HEIGHT = 70  # of the plan, where its width is 100


class CollectionPointQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(closed_at=None)

    def visible_to(self, user):
        """Those in use to everybody; closed ones to who works there."""
        if not user.is_authenticated:
            return self.in_use()
        return self.filter(Q(closed_at=None) | Q(neighbourhood_id__in=user.reach(*WATCHERS)))

    def with_mailbox(self):
        return self.in_use().filter(mailbox_days__isnull=False)


class CollectionPoint(models.Model):
    """A place where suggestions are taken in (征集点), shown on the plan and in the list."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("中心")
        AREA = "area", _("片区站")
        POINT = "point", _("征集点")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.PositiveSmallIntegerField(_("编号"))
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    belongs_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below"
    )
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    address = models.CharField(_("在哪里"), max_length=120)
    x = models.PositiveSmallIntegerField(_("图上从左数百分之几"))
    y = models.PositiveSmallIntegerField(_("图上从上数百分之几"))
    duty_name = models.CharField(_("值班人"), max_length=40)  # as they wish to be called
    duty_phone = models.CharField(_("公开的电话"), max_length=30)  # an office's, for everybody
    mailbox_days = models.PositiveSmallIntegerField(_("邮筒几天开一次"), null=True, blank=True)
    mailbox_since = models.DateField(null=True, blank=True)
    mailbox_warned_for = models.DateField(null=True, blank=True)  # the day that was missed
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(_("为什么停用"), max_length=200, blank=True)

    objects = CollectionPointQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"], name="a_collection_point_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["neighbourhood", "name"], name="a_collection_point_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["neighbourhood"],
                condition=Q(kind="centre", closed_at=None),
                name="a_neighbourhood_has_one_collection_centre",
            ),
            models.CheckConstraint(
                condition=Q(x__lte=100, y__lte=100), name="a_collection_point_is_on_the_plan"
            ),
            models.CheckConstraint(
                condition=Q(kind="centre") ^ Q(belongs_to__isnull=False),
                name="all_but_the_collection_centre_belong_to_one",
            ),
            models.CheckConstraint(
                condition=Q(mailbox_days=None)
                | Q(mailbox_days__gt=0, mailbox_since__isnull=False),
                name="a_mailbox_is_opened_again_and_again",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(close_reason=""),
                name="a_closed_collection_point_says_why",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"collection_point:{self.pk}"

    @property
    def plan_x(self) -> int:
        return self.x

    @property
    def plan_y(self) -> str:
        return f"{self.y * HEIGHT / 100:.1f}"

    def mailbox_due(self, opened: date | None) -> date | None:
        """When the box is to be opened again, if it was last ``opened`` then; none without a box."""
        if not (self.mailbox_days and self.mailbox_since):
            return None
        last = max(opened, self.mailbox_since) if opened else self.mailbox_since
        return last + timedelta(days=self.mailbox_days)


class PointHours(models.Model):
    """When a collection point is open (开放时间), from a day on; earlier ones stay to be read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    point = models.ForeignKey(CollectionPoint, models.PROTECT, related_name="hours")
    since = models.DateField(_("从哪天起"))
    words = models.CharField(_("开放时间"), max_length=120)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "since"], name="a_point_has_one_set_of_hours_a_day"
            )
        ]

    def __str__(self):
        return self.words
