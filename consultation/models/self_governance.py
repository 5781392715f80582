"""Self-governance projects (自治项目): a team with tasks, a budget with receipts, what came of it."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .polls import STAFF
from .resolutions import Resolution
from .topics import Topic


class SelfGovernanceProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Begun ones to everybody; planned ones to their team and to who works there."""
        begun = ~Q(state="planned")
        if not user.is_authenticated:
            return self.filter(begun)
        teams = ProjectMember.objects.filter(user=user, left_at=None).values("project_id")
        offices = (*STAFF, "street_official", "auditor")
        return self.filter(begun | Q(pk__in=teams) | Q(neighbourhood_id__in=user.reach(*offices)))


class SelfGovernanceProject(models.Model):
    """A self-governance project (自治项目): residents do something themselves."""

    class Kind(models.TextChoices):
        SHIHEYUAN = "shiheyuan", _("事和院")
        ONE_KEY = "one_key", _("一把钥匙开一把锁")
        HELP_TEAM = "help_team", _("同心成套改造助力团")

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        RUNNING = "running", _("进行中")
        FINISHED = "finished", _("已完成")
        STOPPED = "stopped", _("已停止")

    MOVES = {
        State.PLANNED: {State.RUNNING, State.STOPPED},
        State.RUNNING: {State.FINISHED, State.STOPPED},
        State.FINISHED: set(),
        State.STOPPED: {State.RUNNING},
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=80)
    aim = models.TextField(_("要做什么"))
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="projects")
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, related_name="projects")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    ends_on = models.DateField(_("打算哪天做完"))
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(_("做成了什么"), blank=True)
    stop_reason = models.CharField(_("为什么停"), max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    objects = SelfGovernanceProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="selfgov_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"], name="a_self_governance_project_is_named_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | ~Q(result=""),
                name="a_finished_self_governance_project_has_a_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(stop_reason=""),
                name="a_stopped_self_governance_project_says_why",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"self_governance:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的项目不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.RUNNING)


class ProjectMember(models.Model):
    """Somebody of the team (项目成员)."""

    class Role(models.TextChoices):
        LEADER = "leader", _("带头人")
        MEMBER = "member", _("成员")
        EXPERT = "expert", _("专业人士")
        VOLUNTEER = "volunteer", _("志愿者")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(SelfGovernanceProject, models.PROTECT, related_name="team")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=80)
    role = models.CharField(_("身份"), max_length=10, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                condition=Q(user__isnull=False, left_at=None),
                name="a_person_is_in_a_team_once",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def shown_name(self) -> str:
        return mask_name(self.name)


class ProjectTask(models.Model):
    """Something to be done in a project (项目任务): by whom, until when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(SelfGovernanceProject, models.PROTECT, related_name="tasks")
    text = models.CharField(_("任务"), max_length=200)
    owner = models.ForeignKey(ProjectMember, models.PROTECT, related_name="tasks")
    due_on = models.DateField(_("最晚哪天"))
    done_at = models.DateTimeField(null=True)
    done_note = models.CharField(_("怎么做的"), max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(done_note=""), name="a_done_project_task_says_how"
            )
        ]

    def __str__(self):
        return self.text

    def is_late(self, today: date) -> bool:
        return self.done_at is None and self.due_on < today


class BudgetLine(models.Model):
    """What a project may spend on one thing (预算); money in cents."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(SelfGovernanceProject, models.PROTECT, related_name="budget")
    text = models.CharField(_("用途"), max_length=120)
    source = models.CharField(_("谁出钱"), max_length=120)
    planned_cents = models.PositiveBigIntegerField(_("预算"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "text"], name="a_budget_line_is_named_once"
            ),
            models.CheckConstraint(
                condition=Q(planned_cents__gt=0), name="a_budget_line_has_money"
            ),
        ]

    def __str__(self):
        return self.text


class Expense(models.Model):
    """Money that was spent (支出), with its receipt; never changed, a mistake is entered the other way."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="expenses")
    text = models.CharField(_("买了什么"), max_length=120)
    cents = models.BigIntegerField(_("金额"))
    spent_on = models.DateField(_("日期"))
    receipt = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["spent_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(cents=0), name="an_expense_is_not_nothing")
        ]

    def __str__(self):
        return self.text


class ProjectPhoto(models.Model):
    """How it was and how it is (前后照片)."""

    class When(models.TextChoices):
        BEFORE = "before", _("以前")
        AFTER = "after", _("现在")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(SelfGovernanceProject, models.PROTECT, related_name="photos")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    when = models.CharField(_("什么时候的"), max_length=6, choices=When)
    caption = models.CharField(_("说明"), max_length=120)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-when", "added_at", "pk"]  # before, then now

    def __str__(self):
        return self.caption
