"""What agreements are made from (协议范本)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.ids import new_id

from .projects import Project


class StaffQuerySet(models.QuerySet):
    """Rows that only the committee and the administrators of the place see."""

    def visible_to(self, user: User):
        if not user.is_authenticated:
            return self.none()
        return self.filter(at_desk(user))


def at_desk(user: User) -> Q:
    """Of a neighbourhood where ``user`` is on the committee or administers."""
    return Q(neighbourhood_id__in=user.reach("committee", "administrator"))


class AgreementTemplate(models.Model):
    """The text of the agreement (协议范本), in versions; a published one never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, related_name="templates")
    name = models.CharField(_("名称"), max_length=80)
    version = models.PositiveSmallIntegerField(_("版本"))
    key_points = models.TextField(_("三句话要点"))  # one a line
    body = models.TextField(
        _("正文")
    )  # sanitised HTML, chapters under <h2>, placeholders {{ name }}
    changes = models.TextField(_("较上一版的变化"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the body, when published

    objects = StaffQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], name="a_template_version_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(sha256=""),
                name="a_published_template_is_hashed",
            ),
        ]

    def __str__(self):
        return f"{self.name} 第 {self.version} 版"

    @property
    def ledger_chain(self) -> str:
        return f"project:{self.project_id}"
