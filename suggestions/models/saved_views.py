"""Searches of a desk, kept by name (常用查看)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ids import new_id


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own."""
        return self.filter(owner=user) if user.is_authenticated else self.none()


class SavedView(models.Model):
    """A search of a desk under a name (常用查看), for whoever keeps it."""

    class Desk(models.TextChoices):
        SUGGESTIONS = "suggestions", _("建议")
        CLAIMS = "claims", _("诉求")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    desk = models.CharField(max_length=12, choices=Desk)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=500)  # the words of the address
    kept_at = models.DateTimeField(default=timezone.now)
    neighbourhood_id = None  # a person's own, wherever the offices are

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "desk", "name"], name="a_view_of_a_desk_is_named_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_view_of_a_desk_has_a_name"),
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"views:{self.owner_id}"
