"""The yearly evaluation of the owners' committee (业委会年度评议): form, sheets, published averages."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from households.models import Household

from .polls import STAFF


class EvaluationForm(models.Model):
    """The questions of an evaluation in one version (评议表); a form in use is never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True)  # null: the stock
    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("名称"), max_length=80)
    legal_basis = models.CharField(_("依据"), max_length=300)
    scale_to = models.PositiveSmallIntegerField(_("最高分"), default=5)
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "code", "version"],
                nulls_distinct=False,
                name="an_evaluation_form_has_one_version_per_number",
            )
        ]

    def __str__(self):
        return self.name


class EvaluationCriterion(models.Model):
    """One thing that is scored (评议项)."""

    form = models.ForeignKey(EvaluationForm, models.PROTECT, related_name="criteria")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True)
    number = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)  # the same through versions: years are compared by it
    text = models.CharField(_("评议项"), max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="a_criterion_has_its_number"),
            models.UniqueConstraint(fields=["form", "code"], name="a_criterion_is_asked_once"),
        ]

    def __str__(self):
        return self.text


class EvaluationQuerySet(models.QuerySet):
    def public(self):
        return self.exclude(state=Evaluation.State.DRAFT)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        here = user.reach(*STAFF, "street_official", "auditor")
        return self.filter(~Q(state=Evaluation.State.DRAFT) | Q(neighbourhood_id__in=here))


class Evaluation(models.Model):
    """One year's evaluation of one owners' committee (年度评议)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("准备中")
        OPEN = "open", _("正在评议")
        CLOSED = "closed", _("已截止")
        PUBLISHED = "published", _("已公布")

    MOVES = {
        State.DRAFT: {State.OPEN},
        State.OPEN: {State.CLOSED},
        State.CLOSED: {State.PUBLISHED},
        State.PUBLISHED: set(),
    }
    LEAST = 5  # of fewer answers nothing is published: one could tell whose they are

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    form = models.ForeignKey(EvaluationForm, models.PROTECT)
    body_name = models.CharField(_("业委会名称"), max_length=80)
    year = models.PositiveSmallIntegerField(_("年度"))
    opens_on = models.DateField(_("开始"))
    closes_on = models.DateField(_("截止"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "body_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "body_name", "year"],
                name="a_committee_is_evaluated_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gt=F("opens_on")), name="an_evaluation_has_its_days"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="a_published_evaluation_says_when",
            ),
        ]

    def __str__(self):
        return gettext("%(name)s %(year)s 年度评议") % {"name": self.body_name, "year": self.year}

    @property
    def ledger_chain(self) -> str:
        return f"evaluation:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                gettext("%(now)s的评议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    def takes_sheets(self, today: date) -> bool:
        return self.state == self.State.OPEN and self.opens_on <= today <= self.closes_on


class EvaluationSheet(models.Model):
    """What one owner household scored (评议票); it may change its mind until the end. Nobody else reads it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="sheets")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    scores = models.JSONField()  # code of the criterion -> score
    remarks = models.TextField(_("意见"), blank=True)
    filled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "household"], name="a_household_evaluates_once"
            )
        ]

    def __str__(self):
        return f"{self.evaluation_id}: {self.household_id}"

    @property
    def ledger_chain(self) -> str:
        return f"evaluation:{self.evaluation_id}"
