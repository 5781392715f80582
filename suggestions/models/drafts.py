"""Draft laws (法规草案) at the legislative contact point: versions, articles, activities about them."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

READERS = ("committee", "administrator", "street_official", "auditor")
PAST_FIGURES = ("past_activities", "past_people", "past_raised", "past_submitted", "past_adopted")


class DraftLawQuerySet(models.QuerySet):
    def public(self):
        """All that was ever put before residents."""
        return self.exclude(state="preparing")

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        here = user.reach(*READERS)
        return self.filter(~Q(state="preparing") | Q(neighbourhood_id__in=here))

    def live(self):
        return self.exclude(state__in=DraftLaw.OVER)

    def overdue(self, today: date):
        return self.live().filter(next_on__lt=today)


class DraftLaw(models.Model):
    """A draft law on which opinions are asked for (法规草案), and what is promised about it next."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("国家法律")
        CITY = "city", _("本市法规")
        DISTRICT = "district", _("区里的文件")

    class State(models.TextChoices):
        PREPARING = "preparing", _("准备中")
        OPEN = "open", _("征求意见中")
        CLOSED = "closed", _("意见收完，在整理")
        SUBMITTED = "submitted", _("已报送，等结果")
        ENDED = "ended", _("已有结果")
        PAST = "past", _("早年的，只有数字")

    MOVES = {
        State.PREPARING: {State.OPEN, State.ENDED},
        State.OPEN: {State.CLOSED},
        State.CLOSED: {State.OPEN, State.SUBMITTED, State.ENDED},
        State.SUBMITTED: {State.OPEN, State.ENDED},
        State.ENDED: set(),
        State.PAST: set(),
    }
    OVER = ("ended", "past")

    class Outcome(models.TextChoices):
        PASSED = "passed", _("已通过")
        SHELVED = "shelved", _("没有通过或搁置")
        DROPPED = "dropped", _("不再征求意见")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    title = models.CharField(_("名称"), max_length=120)
    level = models.CharField(_("哪一级"), max_length=8, choices=Level)
    asked_by_body = models.CharField(_("谁来征求意见"), max_length=120, blank=True)
    source_ref = models.CharField(_("来文编号"), max_length=80, blank=True)
    received_on = models.DateField(_("收到日期"))
    city_due_on: Any = models.DateField(_("上报截止"), null=True)  # set by whoever asks
    due_on: Any = models.DateField(_("意见收到哪天"), null=True)  # ours, earlier
    state = models.CharField(max_length=9, choices=State, default=State.PREPARING)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome, blank=True)
    outcome_words = models.CharField(_("结果说明"), max_length=300, blank=True)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_on: Any = models.DateField(_("答应的日期"), null=True)
    rung = models.PositiveSmallIntegerField(default=0)  # how far its coming and lapse were told
    # Of a draft that was talked over before the portal was there: numbers only.
    past_activities = models.PositiveIntegerField(_("活动几场"), default=0)
    past_people = models.PositiveIntegerField(_("参加几人次"), default=0)
    past_raised = models.PositiveIntegerField(_("提出几条"), default=0)
    past_submitted = models.PositiveIntegerField(_("报送几条"), default=0)
    past_adopted = models.PositiveIntegerField(_("采纳几条"), default=0)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DraftLawQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "next_on"], name="draft_by_place")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "title"], name="a_draft_is_there_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "past"])
                | (Q(next_on__isnull=False) & ~Q(next_step="")),
                name="a_live_draft_promises_its_next_step",
            ),
            models.CheckConstraint(
                condition=Q(state="past")
                | Q(
                    due_on__isnull=False,
                    city_due_on__gte=F("due_on"),
                    due_on__gte=F("received_on"),
                ),
                name="opinions_on_a_draft_end_before_they_are_owed",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | ~Q(outcome=""), name="an_ended_draft_says_how"
            ),
            models.CheckConstraint(
                condition=Q(state="past") | Q(**dict.fromkeys(PAST_FIGURES, 0)),
                name="only_drafts_of_earlier_years_are_numbers",
            ),
            models.CheckConstraint(
                condition=Q(past_adopted__lte=F("past_submitted"))
                & Q(past_submitted__lte=F("past_raised")),
                name="no_more_adopted_than_submitted_than_raised",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"draft-law:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                gettext("%(now)s的草案不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_live(self) -> bool:
        return self.state not in self.OVER

    def is_late(self, today: date) -> bool:
        return self.is_live and self.next_on < today

    def takes_opinions(self, today: date) -> bool:
        """From residents; those who work there enter late ones until it has ended."""
        return self.state == self.State.OPEN and today <= self.due_on


class DraftStep(models.Model):
    """One step of a draft (草案进展): the state, the words that went with it, and what was promised."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    draft = models.ForeignKey(DraftLaw, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=9, choices=DraftLaw.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("说明"), blank=True)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_on = models.DateField(_("答应的日期"), null=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["draft", "at"], name="draft_step_by_draft")]

    def __str__(self):
        return f"{self.draft_id}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"draft-law:{self.draft_id}"


class DraftVersion(models.Model):
    """A text of a draft law (草案文本): the draft, a later reading, and in the end the law as passed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    draft = models.ForeignKey(DraftLaw, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    name = models.CharField(_("叫什么"), max_length=60)
    is_final = models.BooleanField(_("通过的文本"), default=False)
    preamble = models.TextField(_("开头"), blank=True)
    annex = models.TextField(_("附件"), blank=True)
    sha256 = models.CharField(max_length=64)  # of the text as it was given
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="a_draft_text_has_its_number")
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"draft-law:{self.draft_id}"


class DraftArticle(models.Model):
    """One article of a text (法条), as it was given, with the same in plain words (大白话)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    version = models.ForeignKey(DraftVersion, models.PROTECT, related_name="articles")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=30)  # 第三条之一
    chapter = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("条文"))
    note = models.TextField(_("大白话"), blank=True)
    terms = models.TextField(_("难懂的词"), blank=True)  # a line each: 词＝意思
    explained_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="a_law_s_article_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["version", "label"], name="a_law_s_article_stands_once"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_law_s_article_says_something"),
        ]

    def __str__(self):
        return self.label

    @property
    def ledger_chain(self) -> str:
        return self.version.ledger_chain

    @property
    def explained_terms(self) -> list[tuple[str, str]]:
        """Each difficult word with what it means."""
        pairs = [line.partition("＝") for line in self.terms.splitlines() if line.strip()]
        return [(word.strip(), meaning.strip()) for word, _sign, meaning in pairs]


class ConsultationActivity(models.Model):
    """An occasion at which a draft was talked over (征求意见活动)."""

    class Kind(models.TextChoices):
        SEMINAR = "seminar", _("座谈会")
        QUESTIONNAIRE = "questionnaire", _("问卷")
        ONLINE = "online", _("网上征求")
        VISIT = "visit", _("上门听取")
        STALL = "stall", _("摆摊、宣传活动")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    draft = models.ForeignKey(DraftLaw, models.PROTECT, related_name="activities")
    kind = models.CharField(_("方式"), max_length=13, choices=Kind)
    title = models.CharField(_("名称"), max_length=120)
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    people = models.PositiveIntegerField(_("参加人数"))
    # Only a reference: meetings belong to another app.
    meeting_ref = models.CharField(_("对应的会议"), max_length=80, blank=True)
    words = models.TextField(_("说明"), blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name_plural = "consultation activities"
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="somebody_came_to_an_activity")
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"draft-law:{self.draft_id}"
