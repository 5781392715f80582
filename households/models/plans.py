"""One household, one plan, one drawing (一户一方案, 一户一图纸)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import Household, Mandate, Member, own_ids
from .lookups import ids
from .projects import Project


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """All of one's neighbourhood for its committee and designers; at home the published ones.

        Whoever holds a household's mandate sees them too: one signs under what is planned.
        """
        if not user.is_authenticated:
            return self.none()
        principals = Mandate.objects.live(timezone.localdate()).filter(agent=user)
        at_home = Q(household_id__any=own_ids(user)) | Q(
            household_id__any=ids(principals, "household_id")
        )
        return self.filter(
            Q(neighbourhood_id__in=user.places("committee", "designer"))
            | Q(published_at__isnull=False) & at_home
        )


class Plan(models.Model):
    """What is planned for one household (一户一方案), in versions; a published one never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("版本"))
    summary = models.TextField(_("方案说明"))
    area_before = models.DecimalField(
        _("改造前面积"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    area_after = models.DecimalField(
        _("改造后面积"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    kitchen_after = models.CharField(
        _("改造后厨房"), max_length=10, choices=Household.Use, default="own"
    )
    toilet_after = models.CharField(
        _("改造后卫生间"), max_length=10, choices=Household.Use, default="own"
    )
    changes = models.TextField(_("较上一版的变化"), blank=True)
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "household", "version"], name="a_plan_version_stands_once"
            )
        ]

    def __str__(self):
        return f"{self.household} 方案第 {self.version} 版"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"


class Drawing(models.Model):
    """The drawing that belongs to one version of the plan (一户一图纸)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="drawings")
    title = models.CharField(_("图名"), max_length=80)
    alt_text = models.TextField(
        _("文字说明")
    )  # what the drawing shows, for those who cannot see it
    file = models.ForeignKey(Attachment, models.PROTECT)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]

    def __str__(self):
        return self.title


class PlanRemark(models.Model):
    """A question or an objection to a plan (方案意见); answered, or it stays open."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("询问")
        OBJECTION = "objection", _("异议")

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ADOPTED = "adopted", _("采纳")
        CONSIDERED = "considered", _("充分考虑")
        DECLINED = "declined", _("无法采纳")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.OPEN: {State.ADOPTED, State.CONSIDERED, State.DECLINED, State.WITHDRAWN},
        State.ADOPTED: set(),
        State.CONSIDERED: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("内容"))
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    reply = models.TextField(_("答复"), blank=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"]) | ~Q(reply=""),
                name="an_answer_has_words",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.plan.household_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的意见不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class PlanConfirmation(models.Model):
    """A household's agreement to one version of plan and drawing (方案确认)."""

    class Route(models.TextChoices):
        ONLINE = "online", _("本人线上")
        COUNTER = "counter", _("当面确认，工作人员代录")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    plan = models.OneToOneField(Plan, models.PROTECT, related_name="confirmation")
    member = models.ForeignKey(Member, models.PROTECT)  # who agreed
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True)
    route = models.CharField(max_length=10, choices=Route)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(route="counter") | Q(evidence__isnull=False),
                name="a_confirmation_at_the_counter_has_evidence",
            )
        ]

    def __str__(self):
        return f"{self.plan} {self.at:%Y-%m-%d}"
