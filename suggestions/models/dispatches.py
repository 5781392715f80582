"""A claim in the hands of units (吹哨交办): returned, extended, replied to, and asked about afterwards."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .claims import Claim


class Level(models.TextChoices):
    """On which level something is settled (在哪一层办结): 小事不出网格，大事不出社区."""

    GRID = "grid", _("网格里办结")
    NEIGHBOURHOOD = "neighbourhood", _("居民区里办结")
    SUB_DISTRICT = "sub_district", _("街道层面办结")


class Dispatch(models.Model):
    """A claim whistled to a unit (吹哨交办), as lead or helping; without a unit the committee does it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("牵头")
        HELPING = "helping", _("协同")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="dispatches")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    words = models.TextField(_("交办的话"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("最晚哪天答复"))
    return_to = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    return_reason = models.TextField(_("退单理由"), blank=True)
    return_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    return_agreed = models.BooleanField(null=True)
    return_answer = models.TextField(_("退单的答复"), blank=True)
    return_answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)  # returned, with consent

    class Meta:
        ordering = ["round", "-role", "at", "pk"]
        indexes = [models.Index(fields=["unit", "ended_on"], name="dispatch_by_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "round"],
                condition=Q(role="lead", ended_on=None),
                name="a_claim_has_one_lead_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["claim", "round", "unit"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="a_unit_has_a_claim_once",
            ),
            models.CheckConstraint(
                condition=Q(return_asked_by=None)
                | (Q(return_to__isnull=False) & ~Q(return_reason="")),
                name="a_return_names_the_right_unit_and_says_why",
            ),
            models.CheckConstraint(
                condition=Q(return_to=None) | Q(unit=None) | ~Q(return_to=F("unit")),
                name="no_claim_is_returned_to_where_it_is",
            ),
            models.CheckConstraint(
                condition=Q(return_agreed=None)
                | (Q(return_answered_by__isnull=False) & ~Q(return_answer="")),
                name="a_return_of_a_claim_is_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(return_answered_by=None) | ~Q(return_answered_by=F("return_asked_by")),
                name="nobody_agrees_to_their_own_return",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(return_agreed__isnull=False, return_agreed=True),
                name="nobody_passes_a_claim_on_without_consent",
            ),
        ]

    def __str__(self):
        return f"{self.claim_id}: {self.unit_name}"

    @property
    def ledger_chain(self) -> str:
        return f"claim:{self.claim_id}"

    @property
    def unit_name(self) -> str:
        return self.unit.name if self.unit else str(_("居委会"))

    @property
    def is_of_a_department(self) -> bool:
        return self.unit is not None and self.unit.kind == Organisation.Kind.DEPARTMENT

    @property
    def level(self) -> Level:
        if self.unit is None or self.unit.kind == Organisation.Kind.COMMITTEE:
            return Level.NEIGHBOURHOOD
        return Level.GRID if self.unit.kind == Organisation.Kind.GRID else Level.SUB_DISTRICT

    @property
    def waits_for_return(self) -> bool:
        return self.return_asked_by_id is not None and self.return_agreed is None


class ClaimExtension(models.Model):
    """More time for a claim (延期): asked for with a reason, granted by somebody else."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="extensions")
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="extensions")
    round = models.PositiveSmallIntegerField()
    until = models.DateField(_("延到哪天"))
    reason = models.TextField(_("为什么要延期"))
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True)
    answer = models.TextField(_("延期的答复"), blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "round"], name="a_claim_is_extended_once_a_round"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="an_extension_of_a_claim_says_why"
            ),
            models.CheckConstraint(
                condition=Q(agreed=None) | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="an_extension_of_a_claim_is_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")),
                name="nobody_grants_their_own_extension",
            ),
        ]

    def __str__(self):
        return f"{self.claim_id}: {self.until}"

    @property
    def ledger_chain(self) -> str:
        return f"claim:{self.claim_id}"


class ClaimReply(models.Model):
    """What a unit did and answers (办理答复); from the second round on with the record of the work."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("已经解决")
        PLANNED = "planned", _("列入计划，说明哪天办成")
        EXPLAINED = "explained", _("办不到，已说明原因")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="replies")
    dispatch = models.OneToOneField(Dispatch, models.PROTECT, related_name="reply")
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("办得怎样"), max_length=10, choices=Outcome)
    text = models.TextField(_("答复"))
    work_record = models.TextField(_("工作记录"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    photos = models.ManyToManyField(Attachment, related_name="+")

    class Meta:
        ordering = ["round", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_claim_is_answered_in_words"),
            models.CheckConstraint(
                condition=Q(round=1) | ~Q(work_record=""),
                name="a_second_disposal_has_its_work_record",
            ),
        ]

    def __str__(self):
        return f"{self.claim_id}: {self.get_outcome_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"claim:{self.claim_id}"


class ClaimCallback(models.Model):
    """Whoever made the claim was asked how it went (回访): by nobody who handled it."""

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        DOOR = "door", _("上门")
        COUNTER = "counter", _("当面")
        WECHAT = "wechat", _("微信")
        ONLINE = "online", _("本人在网上评价")

    class Satisfaction(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        MOSTLY = "mostly", _("基本满意")
        UNSATISFIED = "unsatisfied", _("不满意")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="callbacks")
    reply = models.ForeignKey(ClaimReply, models.PROTECT, related_name="callbacks")
    round = models.PositiveSmallIntegerField()
    handler = models.ForeignKey(User, models.PROTECT, related_name="+")  # who wrote the reply
    at = models.DateTimeField(default=timezone.now)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    way = models.CharField(_("怎么问的"), max_length=10, choices=Way)
    reached = models.BooleanField()
    is_done = models.BooleanField(_("解决了没有"), null=True)
    attitude = models.CharField(_("对办理态度"), max_length=12, choices=Satisfaction, blank=True)
    result = models.CharField(_("对办理结果"), max_length=12, choices=Satisfaction, blank=True)
    words = models.TextField(_("本人怎么说"), blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply"], condition=Q(reached=True), name="a_reply_is_rated_once"
            ),
            models.UniqueConstraint(
                fields=["reply", "on"],
                condition=Q(reached=False),
                name="a_missed_callback_counts_once_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(by=F("handler")), name="nobody_calls_back_their_own_work"
            ),
            models.CheckConstraint(
                condition=(
                    Q(reached=True, is_done__isnull=False) & ~Q(attitude="") & ~Q(result="")
                )
                | Q(reached=False, is_done=None, attitude="", result=""),
                name="attitude_and_result_are_asked_separately",
            ),
        ]

    def __str__(self):
        return f"{self.claim_id}: {self.on}"

    @property
    def ledger_chain(self) -> str:
        return f"claim:{self.claim_id}"
