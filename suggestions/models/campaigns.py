"""Campaigns (征集令): a theme, who may answer how and until when, and what is answered to all.

上海市人民建议征集若干规定 art. 8: theme and explanation, how to submit, and the period are published;
art. 12: what was solicited may be answered to all at once, in public.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from households.models import Household

from .points import WATCHERS


class CampaignQuerySet(models.QuerySet):
    def public(self):
        return self.filter(opened_at__isnull=False)

    def visible_to(self, user):
        """What was opened to everybody; drafts to those who work there."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            Q(opened_at__isnull=False) | Q(neighbourhood_id__in=user.reach(*WATCHERS))
        )

    def overdue(self, today: date):
        """Not yet answered to all, though the day promised has passed."""
        return self.filter(state__in=("open", "closed"), answer_by__lt=today)


class Campaign(models.Model):
    """A call for suggestions on one theme (征集令), or a round of visits to every home."""

    class Kind(models.TextChoices):
        CALL = "call", _("征集令")
        ANTI_FRAUD = "anti_fraud", _("反诈上门")
        SIX_PREVENTION = "six_prevention", _("六防上门")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已截止")
        ANSWERED = "answered", _("已答复")
        CANCELLED = "cancelled", _("已取消")

    MOVES = {
        State.DRAFT: {State.OPEN, State.CANCELLED},
        State.OPEN: {State.CLOSED, State.CANCELLED},
        State.CLOSED: {State.ANSWERED},
        State.ANSWERED: set(),
        State.CANCELLED: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    kind = models.CharField(_("类型"), max_length=16, choices=Kind)
    theme = models.CharField(_("主题"), max_length=60)
    explanation = models.TextField(_("说明"))
    channels = models.CharField(_("怎么提"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField(_("哪天开始"))
    ends_on = models.DateField(_("哪天截止"))
    answer_by = models.DateField(_("最晚哪天公开答复"))
    visit_round = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    answer = models.TextField(_("公开答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(_("为什么取消"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="campaign_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "theme"], name="a_campaign_s_theme_is_there_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), answer_by__gte=F("ends_on")),
                name="a_campaign_ends_before_it_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "cancelled")) | Q(opened_at__isnull=False),
                name="a_running_campaign_was_opened",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_campaign_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="a_cancelled_campaign_says_why",
            ),
            models.CheckConstraint(
                condition=Q(visit_round=1) | (Q(visit_round=2) & ~Q(kind="call")),
                name="a_campaign_has_two_rounds_of_visits_at_most",
            ),
        ]

    def __str__(self):
        return self.theme

    @property
    def ledger_chain(self) -> str:
        return f"campaign:{self.pk}"

    @property
    def is_call(self) -> bool:
        return self.kind == self.Kind.CALL

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的征集不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    def takes_entries(self, today: date) -> bool:
        return self.is_call and self.state == self.State.OPEN and (
            self.starts_on <= today <= self.ends_on
        )  # fmt: skip

    def is_late(self, today: date) -> bool:
        return self.state in (self.State.OPEN, self.State.CLOSED) and self.answer_by < today


class CampaignQuestion(models.Model):
    """One question of a campaign's form (征集题目)."""

    class Kind(models.TextChoices):
        SHORT = "short", _("一句话")
        LONG = "long", _("一段话")
        CHOICE = "choice", _("选一个")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("题目"), max_length=120)
    kind = models.CharField(_("怎么答"), max_length=8, choices=Kind)
    options = models.TextField(_("选项"), blank=True)  # one a line
    is_needed = models.BooleanField(_("一定要答"), default=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], name="a_campaign_question_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(kind="choice") ^ Q(options=""),
                name="a_question_of_choice_has_options",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def option_list(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]


class CampaignEntry(models.Model):
    """What somebody answered in a campaign (应征): on the phone, or through staff."""

    class Channel(models.TextChoices):
        ONLINE = "online", _("网上")
        COUNTER = "counter", _("窗口")
        PHONE = "phone", _("电话")
        VISIT = "visit", _("走访")
        PAPER = "paper", _("纸面")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="entries")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = ConfidentialField(_("姓名"), blank=True)  # of somebody without an account
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "user"],
                condition=Q(user__isnull=False),
                name="a_person_answers_a_campaign_once",
            ),
            models.CheckConstraint(
                condition=Q(channel="online", user__isnull=False, entered_by=None)
                | (~Q(channel="online") & Q(entered_by__isnull=False)),
                name="an_entry_is_one_s_own_or_staff_s",
            ),
        ]

    def __str__(self):
        return f"{self.campaign} {self.at:%Y-%m-%d}"


class CampaignAnswer(models.Model):
    """The answer to one question (应征内容)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    entry = models.ForeignKey(CampaignEntry, models.CASCADE, related_name="answers")
    question = models.ForeignKey(CampaignQuestion, models.PROTECT, related_name="answers")
    text = models.TextField()

    class Meta:
        ordering = ["question__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "question"], name="a_campaign_question_is_answered_once"
            )
        ]

    def __str__(self):
        return self.text


class CampaignHomeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every home of one's place for the committee, those of their building for its leader."""
        if not user.is_authenticated:
            return self.none()
        led = {p.building_id for p in user.live_postings if p.office == "building_leader"}
        return self.filter(
            Q(neighbourhood_id__in=user.places("committee")) | Q(building_id__in=led)
        )


class CampaignHome(models.Model):
    """A home to be visited in a campaign (走访户): the list is fixed when it opens."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="homes")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, models.PROTECT, related_name="+")

    objects = CampaignHomeQuerySet.as_manager()

    class Meta:
        ordering = ["building__number", "household__room", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "household"], name="a_home_is_in_a_campaign_once"
            )
        ]

    def __str__(self):
        return f"{self.building} {self.household.room}"


class CampaignVisit(models.Model):
    """One round's visit to a home (上门): whether somebody was met in person."""

    class Outcome(models.TextChoices):
        MET = "met", _("见到本人")
        PHONE = "phone", _("只通了电话")
        NOBODY = "nobody", _("没有人在家")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    home = models.ForeignKey(CampaignHome, models.PROTECT, related_name="visits")
    visit_round = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["visit_round"]
        constraints = [
            models.UniqueConstraint(
                fields=["home", "visit_round"], name="a_home_is_entered_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(visit_round__in=(1, 2)), name="there_are_two_rounds_of_visits"
            ),
        ]

    def __str__(self):
        return self.get_outcome_display()
