"""How long each step of a claim may take (时限): data with its source, in versions by date."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ids import new_id


class ClaimLimitQuerySet(models.QuerySet):
    def in_force(self, code: str, day: date):
        """The row of ``code`` that holds on ``day``."""
        return self.filter(Q(until=None) | Q(until__gte=day), code=code, since__lte=day)


class ClaimLimit(models.Model):
    """So many working days for one class or one step (诉求时限), and where that is written."""

    class Code(models.TextChoices):
        # by class of the claim: until the reply
        CONSULTATION = "consultation", _("咨询、意见")
        SUPERVISED = "supervised", _("督办件")
        HELP = "help", _("求助")
        COMPLAINT = "complaint", _("投诉")
        COMPLEX = "complex", _("疑难复杂")
        # by step
        ACCEPT = "accept", _("受理")
        CONTACT = "contact", _("先行联系")
        DISPATCH = "dispatch", _("交办")
        CALLBACK = "callback", _("回访")
        AGAIN = "again", _("不满意再办")
        SUPERVISE = "supervise", _("街道督办")
        FINDING = "finding", _("走访问题答复")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("哪一类、哪一步"), max_length=12, choices=Code)
    working_days = models.PositiveSmallIntegerField(_("工作日"))
    source = models.CharField(_("依据"), max_length=200)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    objects = ClaimLimitQuerySet.as_manager()

    class Meta:
        ordering = ["code", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(until=None), name="a_claim_limit_holds_alone"
            ),
            models.CheckConstraint(
                condition=Q(working_days__gte=1), name="a_claim_limit_leaves_a_day"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="a_claim_limit_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.get_code_display()} {self.working_days}"
