"""Written opinions of representatives (书面意见): who handles them, until when, what was answered."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .congress import Congress, Representative, streets_of
from .congress_issues import Matter

OFFICE = ("street_official",)  # the congress office: registers, assigns, consents
WATCHERS = ("street_official", "auditor")
HANDLERS = ("department", "department_head")


def departments_of(user) -> set:
    """Ids of the departments for which ``user`` works today."""
    return {p.organisation_id for p in user.live_postings if p.office in HANDLERS}


class WrittenOpinionQuerySet(models.QuerySet):
    def of_representative(self, user):
        return self.filter(representative__user=user) if user.is_authenticated else self.none()

    def of_office(self, user):
        """All of one's sub-district, for its congress office and its auditor."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(congress__sub_district_id__in=streets_of(user, *WATCHERS))

    def of_handler(self, user):
        """Those that are or were in the hands of one's own department."""
        if not user.is_authenticated:
            return self.none()
        held = OpinionHandling.objects.filter(department_id__in=departments_of(user))
        return self.filter(pk__in=held.values("opinion_id"))

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        held = OpinionHandling.objects.filter(department_id__in=departments_of(user))
        return self.filter(
            Q(representative__user=user)
            | Q(congress__sub_district_id__in=streets_of(user, *WATCHERS))
            | Q(pk__in=held.values("opinion_id"))
        )

    def public(self):
        """Answered ones whose writer agreed to their being shown."""
        return self.filter(is_public=True, replies__isnull=False).distinct()


class WrittenOpinion(models.Model):
    """What a representative asks for in writing (书面意见)."""

    class State(models.TextChoices):
        WRITTEN = "written", _("已提出")
        RECEIVED = "received", _("已登记，待交办")
        ASSIGNED = "assigned", _("办理中")
        RETURN_ASKED = "return_asked", _("申请退回")
        RESULT_IN = "result_in", _("已报结果，待答复")
        REPLIED = "replied", _("已答复，待评价")
        UNSATISFIED = "unsatisfied", _("不满意，待研究")
        TRACKED = "tracked", _("承诺落实中")
        CLOSED = "closed", _("已办结")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.WRITTEN: {State.RECEIVED, State.WITHDRAWN},
        State.RECEIVED: {State.ASSIGNED, State.WITHDRAWN},
        State.ASSIGNED: {State.RETURN_ASKED, State.RESULT_IN},
        State.RETURN_ASKED: {State.RECEIVED, State.ASSIGNED},
        State.RESULT_IN: {State.REPLIED},
        State.REPLIED: {State.UNSATISFIED, State.TRACKED, State.CLOSED},
        State.UNSATISFIED: {State.RECEIVED, State.TRACKED, State.CLOSED},
        State.TRACKED: {State.CLOSED},
        State.CLOSED: set(),
        State.WITHDRAWN: set(),
    }
    UNREGISTERED = ("written", "withdrawn")

    class Grade(models.TextChoices):
        KEY = "key", _("重点")
        ORDINARY = "ordinary", _("一般")
        REFERENCE = "reference", _("供参考")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)  # the representative's area
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="opinions")
    representative = models.ForeignKey(Representative, models.PROTECT, related_name="opinions")
    number = models.CharField(_("编号"), max_length=20, blank=True)
    title = models.CharField(_("题目"), max_length=120)
    text = models.TextField(_("内容"))
    category = models.CharField(_("分类"), max_length=12, choices=Matter)
    grade = models.CharField(_("分级"), max_length=10, choices=Grade, default=Grade.ORDINARY)
    is_public = models.BooleanField(_("可以公开"), default=True)
    state = models.CharField(max_length=12, choices=State, default=State.WRITTEN)
    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)
    written_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_on = models.DateField(_("登记日期"), null=True)
    round_from = models.DateField(null=True)  # the day from which this round's clocks run
    study_note = models.TextField(_("研究意见"), blank=True)
    closed_on = models.DateField(_("办结日期"), null=True)

    objects = WrittenOpinionQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="opinion_by_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "number"],
                condition=~Q(number=""),
                name="an_opinion_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["written", "withdrawn"])
                | (Q(received_on__isnull=False, round_from__isnull=False) & ~Q(number="")),
                name="an_opinion_is_registered_before_it_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(round__in=[1, 2]), name="an_opinion_is_handled_again_once"
            ),
            models.CheckConstraint(
                condition=Q(round=1) | ~Q(study_note=""), name="a_second_round_was_studied_first"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
                name="a_closed_opinion_says_when",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"opinion:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("书面意见“%(now)s”，现在不能这样做。") % {"now": self.get_state_display()}
            )
        self.state = state

    def live_handlings(self):
        """Who has it in hand in this round: the lead and whoever helps."""
        return self.handlings.filter(round=self.round, ended_on=None)


class OpinionHandling(models.Model):
    """An opinion in the hands of a department (交办): as lead or helping, with what came of it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("主办")
        HELPING = "helping", _("协办")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    opinion = models.ForeignKey(WrittenOpinion, models.PROTECT, related_name="handlings")
    round = models.PositiveSmallIntegerField()
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    assigned_on = models.DateField(_("交办日期"))
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    return_until = models.DateField(_("最晚哪天申请退回"))
    return_reason = models.TextField(_("退回原因"), blank=True)
    return_asked_on = models.DateField(null=True)
    return_agreed = models.BooleanField(null=True)
    return_answer = models.TextField(_("退回的答复"), blank=True)
    extension_months = models.PositiveSmallIntegerField(_("申请延长几个月"), default=0)
    extension_reason = models.TextField(_("延长原因"), blank=True)
    extension_agreed = models.BooleanField(null=True)
    extension_answer = models.TextField(_("延长的答复"), blank=True)
    result = models.TextField(_("办理结果"), blank=True)
    result_on = models.DateField(null=True)
    result_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)  # returned, with consent

    class Meta:
        ordering = ["round", "-role", "assigned_on", "pk"]
        indexes = [models.Index(fields=["department", "ended_on"], name="handling_by_department")]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "round"],
                condition=Q(role="lead", ended_on=None),
                name="an_opinion_has_one_lead_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["opinion", "round", "department"],
                condition=Q(ended_on=None),
                name="a_department_has_an_opinion_once",
            ),
            models.CheckConstraint(
                condition=Q(return_asked_on=None) | ~Q(return_reason=""),
                name="who_returns_an_opinion_says_why",
            ),
            models.CheckConstraint(
                condition=Q(return_agreed=None)
                | (Q(return_asked_on__isnull=False) & ~Q(return_answer="")),
                name="a_return_is_asked_for_and_answered",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None)
                | Q(return_agreed__isnull=False, return_agreed=True)
                | Q(role="helping"),
                name="nobody_passes_an_opinion_on_without_consent",
            ),
            models.CheckConstraint(
                condition=Q(extension_months=0) | ~Q(extension_reason=""),
                name="who_needs_longer_says_why",
            ),
            models.CheckConstraint(
                condition=Q(result_on=None) | ~Q(result=""), name="a_result_is_in_writing"
            ),
        ]

    def __str__(self):
        return f"{self.opinion_id}: {self.department}"

    @property
    def ledger_chain(self) -> str:
        return f"opinion:{self.opinion_id}"

    @property
    def waits_for_extension(self) -> bool:
        return self.extension_months > 0 and self.extension_agreed is None


class Satisfaction(models.TextChoices):
    """How content a representative is (满意度)."""

    SATISFIED = "satisfied", _("满意")
    MOSTLY = "mostly", _("基本满意")
    UNSATISFIED = "unsatisfied", _("不满意")


class OpinionReply(models.Model):
    """The answer to a representative (答复), its class, its promise, and how content it left them."""

    class Class(models.TextChoices):
        SOLVED = "A", _("A 类：已解决或采纳")
        THIS_YEAR = "B", _("B 类：列入年度计划")
        STEP_BY_STEP = "C", _("C 类：列入计划逐步解决")
        EXPLAINED = "D", _("D 类：留作参考或无法解决，已说明原因")

    PROMISING = ("B", "C")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    opinion = models.ForeignKey(WrittenOpinion, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField()
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reply_class = models.CharField(_("答复类别"), max_length=1, choices=Class)
    text = models.TextField(_("答复"))
    replied_on = models.DateField(_("答复日期"))
    replied_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    promise = models.CharField(_("承诺办到什么"), max_length=300, blank=True)
    promise_due = models.DateField(_("承诺办成的日期"), null=True)
    kept_on = models.DateField(_("承诺办成"), null=True)
    kept_note = models.TextField(_("怎么办成的"), blank=True)
    kept_proof = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    attitude = models.CharField(_("对办理态度"), max_length=12, choices=Satisfaction, blank=True)
    outcome = models.CharField(_("对办理结果"), max_length=12, choices=Satisfaction, blank=True)
    remark = models.TextField(_("评价的话"), blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "round"], name="an_opinion_is_answered_once_a_round"
            ),
            models.CheckConstraint(
                condition=(
                    Q(reply_class__in=["B", "C"], promise_due__isnull=False) & ~Q(promise="")
                )
                | Q(reply_class__in=["A", "D"], promise_due=None, promise=""),
                name="a_plan_promises_what_and_until_when",
            ),
            models.CheckConstraint(
                condition=Q(kept_on=None)
                | (Q(promise_due__isnull=False, kept_proof__isnull=False) & ~Q(kept_note="")),
                name="a_kept_promise_has_its_proof",
            ),
            models.CheckConstraint(
                condition=Q(rated_at=None, attitude="", outcome="")
                | (Q(rated_at__isnull=False) & ~Q(attitude="") & ~Q(outcome="")),
                name="attitude_and_outcome_are_rated_together",
            ),
        ]

    def __str__(self):
        return f"{self.opinion_id}: {self.reply_class}"

    @property
    def ledger_chain(self) -> str:
        return f"opinion:{self.opinion_id}"

    @property
    def is_open_promise(self) -> bool:
        return self.promise_due is not None and self.kept_on is None

    @property
    def is_unsatisfied(self) -> bool:
        return Satisfaction.UNSATISFIED in (self.attitude, self.outcome)


class OpinionClockQuerySet(models.QuerySet):
    def running(self):
        return self.filter(met_on=None, dropped_on=None)


class OpinionClock(models.Model):
    """One period that runs over an opinion (期限): from when, until when, met or not, who was told."""

    class Kind(models.TextChoices):
        ASSIGN = "assign", _("交办")
        RESULT = "result", _("报办理结果")
        HELP = "help", _("协办")
        FEEDBACK = "feedback", _("答复代表")
        PROMISE = "promise", _("兑现承诺")

    class Step(models.IntegerChoices):
        """The ladder of those who are told that it is late."""

        NOBODY = 0, _("还没有提醒")
        HANDLER = 1, _("已提醒经办人")
        HEAD = 2, _("已报部门负责人")
        STREET = 3, _("已报街道")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    opinion = models.ForeignKey(WrittenOpinion, models.PROTECT, related_name="clocks")
    handling = models.ForeignKey(OpinionHandling, models.PROTECT, null=True, related_name="clocks")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField()
    due_on = models.DateField(_("期限"))
    met_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)  # returned or withdrawn: nobody owes it any more
    warned_on = models.DateField(null=True)
    step = models.PositiveSmallIntegerField(choices=Step, default=Step.NOBODY)

    objects = OpinionClockQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(met_on=None, dropped_on=None),
                name="clock_running",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "round", "kind", "handling"],
                condition=Q(met_on=None, dropped_on=None),
                nulls_distinct=False,
                name="a_clock_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="a_clock_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(met_on=None) | Q(dropped_on=None),
                name="a_clock_is_met_or_dropped",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.due_on}"

    @property
    def ledger_chain(self) -> str:
        return f"opinion:{self.opinion_id}"

    @property
    def is_running(self) -> bool:
        return self.met_on is None and self.dropped_on is None

    def is_late(self, today: date) -> bool:
        return self.is_running and today > self.due_on
