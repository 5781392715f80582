"""Days that are not what the week says (特殊日)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SpecialDayQuerySet(models.QuerySet):
    def of_year(self, year: int):
        return self.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))

    def visible_to(self, user):
        """Everyone may know which days are holidays."""
        return self


class SpecialDay(models.Model):
    """A holiday, or a rest day worked in exchange (调休), as the State Council announces them."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("放假")
        WORKDAY = "workday", _("调休上班")

    day = models.DateField(_("日期"), primary_key=True)
    kind = models.CharField(_("安排"), max_length=10, choices=Kind)
    name = models.CharField(_("节日"), max_length=40)
    source = models.CharField(_("依据"), max_length=120, blank=True)

    objects = SpecialDayQuerySet.as_manager()
    neighbourhood_id = None  # a fact about the whole country

    class Meta:
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["holiday", "workday"]), name="a_special_day_is_off_or_worked"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.name} {self.get_kind_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"calendar:{self.day.year}"
