"""Rooms that can be used, and when they are taken (场所、预订)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ids import new_id

from .people import User
from .places import Building, Neighbourhood


class Span(Func):
    """The time from start to end, the end not included."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class VenueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Where a room is and when it opens is no secret."""
        return self.filter(closed_at=None) if not user.is_authenticated else self.all()

    def in_use(self):
        return self.filter(closed_at=None)


class Venue(models.Model):
    """A room or a place where people meet (场所): council room, tea table, collection point."""

    class Function(models.TextChoices):
        COUNCIL_ROOM = "council_room", _("议事厅")
        MEETING_ROOM = "meeting_room", _("会议室")
        MEDIATION_ROOM = "mediation_room", _("调解室")
        COLLECTION_POINT = "collection_point", _("征集点")
        SERVICE_PLACE = "service_place", _("服务点")
        OUTDOORS = "outdoors", _("室外")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    name = models.CharField(_("名称"), max_length=80)
    function = models.CharField(_("用途"), max_length=20, choices=Function)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    seats = models.PositiveIntegerField(_("座位"), null=True, blank=True)
    opening_hours = models.CharField(_("开放时间"), max_length=80, blank=True)
    has_step_free_way = models.BooleanField(_("轮椅能进"), default=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["neighbourhood", "name"], name="a_venue_is_named_once")
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"venue:{self.pk}"


class Booking(models.Model):
    """A venue is taken for a while (预订); the database lets no two overlap."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    purpose = models.CharField(_("用来做什么"), max_length=120)
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_booking_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="a_venue_is_booked_once_at_a_time",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (Span("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.venue}: {self.purpose}"

    @property
    def ledger_chain(self) -> str:
        return f"venue:{self.venue_id}"
