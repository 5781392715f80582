"""Meetings (会议): series, the meeting itself, its agenda, who is invited and who has signed up."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import (
    Booking,
    Building,
    Neighbourhood,
    Organisation,
    User,
    Venue,
)
from caoyang_portal.confidential import ConfidentialField, mask_phone
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment
from households.models import Household, Member

from .polls import STAFF, Poll
from .topics import Topic


class MeetingSeries(models.Model):
    """Meetings that come back (系列): every Saturday, ten round tables on one market."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    name = models.CharField(_("系列名称"), max_length=80)
    rhythm = models.CharField(_("多久一次"), max_length=80, blank=True)  # in words, as printed
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"], name="a_series_is_named_once"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"series:{self.pk}"


class MeetingQuerySet(models.QuerySet):
    def public(self):
        return self.exclude(state=Meeting.State.DRAFT).filter(is_public=True)

    def visible_to(self, user):
        """Announced public ones to everybody; the others to those invited and to the staff."""
        if not user.is_authenticated:
            return self.public()
        offices = (*STAFF, "street_official", "auditor")
        announced = ~Q(state=Meeting.State.DRAFT)
        mine = Invitation.objects.filter(user=user).values("meeting_id")
        return self.filter(
            (announced & (Q(is_public=True) | Q(pk__in=mine)))
            | Q(neighbourhood_id__in=user.reach(*offices))
            | Q(host=user)
            | Q(recorders=user.pk)
        ).distinct()

    def to_come(self, now: datetime):
        """Announced and not over, or going on: also when it runs late."""
        return self.filter(
            Q(state=Meeting.State.ANNOUNCED, ends_at__gte=now) | Q(state=Meeting.State.UNDER_WAY)
        )

    def run_by(self, user):
        """Those ``user`` prepares: by office, or as host or recorder."""
        return self.filter(
            Q(neighbourhood_id__in=user.reach(*STAFF, "street_official", "auditor"))
            | Q(host=user)
            | Q(pk__in=Meeting.recorders.through.objects.filter(user=user).values("meeting_id"))
        )


class Meeting(models.Model):
    """A meeting (会议): from its draft to its minutes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备中")
        ANNOUNCED = "announced", _("已通知")
        UNDER_WAY = "under_way", _("正在开")
        HELD = "held", _("已开完")
        CANCELLED = "cancelled", _("已取消")

    MOVES = {
        State.DRAFT: {State.ANNOUNCED, State.CANCELLED},
        State.ANNOUNCED: {State.UNDER_WAY, State.CANCELLED},
        State.UNDER_WAY: {State.HELD},
        State.HELD: {State.UNDER_WAY},  # closed by mistake: only until minutes are sent
        State.CANCELLED: set(),
    }

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("现场")
        ONLINE = "online", _("线上")
        HYBRID = "hybrid", _("现场加线上")

    class Quorum(models.TextChoices):
        """What the quorum counts (法定人数按什么算)."""

        NONE = "none", _("不要求")
        HEADS = "heads", _("按人数")
        HOUSEHOLDS = "households", _("按户数")
        HEADS_AND_AREA = "heads_and_area", _("按人数和面积")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    series = models.ForeignKey(MeetingSeries, models.PROTECT, null=True, blank=True)
    number = models.PositiveIntegerField(_("次"), null=True, blank=True)  # in its series
    form = models.CharField(_("会议形式"), max_length=20, choices=Topic.Form)
    title = models.CharField(_("名称"), max_length=120)
    purpose = models.TextField(_("为什么开"), blank=True)
    convenor = models.CharField(_("召集"), max_length=120)  # the body, as printed on the notice
    host = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorders = models.ManyToManyField(User, related_name="+")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    mode = models.CharField(_("方式"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True)
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, blank=True)
    place = models.CharField(_("地点"), max_length=160, blank=True)  # as printed
    live_url = models.URLField(_("直播地址"), blank=True)
    replay_url = models.URLField(_("回放地址"), blank=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    notice_days = models.PositiveSmallIntegerField(_("提前几天通知"), default=0)
    is_public = models.BooleanField(_("居民都能报名"), default=True)
    capacity = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    observers = models.PositiveIntegerField(_("旁听名额"), default=0)
    registration_until = models.DateTimeField(_("报名截止"), null=True, blank=True)
    quorum = models.CharField(_("法定人数"), max_length=16, choices=Quorum, default=Quorum.NONE)
    quorum_part = models.PositiveSmallIntegerField(default=1)
    quorum_whole = models.PositiveSmallIntegerField(default=2)
    quorum_exceeded = models.BooleanField(default=True)  # more than the part, not just the part
    roll = models.ForeignKey(Poll, models.PROTECT, null=True, blank=True, related_name="+")
    # A meeting with a quorum counts on a frozen roll: that of the poll it prepares.
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    announced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=300, blank=True)
    short_notice = models.CharField(_("为什么来不及提前通知"), max_length=200, blank=True)
    takes_questions = models.BooleanField(_("接受提问"), default=True)
    told_at = models.DateTimeField(null=True)  # when its time and place were last told
    changes = models.PositiveIntegerField(
        default=0
    )  # since the announcement; iCalendar's SEQUENCE
    reminded_day_at = models.DateTimeField(null=True)
    reminded_hour_at = models.DateTimeField(null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "starts_at"], name="meeting_by_place")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["series", "number"], name="a_meeting_has_its_number_in_the_series"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(announced_at__isnull=False),
                name="an_announced_meeting_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(opened_at__isnull=False, closed_at__isnull=False),
                name="a_held_meeting_was_opened_and_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="a_cancelled_meeting_says_why",
            ),
            models.CheckConstraint(
                condition=Q(mode="online") | ~Q(place=""), name="a_meeting_in_person_has_a_place"
            ),
            models.CheckConstraint(
                condition=Q(quorum_whole__gt=0, quorum_part__lte=F("quorum_whole")),
                name="a_quorum_is_a_part_of_a_whole",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.pk}"

    @property
    def is_to_come(self) -> bool:
        return self.state in (self.State.ANNOUNCED, self.State.UNDER_WAY)

    def takes_registrations(self, now: datetime) -> bool:
        """Whether somebody may sign up now (报名中)."""
        until = self.registration_until or self.starts_at
        return self.is_public and self.state == self.State.ANNOUNCED and now < until

    def takes_questions_now(self) -> bool:
        return self.takes_questions and self.is_to_come

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的会议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class AgendaItem(models.Model):
    """One point of the agenda (议程): when it is due, who speaks, what to read before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("议程"), max_length=160)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="agenda")
    presenter = models.CharField(_("介绍人"), max_length=80, blank=True)
    minutes = models.PositiveSmallIntegerField(_("分钟"), default=10)
    papers = models.ManyToManyField(Attachment, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="an_agenda_item_has_its_number",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class Draw(models.Model):
    """Invitees drawn by lot from a group (抽签): with seed and list anybody draws the same again."""

    class Spread(models.TextChoices):
        WHOLE = "whole", _("不分楼，整体抽")
        PROPORTIONAL = "proportional", _("按各楼户数的比例")
        EQUAL = "equal", _("每幢楼一样多")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()  # of the meeting; a second draw is seen as one
    group = models.CharField(_("从谁里面抽"), max_length=120)  # in words
    spread = models.CharField(_("怎么分"), max_length=12, choices=Spread)
    wanted = models.PositiveIntegerField(_("抽几位"))
    seed = models.CharField(_("种子"), max_length=80)
    seed_is_given = models.BooleanField(default=False)  # thrown before people, not by the machine
    frame = models.JSONField()  # [code, stratum] of everybody in the group, sorted by code
    frame_hash = models.CharField(_("名单指纹"), max_length=64)
    drawn = models.JSONField()  # the codes, in the order drawn
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="a_draw_has_its_number"),
            models.CheckConstraint(condition=~Q(seed=""), name="a_draw_has_a_seed"),
        ]

    def __str__(self):
        return f"{self.meeting_id}: {self.group}"


class Invitation(models.Model):
    """Somebody is asked to come (邀请): by role, by name, or drawn by lot from a group."""

    class Role(models.TextChoices):
        RESIDENT = "resident", _("居民代表")
        AFFECTED = "affected", _("利害关系人")
        ASSEMBLY = "assembly", _("居民会议代表")
        UNIT = "unit", _("单位代表")
        DEPARTMENT = "department", _("部门")
        EXPERT = "expert", _("专业人士")
        OBSERVER = "observer", _("旁听")
        REPRESENTATIVE = "representative", _("社区代表")

    class Answer(models.TextChoices):
        NONE = "none", _("未回复")
        YES = "yes", _("来")
        NO = "no", _("不来")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    role = models.CharField(_("身份"), max_length=16, choices=Role)
    name = models.CharField(_("姓名"), max_length=80)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    drawn_from = models.CharField(_("抽自"), max_length=120, blank=True)  # the group of a sample
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="invited")
    answer = models.CharField(_("回复"), max_length=4, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["role", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False),
                name="a_person_is_invited_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=Q(member__isnull=False),
                name="a_member_is_invited_once",
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.get_role_display()}）"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class Registration(models.Model):
    """Somebody signs up (报名): with a place, on the waiting list, or no longer."""

    class State(models.TextChoices):
        COMING = "coming", _("已报名")
        WAITING = "waiting", _("候补")
        CANCELLED = "cancelled", _("已取消")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="registrations")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=80)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True)
    is_online = models.BooleanField(_("线上参加"), default=False)
    is_observer = models.BooleanField(_("旁听"), default=False)
    needs = models.CharField(_("需要帮忙"), max_length=120, blank=True)  # wheelchair, dialect
    phone = ConfidentialField(_("手机号"), blank=True, default="")  # of who rang up, no account
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    moved_up_at = models.DateTimeField(null=True)  # from the waiting list, and on whom to ring up
    rung_up_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.COMING)
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["registered_at", "pk"]
        indexes = [models.Index(fields=["meeting", "state"], name="registration_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False),
                name="a_person_registers_once",
            )
        ]

    def __str__(self):
        return f"{self.name}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def must_be_rung_up(self) -> bool:
        """Got a place from the waiting list, and has no account to be told by."""
        return bool(self.moved_up_at and not self.rung_up_at and self.user_id is None) and (
            self.state == self.State.COMING
        )
