"""Topics (议题): what residents bring up, on the way from proposing to evaluating (民提 民议 民决 民评)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Organisation, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment
from households.models import Household, Visit

from .polls import STAFF, Poll
from .rolls import PollObjection


class TopicQuerySet(models.QuerySet):
    def public(self):
        """What somebody of the committee has looked at, and is nobody's private matter."""
        return self.filter(is_private=False, screened_at__isnull=False).exclude(state="withdrawn")

    def visible_to(self, user):
        """Public ones to everybody; the others to their proposer and to those who work there."""
        if not user.is_authenticated:
            return self.public()
        shown = Q(is_private=False, screened_at__isnull=False) & ~Q(state="withdrawn")
        offices = (*STAFF, "street_official", "auditor")
        return self.filter(
            shown | Q(proposed_by=user) | Q(neighbourhood_id__in=user.reach(*offices))
        )

    def live(self):
        return self.exclude(state__in=Topic.ENDED)

    def overdue(self, today: date):
        return self.live().filter(next_on__lt=today)


class Topic(models.Model):
    """A topic (议题): who brings it up, what became of it, and when the next step is promised."""

    class Source(models.TextChoices):
        RESIDENT = "resident", _("居民提出")
        STAFF = "staff", _("居委提出")
        SUGGESTION = "suggestion", _("人民建议转来")
        OBJECTION = "objection", _("异议转来")
        CLAIM = "claim", _("诉求转来")
        VISIT = "visit", _("走访带回")
        OUTSIDE = "outside", _("政协、代表等渠道")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("已提出")  # 民提 · 点单
        SCREENED = "screened", _("已审单")  # the council has looked at it
        APPROVED = "approved", _("已批单")  # the party organisation says yes; the form is chosen
        DELIBERATING = "deliberating", _("议事中")  # 民议
        DECIDED = "decided", _("已决定")  # 民决
        CARRYING_OUT = "carrying_out", _("落实中")  # 买单
        EVALUATED = "evaluated", _("已评议")  # 民评
        DECLINED = "declined", _("不列入议题")
        MERGED = "merged", _("已并入")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.PROPOSED: {State.SCREENED, State.DECLINED, State.MERGED, State.WITHDRAWN},
        State.SCREENED: {State.APPROVED, State.DECLINED, State.MERGED, State.WITHDRAWN},
        State.APPROVED: {State.DELIBERATING, State.DECLINED, State.MERGED},
        State.DELIBERATING: {State.DECIDED, State.DECLINED},
        State.DECIDED: {State.CARRYING_OUT, State.DELIBERATING, State.DECLINED},
        State.CARRYING_OUT: {State.EVALUATED, State.DELIBERATING},
        State.EVALUATED: {State.DELIBERATING},
        State.DECLINED: {State.PROPOSED},
        State.MERGED: set(),  # undoing restores the state it had
        State.WITHDRAWN: set(),
    }
    ENDED = ("evaluated", "declined", "merged", "withdrawn")

    class Form(models.TextChoices):
        """The form in which it is deliberated (议事形式), chosen at 批单."""

        HEARING = "hearing", _("听证会")
        COORDINATION = "coordination", _("协调会")
        REVIEW = "review", _("评议会")
        COUNCIL_ROOM = "council_room", _("红色议事厅")
        TEA_TABLE = "tea_table", _("民主茶桌")
        SATURDAY_HALL = "saturday_hall", _("周六议事厅")
        ROUND_TABLE = "round_table", _("圆桌会")
        HEART_TO_HEART = "heart_to_heart", _("恳谈会（楼宇、园区）")
        CONSULTATION = "consultation", _("协商会（楼宇、园区）")
        BUILDING_REVIEW = "building_review", _("楼宇评议会")
        GROUP_CHAT = "group_chat", _("楼组群云协商")
        RESIDENTS_ASSEMBLY = "residents_assembly", _("居民会议")
        OWNERS_MEETING = "owners_meeting", _("业主大会会议")
        CONGRESS = "congress", _("社区代表会议")

    class Instead(models.TextChoices):
        """Where somebody goes whose topic is not taken up (可以找哪里)."""

        COMMITTEE = "committee", _("居委会个别办理")
        HOTLINE = "hotline", _("12345 市民热线")
        MEDIATION = "mediation", _("人民调解")
        STREET = "street", _("街道办事处")
        DEPARTMENT = "department", _("政府部门")
        PETITION = "petition", _("信访")
        COURT = "court", _("法院")
        NOWHERE = "nowhere", _("不用再找别处")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.CharField(_("编号"), max_length=20)  # 2026-017, in the neighbourhood
    title = models.CharField(_("题目"), max_length=120)
    text = models.TextField(_("内容"), blank=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    source_ref = models.CharField(_("来源编号"), max_length=80, blank=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposer_name = models.CharField(_("提出人"), max_length=80, blank=True)  # without account
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True)
    is_unnamed = models.BooleanField(_("不公开姓名"), default=False)
    is_private = models.BooleanField(default=False)  # a personal claim: not for the public list
    proposed_at = models.DateTimeField(default=timezone.now)
    # What it came from, once.
    objection = models.OneToOneField(
        PollObjection, models.PROTECT, null=True, related_name="topic"
    )
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, related_name="topic")
    minder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # 跟进人
    original = models.TextField(_("原话"), blank=True)  # where title or text were changed
    screened_at = models.DateTimeField(null=True)  # the first time: from here it is public
    state = models.CharField(max_length=14, choices=State, default=State.PROPOSED)
    form = models.CharField(_("议事形式"), max_length=20, choices=Form, blank=True)
    approved_by_body = models.CharField(_("批准的党组织"), max_length=120, blank=True)
    payer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)  # 买单
    polls = models.ManyToManyField(Poll, related_name="topics")
    conclusion = models.TextField(_("议定的结果"), blank=True)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_on = models.DateField(_("答应的日期"), null=True, blank=True)
    rung = models.PositiveSmallIntegerField(
        default=0
    )  # how far the promised date's lapse was told
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    answer = models.TextField(_("答复"), blank=True)  # why declined
    instead = models.CharField(_("可以找哪里"), max_length=12, choices=Instead, blank=True)
    satisfied = models.PositiveIntegerField(_("满意"), null=True)
    dissatisfied = models.PositiveIntegerField(_("不满意"), null=True)
    photos = models.ManyToManyField(Attachment, related_name="+")
    photos_shown = models.BooleanField(_("照片可以公开"), default=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "next_on"], name="topic_by_place")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"], name="a_topic_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["evaluated", "declined", "merged", "withdrawn"])
                | (Q(next_on__isnull=False) & ~Q(next_step="")),
                name="a_live_topic_promises_its_next_step",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_topic_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_topic_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="a_declined_topic_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "screened", "declined", "merged", "withdrawn"])
                | ~Q(form=""),
                name="an_approved_topic_has_a_form",
            ),
            models.CheckConstraint(
                condition=~Q(state="carrying_out") | Q(payer__isnull=False),
                name="a_topic_carried_out_has_a_payer",
            ),
            models.CheckConstraint(
                condition=~Q(state="evaluated")
                | Q(satisfied__isnull=False, dissatisfied__isnull=False),
                name="an_evaluated_topic_says_how_many_were_satisfied",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | ~Q(proposer_name=""),
                name="a_topic_has_somebody_who_brought_it",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"topic:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的议题不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_live(self) -> bool:
        return self.state not in self.ENDED

    def is_late(self, today: date) -> bool:
        return self.is_live and self.next_on is not None and self.next_on < today

    @property
    def shown_proposer(self) -> str:
        """Who brought it up, as everybody may read."""
        if self.source == self.Source.STAFF:
            return gettext("居委会")
        if self.is_unnamed:
            return gettext("一位居民")
        return mask_name(self.proposed_by.name if self.proposed_by else self.proposer_name)

    @property
    def proposer(self) -> str:
        """The same for those who work there."""
        return self.proposed_by.name if self.proposed_by else self.proposer_name


class TopicStep(models.Model):
    """One step of a topic (议题进展), as told to the proposer: the public line of what happened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=14, choices=Topic.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("说明"), blank=True)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_on = models.DateField(_("答应的日期"), null=True)
    # Somebody without an account is told by word of mouth.
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["topic", "at"], name="step_by_topic")]

    def __str__(self):
        return f"{self.topic_id}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"topic:{self.topic_id}"


class TopicScreening(models.Model):
    """What the committee answered when it looked at a topic (审单): three questions, each by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="screenings")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_duplicate = models.BooleanField(_("和别的议题重复"))
    is_ours = models.BooleanField(_("居民自己商量得了"))  # competence
    is_personal = models.BooleanField(_("只是一家一户的事"))
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.topic_id}: {self.at:%Y-%m-%d}"

    @property
    def lets_pass(self) -> bool:
        return self.is_ours and not self.is_duplicate and not self.is_personal


class TopicSupport(models.Model):
    """Somebody else cares about a topic too (我也关心)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="supports")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "user"], name="a_person_supports_a_topic_once"
            )
        ]

    def __str__(self):
        return f"{self.topic_id}: {self.user_id}"


class TopicMerge(models.Model):
    """One topic was put into another (并入), and how it stood before: what undoing restores."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=Topic.State)
    next_step = models.CharField(max_length=120)
    next_on = models.DateField()
    rung = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(undone_at=None),
                name="a_topic_is_merged_once_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.topic_id} → {self.into_id}"
