"""Kinds of polls (表决种类): the law and the custom behind a poll, as data in versions."""

from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.ids import new_id
from consultation.tally import AREA, HEADS, Rule, Share


class Secrecy(models.TextChoices):
    """How secret a poll is; each level is honest about what it does not promise."""

    OPEN = "open", _("记名")
    SEPARATED = "separated", _("无记名，人票分开")
    SEALED = "sealed", _("无记名，双信封")


class PollKindQuerySet(models.QuerySet):
    def usable(self, neighbourhood, today):
        """The newest version of every kind that holds here today; the place's own before the stock's."""
        return (
            self.filter(
                Q(neighbourhood=neighbourhood) | Q(neighbourhood=None),
                Q(valid_to=None) | Q(valid_to__gte=today),
                valid_from__lte=today,
            )
            .order_by("code", F("neighbourhood").asc(nulls_last=True), "-version")
            .distinct("code")
        )

    def visible_to(self, user):
        """The stock, and those of the places where ``user`` works."""
        if not user.is_authenticated:
            return self.none()
        places = user.reach("committee", "administrator", "street_official", "auditor")
        return self.filter(Q(neighbourhood=None) | Q(neighbourhood_id__in=places))


class PollKind(models.Model):
    """A kind of poll (表决种类) in one version; a version in force is never changed."""

    class Method(models.TextChoices):
        BINARY = "binary", _("同意、不同意、弃权")
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")
        TOP = "top", _("票选前几名")
        SCORE = "score", _("打分")
        RANKED = "ranked", _("排序")

    class Electorate(models.TextChoices):
        OWNERS = "owners", _("业主")
        OWNERS_AND_TENANTS = "owners_and_tenants", _("业主，公房由承租人行使")
        HOLDERS = "holders", _("承租人和产权人，一证一票")
        HOUSEHOLDS = "households", _("每户一票")
        RESIDENTS = "residents", _("每人一票")

    class SilentRule(models.TextChoices):
        NOT_COUNTED = "not_counted", _("未答复的不计入")
        FOLLOW_MAJORITY = "follow_majority", _("已送达未答复的随多数")

    class Ties(models.TextChoices):
        ALL = "all", _("并列的都入选")
        NONE = "none", _("并列的都不入选")
        LISTED = "listed", _("并列的按列出的先后")

    class FollowUp(models.TextChoices):
        NONE = "", _("无")
        RENOVATION_STARTS = "renovation_starts", _("启动改造")
        PLAN_APPROVED = "plan_approved", _("方案通过")
        RULE_ADOPTED = "rule_adopted", _("守则生效")
        NEXT_YEAR = "next_year", _("列入下年度工作")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True)  # null: the stock
    code = models.SlugField(_("代码"), max_length=40)
    version = models.PositiveIntegerField(_("版本"), default=1)
    name = models.CharField(_("名称"), max_length=80)
    matter = models.CharField(_("事项"), max_length=300)
    legal_basis = models.CharField(_("依据"), max_length=300)
    method = models.CharField(_("投票方式"), max_length=10, choices=Method)
    electorate = models.CharField(_("参加人"), max_length=20, choices=Electorate)
    by_area = models.BooleanField(_("同时按面积"), default=False)
    quorum_part = models.PositiveSmallIntegerField(_("参加比例分子"), default=0)  # 0: none
    quorum_whole = models.PositiveSmallIntegerField(_("参加比例分母"), default=1)
    pass_part = models.PositiveSmallIntegerField(_("通过比例分子"), default=1)
    pass_whole = models.PositiveSmallIntegerField(_("通过比例分母"), default=2)
    pass_exceeded = models.BooleanField(_("须超过通过比例"), default=True)
    pass_of_all = models.BooleanField(_("按全体计算通过比例"), default=False)
    silent_rule = models.CharField(
        _("未答复的怎么算"), max_length=20, choices=SilentRule, default=SilentRule.NOT_COUNTED
    )
    silent_clause = models.TextField(_("议事规则条文"), blank=True)
    most_choices = models.PositiveSmallIntegerField(_("最多选几项"), default=1)
    exactly = models.BooleanField(_("必须选满"), default=False)
    places = models.PositiveSmallIntegerField(_("入选几项"), default=1)
    ties = models.CharField(_("并列怎么办"), max_length=10, choices=Ties, default=Ties.ALL)
    scale_from = models.PositiveSmallIntegerField(_("最低分"), default=1)
    scale_to = models.PositiveSmallIntegerField(_("最高分"), default=5)
    satisfied_from = models.PositiveSmallIntegerField(_("几分起算满意"), default=4)
    notice_days = models.PositiveSmallIntegerField(_("提前公告天数"), default=0)
    objection_days = models.PositiveSmallIntegerField(_("结果异议天数"), default=5)
    secrecies = ArrayField(
        models.CharField(max_length=10, choices=Secrecy), verbose_name=_("公开方式")
    )
    revote = models.BooleanField(_("截止前可以改票"), default=False)
    follow_up = models.CharField(_("通过后"), max_length=20, choices=FollowUp, blank=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    why = models.CharField(_("为什么改"), max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PollKindQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "code", "version"],
                nulls_distinct=False,
                name="a_kind_has_one_version_per_number",
            ),
            models.CheckConstraint(
                condition=Q(quorum_whole__gt=0, quorum_part__lte=F("quorum_whole"))
                & Q(pass_part__gt=0, pass_whole__gt=0, pass_part__lte=F("pass_whole")),
                name="a_kind_s_shares_are_fractions",
            ),
            models.CheckConstraint(
                condition=~Q(silent_rule="follow_majority") | ~Q(silent_clause=""),
                name="a_rule_about_the_silent_quotes_its_clause",
            ),
            models.CheckConstraint(
                condition=Q(scale_to__gt=F("scale_from"), satisfied_from__lte=F("scale_to"))
                & Q(satisfied_from__gte=F("scale_from"), most_choices__gt=0, places__gt=0),
                name="a_kind_s_numbers_fit_together",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_kind_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(secrecies__len__gt=0), name="a_kind_allows_some_secrecy"
            ),
        ]

    def __str__(self):
        return f"{self.name}（第 {self.version} 版）"

    @property
    def ledger_chain(self) -> str:
        return f"poll-kind:{self.code}"

    @property
    def rule(self) -> Rule:
        quorum = Share(Fraction(self.quorum_part, self.quorum_whole)) if self.quorum_part else None
        return Rule(
            quorum,
            Share(Fraction(self.pass_part, self.pass_whole), self.pass_exceeded),
            (HEADS, AREA) if self.by_area else (HEADS,),
            self.pass_of_all,
        )

    @property
    def has_options(self) -> bool:
        return self.method in (
            self.Method.SINGLE,
            self.Method.MULTIPLE,
            self.Method.TOP,
            self.Method.RANKED,
        )
