"""Claims (诉求): what somebody needs done, from the first word to the callback. Private throughout."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField, mask_name, mask_phone
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment
from households.models import Household, Visit

COORDINATORS = ("committee", "street_official")
READERS = (*COORDINATORS, "auditor")
HANDLERS = ("department", "department_head")


def departments_of(user) -> set:
    """Ids of the departments for which ``user`` works today."""
    return {p.organisation_id for p in user.live_postings if p.office in HANDLERS}


class ClaimQuerySet(models.QuerySet):
    def at_work_of(self, user):
        """Those of one's places; those one's unit has or had; those of one's joint team."""
        if not user.is_authenticated or not user.live_postings:
            return self.none()
        seen = Q(neighbourhood_id__in=user.reach(*READERS))
        units = departments_of(user)
        if units:
            held = self.model.objects.filter(dispatches__unit__in=units)
            seen |= Q(pk__in=held.values("pk"))
        team = self.model.team.through.objects.filter(user=user)
        return self.filter(seen | Q(pk__in=team.values("claim_id")))

    def visible_to(self, user):
        """One's own, and those one works with."""
        if not user.is_authenticated:
            return self.none()
        work = self.model.objects.at_work_of(user)
        return self.filter(Q(claimant=user) | Q(pk__in=work.values("pk")))

    def live(self):
        return self.exclude(state__in=Claim.ENDED)

    def overdue(self, today: date):
        return self.live().filter(next_on__lt=today)


class Claim(models.Model):
    """A claim (诉求): who needs what, who has it in hand, and what is promised for which day."""

    class Source(models.TextChoices):
        ONLINE = "online", _("网上提交")
        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门走访")
        COUNTER = "counter", _("来居委说")
        LETTER = "letter", _("来信")
        WECHAT = "wechat", _("微信")
        HOTLINE = "hotline", _("12345 热线")
        LEADER_VISIT = "leader_visit", _("领导走访")
        SUGGESTION = "suggestion", _("人民建议转来")
        OBJECTION = "objection", _("异议转来")

    class Confirmed(models.TextChoices):
        """How somebody for whom staff wrote it down said that it is right (怎么确认的)."""

        READ_OUT = "read_out", _("念给本人听，本人说对")
        SIGNED = "signed", _("本人签了字")
        CALLED = "called", _("打电话和本人核对过")
        WROTE = "wrote", _("本人写来的，照原样")

    class Class(models.TextChoices):
        CONSULTATION = "consultation", _("咨询、意见")
        SUPERVISED = "supervised", _("督办件")
        HELP = "help", _("求助")
        COMPLAINT = "complaint", _("投诉")
        COMPLEX = "complex", _("疑难复杂")

    class State(models.TextChoices):
        MADE = "made", _("已收到")
        ACCEPTED = "accepted", _("已受理")
        CONTACTED = "contacted", _("已联系，待交办")
        IN_PROGRESS = "in_progress", _("办理中")
        REPLIED = "replied", _("已答复，待回访")
        SUPERVISED = "supervised", _("街道督办")
        CLOSED = "closed", _("已办结")
        REFERRED = "referred", _("已转出")
        MERGED = "merged", _("合在一起办")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.MADE: {State.ACCEPTED, State.REFERRED, State.MERGED, State.WITHDRAWN},
        State.ACCEPTED: {State.CONTACTED, State.REFERRED, State.MERGED, State.WITHDRAWN},
        State.CONTACTED: {State.IN_PROGRESS, State.REFERRED, State.MERGED, State.WITHDRAWN},
        State.IN_PROGRESS: {State.REPLIED},
        State.REPLIED: {State.CLOSED, State.IN_PROGRESS, State.SUPERVISED},
        State.SUPERVISED: {State.IN_PROGRESS, State.CLOSED},
        State.CLOSED: set(),
        State.REFERRED: set(),
        State.MERGED: {State.REPLIED},  # answered together; undoing restores the state it had
        State.WITHDRAWN: set(),
    }
    ENDED = ("closed", "referred", "merged", "withdrawn")

    class Elsewhere(models.TextChoices):
        """Where a claim goes that is not handled here (转到哪里)."""

        SUGGESTION = "suggestion", _("人民建议")
        TOPIC = "topic", _("居民议题")
        MEDIATION = "mediation", _("人民调解委员会")
        HOTLINE = "hotline", _("12345 市民热线")
        DEPARTMENT = "department", _("别的政府部门")
        PROPERTY = "property", _("物业公司")
        POLICE = "police", _("派出所")
        PETITION = "petition", _("信访")
        COURT = "court", _("法院")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.CharField(_("编号"), max_length=20)  # 2026-0017, in the neighbourhood
    title = models.CharField(_("一句话"), max_length=80)
    text = models.TextField(_("内容"), blank=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    source_ref = models.CharField(_("来源编号"), max_length=80, blank=True)
    hotline_number = models.CharField(_("12345 工单号"), max_length=40, blank=True)
    claimant = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    claimant_name = models.CharField(_("谁说的"), max_length=80, blank=True)  # without account
    claimant_phone = ConfidentialField(_("电话"), blank=True, default="")
    confirmed = models.CharField(_("怎么确认的"), max_length=10, choices=Confirmed, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, related_name="claim")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State, default=State.MADE)
    claim_class = models.CharField(_("类别"), max_length=12, choices=Class, blank=True)
    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)
    minder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # 跟进人
    accepted_on = models.DateField(_("受理日期"), null=True)
    contact_due = models.DateField(null=True)
    contacted_at = models.DateTimeField(null=True)
    contacted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    contact_way = models.CharField(_("怎么联系的"), max_length=10, choices=Visit.Way, blank=True)
    reply_due = models.DateField(_("最晚哪天答复"), null=True)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_on = models.DateField(_("答应的日期"), null=True)
    rung = models.PositiveSmallIntegerField(
        default=0
    )  # how far the promised date's lapse was told
    warned_round = models.PositiveSmallIntegerField(default=0)  # for which the head was warned
    paused_until = models.DateField(_("暂停到"), null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    elsewhere = models.CharField(_("转到哪里"), max_length=12, choices=Elsewhere, blank=True)
    answer = models.TextField(
        _("说明"), blank=True
    )  # why elsewhere, or why nothing more can be done
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    team = models.ManyToManyField(User, related_name="+")  # 联合小组
    photos = models.ManyToManyField(Attachment, related_name="+")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "next_on"], name="claim_by_place"),
            models.Index(fields=["household", "-made_at"], name="claim_by_home"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"], name="a_claim_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["neighbourhood", "source", "source_ref"],
                condition=Q(source__in=["suggestion", "objection"]) & ~Q(source_ref=""),
                name="a_thing_becomes_a_claim_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "referred", "merged", "withdrawn"])
                | (Q(next_on__isnull=False) & ~Q(next_step="")),
                name="a_live_claim_promises_its_next_step",
            ),
            models.CheckConstraint(
                condition=Q(claimant__isnull=False) | ~Q(claimant_name=""),
                name="a_claim_has_somebody_who_made_it",
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None) | ~Q(confirmed=""),
                name="a_claim_entered_for_somebody_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["made", "referred", "merged", "withdrawn"])
                | (Q(accepted_on__isnull=False, reply_due__isnull=False) & ~Q(claim_class="")),
                name="an_accepted_claim_has_its_class_and_limit",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_claim_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_claim_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="referred") | (~Q(elsewhere="") & ~Q(answer="")),
                name="a_referred_claim_says_where_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None, closed_by=None)),
                name="a_closed_claim_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(paused_until=None)
                | Q(state__in=["accepted", "contacted", "in_progress", "supervised"]),
                name="only_a_claim_in_hand_is_paused",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"claim:{self.pk}"

    def move_to(self, state: State) -> None:
        if self.paused_until:
            raise Refused(_("这件诉求暂停着，请先恢复办理"))
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的诉求不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_live(self) -> bool:
        return self.state not in self.ENDED

    def is_late(self, today: date) -> bool:
        return self.is_live and self.next_on is not None and self.next_on < today

    @property
    def who(self) -> str:
        """Whoever made it, for those who handle it."""
        return self.claimant.name if self.claimant else self.claimant_name

    @property
    def masked_who(self) -> str:
        return mask_name(self.who)

    @property
    def phone(self) -> str:
        return self.claimant_phone or (self.claimant.phone if self.claimant else "")

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    def live_dispatches(self):
        """Who has it in hand in this round: the lead and whoever helps."""
        return self.dispatches.filter(round=self.round, ended_on=None)


class ClaimStep(models.Model):
    """One step of a claim (诉求进展), as told to whoever made it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=Claim.State)
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
        indexes = [models.Index(fields=["claim", "at"], name="claim_step_by_claim")]

    def __str__(self):
        return f"{self.claim_id}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"claim:{self.claim_id}"


class ClaimMerge(models.Model):
    """One claim was put into another (合在一起办), and how it stood before: what undoing restores."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=Claim.State)
    next_step = models.CharField(max_length=120)
    next_on = models.DateField()
    rung = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)  # undone, or answered together
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(ended_at=None),
                name="a_claim_is_merged_once_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.claim_id} → {self.into_id}"


class ClaimPause(models.Model):
    """The clock of a claim stands still (暂停): why, until when, and how many working days were left."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="pauses")
    reason = models.TextField(_("为什么暂停"))
    since = models.DateField()
    until = models.DateField(_("暂停到哪天"))
    days_left = models.SmallIntegerField()  # working days to the promised date; negative when late
    reply_days_left = models.SmallIntegerField()
    next_step = models.CharField(max_length=120)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    resumed_on = models.DateField(null=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(resumed_on=None),
                name="a_claim_is_paused_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")) & ~Q(reason=""),
                name="a_pause_has_a_reason_and_an_end",
            ),
        ]

    def __str__(self):
        return f"{self.claim_id}: {self.until}"
