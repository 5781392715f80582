"""Renovation projects (改造项目): legal basis, stages, threshold, allowances."""

import itertools

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import Household, Residency
from .roster import RosterSnapshot


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Projects of one's neighbourhood: its residents, its offices, and its sub-district's officials."""
        if not user.is_authenticated:
            return self.none()
        places = {p.neighbourhood_id for p in user.live_postings if p.neighbourhood_id}
        districts = {
            p.sub_district_id
            for p in user.live_postings
            if p.office in ("street_official", "administrator", "auditor")
        }
        own = Residency.objects.live().filter(user=user).values("neighbourhood_id")
        return self.filter(
            Q(neighbourhood_id__in=places)
            | Q(neighbourhood__sub_district_id__in=districts)
            | Q(neighbourhood_id__in=own)
        )


class Project(models.Model):
    """One renovation (改造项目)."""

    class Kind(models.TextChoices):
        COMPLETE_SET = "complete_set_renovation", _("旧住房成套改造")
        REBUILD = "demolish_rebuild", _("拆除重建")

    class Stage(models.TextChoices):
        ASSESSMENT = "assessment", _("组织评估")
        FIRST_CONSENT = "first_consent", _("意愿征询")
        PLAN_LISTED = "plan_listed", _("列入计划")
        SURVEY = "survey", _("入户排摸")
        DESIGN = "design", _("一户一方案")
        PLAN_CONSULT = "plan_consult", _("方案公示")
        PLAN_APPROVED = "plan_approved", _("方案认定")
        SIGNING = "signing", _("协议签订")
        EFFECTIVE = "effective", _("协议生效")
        MOVEOUT = "moveout", _("搬离过渡")
        CONSTRUCTION = "construction", _("施工")
        ACCEPTANCE = "acceptance", _("竣工验收")
        ALLOCATION = "allocation", _("选房配房")
        MOVEBACK = "moveback", _("回搬")
        CERTIFICATE = "certificate", _("凭证变更")
        AFTERCARE = "aftercare", _("改造后治理")
        LAPSED = "lapsed", _("未达比例终止")

    CHAIN = [
        Stage.ASSESSMENT,
        Stage.FIRST_CONSENT,
        Stage.PLAN_LISTED,
        Stage.SURVEY,
        Stage.DESIGN,
        Stage.PLAN_CONSULT,
        Stage.PLAN_APPROVED,
        Stage.SIGNING,
        Stage.EFFECTIVE,
        Stage.MOVEOUT,
        Stage.CONSTRUCTION,
        Stage.ACCEPTANCE,
        Stage.ALLOCATION,
        Stage.MOVEBACK,
        Stage.CERTIFICATE,
        Stage.AFTERCARE,
    ]
    MOVES = {stage: {after} for stage, after in itertools.pairwise(CHAIN)} | {
        Stage.SIGNING: {Stage.EFFECTIVE, Stage.LAPSED},
        Stage.ACCEPTANCE: {
            Stage.ALLOCATION,
            Stage.MOVEBACK,
        },  # complete-set homes keep their place
        Stage.AFTERCARE: set(),
        Stage.LAPSED: {Stage.SIGNING},  # a second signing period, set by a new decision
    }

    class AgreementMode(models.TextChoices):
        """How a signature is given force (Electronic Signature Law arts. 13-14)."""

        PAPER = "paper", _("纸质签署")
        AGREED = "agreed", _("约定电子签名")
        LICENSED = "licensed", _("持牌机构电子签名")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    name = models.CharField(_("项目名称"), max_length=120)
    code = models.SlugField(_("代号"), max_length=40, unique=True)  # in public addresses
    kind = models.CharField(_("类型"), max_length=30, choices=Kind)
    implementer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("实施主体")
    )
    legal_basis = models.TextField(_("法律依据"), default="《上海市城市更新条例》第三十二条")
    basis_valid_from = models.DateField(_("依据生效"), null=True, blank=True)
    basis_valid_to = models.DateField(_("依据失效"), null=True, blank=True)
    stage = models.CharField(_("阶段"), max_length=20, choices=Stage, default=Stage.ASSESSMENT)
    agreement_mode = models.CharField(
        max_length=10, choices=AgreementMode, default=AgreementMode.AGREED
    )
    # What the implementation plan must say (沪房规范〔2023〕1号 art. 9)
    scope = models.TextField(_("更新范围"), blank=True)
    resettlement = models.TextField(_("安置方式"), blank=True)
    effect_condition = models.TextField(_("协议生效条件"), blank=True)
    housing_kind = models.TextField(_("安置房屋类型及权属"), blank=True)
    works_duration = models.TextField(_("预计工程周期"), blank=True)
    withdrawal_rule = models.TextField(_("撤回规则"), blank=True)  # shown before and after signing
    # The rates are compared in integers: signed * 100 >= threshold_pct * total
    first_consent_pct = models.PositiveSmallIntegerField(_("意愿征询比例(%)"), default=80)
    threshold_pct = models.PositiveSmallIntegerField(_("生效签约比例(%)"), default=95)
    baseline_date = models.DateField(_("基准日"), null=True, blank=True)
    snapshot = models.OneToOneField(RosterSnapshot, models.PROTECT, null=True, blank=True)
    signing_opens_at = models.DateTimeField(_("签约开始"), null=True, blank=True)
    signing_closes_at = models.DateTimeField(_("签约截止"), null=True, blank=True)
    # Signed on paper inside the period, and entered afterwards: a rule of the project, with its reason
    paper_entry_days = models.PositiveSmallIntegerField(
        _("期满后可补录纸质协议（工作日）"), default=5
    )
    paper_entry_reason = models.CharField(
        _("补录的理由"),
        max_length=200,
        default="签字在签约期内已经作出；纸质原件送回、两人核对需要几天，不因录入晚了让住户吃亏。",
    )
    effective_at = models.DateTimeField(_("生效时间"), null=True, blank=True)
    effective_signed = models.PositiveIntegerField(null=True, blank=True)  # as announced
    lapsed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["neighbourhood", "stage"], name="project_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold_pct__gte=95, threshold_pct__lte=100),
                name="the_threshold_is_95_to_100_per_cent",  # 上海市城市更新条例 art. 32
            ),
            models.CheckConstraint(
                condition=Q(first_consent_pct__gte=80, first_consent_pct__lte=100),
                name="the_first_consent_is_80_to_100_per_cent",  # 沪房规范〔2023〕1号 art. 5
            ),
            models.CheckConstraint(
                condition=Q(signing_closes_at=None)
                | Q(signing_opens_at__lt=F("signing_closes_at")),
                name="a_signing_period_has_a_span",
            ),
            models.CheckConstraint(
                condition=Q(paper_entry_days__lte=30) & ~Q(paper_entry_reason=""),
                name="papers_are_entered_within_thirty_days_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["signing", "effective"])
                | Q(
                    snapshot__isnull=False,
                    signing_opens_at__isnull=False,
                    signing_closes_at__isnull=False,
                ),
                name="signing_needs_a_roster_and_a_period",
            ),
            models.CheckConstraint(
                condition=~Q(stage="effective") | Q(effective_at__isnull=False),
                name="an_effective_project_says_since_when",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"project:{self.pk}"

    def move_to(self, stage: Stage) -> None:
        if stage not in self.MOVES[self.Stage(self.stage)]:
            raise Refused(
                _("项目处在%(now)s阶段，不能转为%(then)s")
                % {"now": self.get_stage_display(), "then": stage.label}
            )
        self.stage = stage


class StageRecord(models.Model):
    """A stage entered (阶段记录): on which day, by whom, with which document and figures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, related_name="stage_records")
    stage = models.CharField(max_length=20, choices=Project.Stage)
    happened_on = models.DateField(_("日期"))
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    document = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True)
    asked = models.PositiveIntegerField(
        _("应征询户数"), null=True, blank=True
    )  # first consent only
    agreed = models.PositiveIntegerField(_("同意户数"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked=None) | Q(agreed__lte=F("asked")),
                name="no_more_agree_than_were_asked",
            )
        ]

    def __str__(self):
        return f"{self.get_stage_display()} {self.happened_on}"


class AllowanceRule(models.Model):
    """How one allowance of the project is computed (补贴标准)."""

    class Basis(models.TextChoices):
        HOUSEHOLD = "household", _("按户")
        LIVING_AREA = "living_area", _("按居住面积")
        FLOOR_AREA = "floor_area", _("按建筑面积")
        PERSON = "person", _("按户籍人数")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, related_name="allowance_rules")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    basis = models.CharField(_("计算方式"), max_length=20, choices=Basis)
    unit_price = models.DecimalField(_("单价(元)"), max_digits=12, decimal_places=2)
    formula_text = models.CharField(_("计算说明"), max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="an_allowance_is_named_once")
        ]

    def __str__(self):
        return self.name


class AllowanceItem(models.Model):
    """One sum of money for one household (补贴项). Decimal, never float."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="allowance_items")
    rule = models.ForeignKey(AllowanceRule, models.PROTECT, null=True, blank=True)
    code = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    formula_text = models.CharField(_("计算说明"), max_length=200, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=2)
    unit_price = models.DecimalField(_("单价(元)"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("金额(元)"), max_digits=14, decimal_places=2)
    payable_on = models.DateField(_("应付日期"), null=True, blank=True)
    paid_on = models.DateField(_("支付日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "household", "code"],
                name="an_allowance_is_paid_once_per_household",
            )
        ]

    def __str__(self):
        return f"{self.name} {self.amount}"
