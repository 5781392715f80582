"""Places on the map, and the bodies people act for (居民区、组织)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ids import new_id


class SubDistrict(models.Model):
    """A sub-district office's area (街道)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    code = models.SlugField(unique=True)

    def __str__(self):
        return self.name


class Neighbourhood(models.Model):
    """A residents' area (居民区); the tenant key of every business row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sub_district = models.ForeignKey(SubDistrict, models.PROTECT)
    name = models.CharField(_("名称"), max_length=80)
    code = models.SlugField(unique=True)
    committee_phone = models.CharField(_("居委电话"), max_length=30, blank=True)
    opening_hours = models.CharField(_("办公时间"), max_length=80, blank=True)

    def __str__(self):
        return self.name

    @property
    def neighbourhood_id(self):
        """Its own, so that an act may be about all of a place."""
        return self.pk

    @property
    def ledger_chain(self) -> str:
        return f"neighbourhood:{self.pk}"


class WorkZone(models.Model):
    """A work zone (工区)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    name = models.CharField(_("名称"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"], name="a_work_zone_is_named_once"
            )
        ]

    def __str__(self):
        return self.name


class Building(models.Model):
    """One building (幢)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    work_zone = models.ForeignKey(WorkZone, models.PROTECT, null=True, blank=True)
    name = models.CharField(_("幢号"), max_length=40)
    number = models.PositiveIntegerField(default=0)  # for ordering: 2号楼 before 10号楼

    class Meta:
        ordering = ["number", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"], name="a_building_is_named_once"
            )
        ]

    def __str__(self):
        return self.name


class Organisation(models.Model):
    """A body that people act for (组织)."""

    class Kind(models.TextChoices):
        PARTY = "party", _("党组织")
        GRID = "grid", _("网格")
        COMMITTEE = "committee", _("居委会")
        DEPARTMENT = "department", _("部门")
        IMPLEMENTER = "implementer", _("实施主体")
        PARTNER = "partner", _("合作单位")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sub_district = models.ForeignKey(SubDistrict, models.PROTECT)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)

    def __str__(self):
        return self.name
