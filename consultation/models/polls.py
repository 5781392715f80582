"""Polls, their questions and what may be answered (表决)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from households.models import Household

from .kinds import PollKind, Secrecy

STAFF = ("committee", "administrator")


class PollQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Announced ones to whoever is on the roll or lives there; drafts to the committee."""
        if not user.is_authenticated:
            return self.none()
        homes = Household.objects.of(user).values("neighbourhood_id")
        return self.filter(
            Q(neighbourhood_id__in=user.reach(*STAFF, "street_official", "auditor"))
            | (~Q(state=Poll.State.DRAFT) & Q(neighbourhood_id__in=homes))
        )

    def due_to_open(self, now: datetime):
        return self.filter(state=Poll.State.FROZEN, opens_at__lte=now)

    def due_to_close(self, now: datetime):
        return self.filter(state=Poll.State.OPEN, closes_at__lte=now)


class Poll(models.Model):
    """A poll (表决): from a question to a sealed result."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        ANNOUNCED = "announced", _("已公告")
        FROZEN = "frozen", _("名册已冻结")
        OPEN = "open", _("表决中")
        COUNTING = "counting", _("计票中")
        COUNTED = "counted", _("结果公示中")
        PUBLISHED = "published", _("已公布")
        VOID = "void", _("已作废")

    MOVES = {
        State.DRAFT: {State.ANNOUNCED, State.VOID},
        State.ANNOUNCED: {State.FROZEN, State.VOID},
        State.FROZEN: {State.OPEN, State.VOID},
        State.OPEN: {State.COUNTING, State.VOID},
        State.COUNTING: {State.COUNTED, State.VOID},
        State.COUNTED: {State.PUBLISHED, State.VOID},
        State.PUBLISHED: set(),
        State.VOID: set(),
    }
    ROLL_MOVES = ("draft", "announced")  # until then the roll may change

    class Scope(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("整个小区")
        BUILDING = "building", _("一幢")
        UNIT = "unit", _("一个门牌")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    code = models.SlugField(_("编号"), max_length=60, unique=True)
    kind = models.ForeignKey(PollKind, models.PROTECT)
    title = models.CharField(_("题目"), max_length=120)
    explanation = models.TextField(_("说明"), blank=True)
    secrecy = models.CharField(_("公开方式"), max_length=10, choices=Secrecy)
    scope = models.CharField(_("范围"), max_length=20, choices=Scope, default=Scope.NEIGHBOURHOOD)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    door = models.CharField(_("门牌"), max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(_("开始"))
    closes_at = models.DateTimeField(_("截止"))
    drafted_at = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(_("公告时间"), null=True)
    roll_built_at = models.DateTimeField(null=True)
    roll_hash = models.CharField(_("名册指纹"), max_length=64, blank=True)
    heads = models.PositiveIntegerField(default=0)  # as frozen
    area_cent = models.PositiveBigIntegerField(default=0)
    scrutineer_key = models.CharField(_("监票人公钥"), max_length=64, blank=True)
    scrutineers = models.JSONField(_("监票人"), default=list)
    receipt_key = models.CharField(max_length=64, blank=True)  # Ed25519, public
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    board_root = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)
    void_reason = models.CharField(_("作废原因"), max_length=300, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="poll_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="a_poll_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "announced", "void"])
                | Q(roll_hash__regex=r"^[0-9a-f]{64}$"),
                name="no_poll_goes_on_without_a_frozen_roll",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["counted", "published"])
                | Q(board_root__regex=r"^[0-9a-f]{64}$"),
                name="a_counted_poll_has_a_root",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "void"]) | Q(announced_at__isnull=False),
                name="an_announced_poll_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(secrecy="sealed")
                | Q(state__in=["draft", "announced", "void"])
                | Q(scrutineer_key__regex=r"^[0-9a-f]{64}$"),
                name="a_sealed_poll_has_a_key",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""), name="a_void_poll_says_why"
            ),
            models.CheckConstraint(
                condition=(Q(scope="neighbourhood", building=None, door=""))
                | (Q(scope="building", building__isnull=False, door=""))
                | (Q(scope="unit", building__isnull=False) & ~Q(door="")),
                name="a_poll_s_scope_names_its_place",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的表决不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    def takes_votes(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and self.opens_at <= now < self.closes_at

    @property
    def is_secret(self) -> bool:
        return self.secrecy != Secrecy.OPEN

    @property
    def may_revote(self) -> bool:
        """Only where a vote can still be told from others: never with separated ballots."""
        return self.kind.revote and self.secrecy != Secrecy.SEPARATED

    def may_replace(self, mark) -> bool:
        """Whether a vote already given may be given again; one on paper came first and stays."""
        return self.may_revote and mark.channel != "paper"

    @property
    def roll_fingerprint(self) -> str:
        head = self.roll_hash[:8].upper()
        return f"{head[:4]}-{head[4:]}"


class Question(models.Model):
    """One question of a poll (议项)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("题目"), max_length=300)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="a_question_has_its_number")
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


class Option(models.Model):
    """One thing to choose (选项)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    question = models.ForeignKey(Question, models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("选项"), max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="an_option_has_its_number")
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"
