"""Leaders visit (领导走访): what they were told is answered or becomes a claim."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.ids import new_id

from .claims import READERS, Claim


class LeaderVisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.reach(*READERS))


class LeaderVisit(models.Model):
    """A leader came to see for themselves (领导走访): when, where, whom they met."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    on = models.DateField(_("哪天"))
    leader = models.CharField(_("哪位领导"), max_length=80)
    place = models.CharField(_("去了哪里"), max_length=120)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    met = models.PositiveSmallIntegerField(_("见了几位居民"), default=0)
    summary = models.TextField(_("情况"), blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = LeaderVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "-on"], name="leader_visit_by_place")]

    def __str__(self):
        return f"{self.leader} {self.on}"

    @property
    def ledger_chain(self) -> str:
        return f"leader_visit:{self.pk}"


class VisitFindingQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None, claim=None)


class VisitFinding(models.Model):
    """One thing a leader was told (走访问题): answered there and then, or a claim; open until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    visit = models.ForeignKey(LeaderVisit, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("问题"))
    due_on = models.DateField(_("最晚哪天"))
    claim = models.OneToOneField(Claim, models.PROTECT, null=True, related_name="finding")
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    pressed_on = models.DateField(null=True)  # told once that it is late

    objects = VisitFindingQuerySet.as_manager()

    class Meta:
        ordering = ["visit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="a_finding_has_its_number"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""),
                name="a_finding_is_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(claim=None) | Q(answered_at=None),
                name="a_finding_is_answered_or_a_claim",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def ledger_chain(self) -> str:
        return f"leader_visit:{self.visit_id}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.claim_id is None

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due_on < today
