"""The roll of a poll (名册): who votes, for which homes, with what area; and how the ballot reached them."""

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment
from households.models import Household, Member

from .polls import STAFF, Poll

OWNER_ROLES = (Member.Role.HOLDER, Member.Role.CO_OWNER)

# The entries a user may answer for, by the electorate of each poll: no tenant for the public owner, no
# buyer for the developer, though their homes stand with them. In SQL, for it is asked with every
# vote: the same in the ORM took longer to write down than PostgreSQL takes for all of the vote.
ANSWERED_BY = """ARRAY(
    WITH home AS (
        SELECT r.household_id, r.member_id, m.role IN ('holder', 'co_owner') AS owns
        FROM households_residency r LEFT JOIN households_member m ON m.id = r.member_id
        WHERE r.user_id = %s AND r.verified_at IS NOT NULL AND r.ended_at IS NULL
    ), mine AS (
        SELECT u.entry_id AS id, home.owns, 'unit' AS by_its FROM home
        JOIN consultation_rollunit u ON u.household_id = home.household_id
        UNION ALL
        SELECT e.id, home.owns, 'household' FROM home
        JOIN consultation_rollentry e ON e.household_id = home.household_id
        UNION ALL
        SELECT e.id, home.owns, 'member' FROM home
        JOIN consultation_rollentry e ON e.member_id = home.member_id
    )
    SELECT mine.id FROM mine
    JOIN consultation_rollentry e ON e.id = mine.id
    JOIN consultation_poll p ON p.id = e.poll_id
    JOIN consultation_pollkind k ON k.id = p.kind_id
    WHERE CASE by_its
        WHEN 'unit' THEN k.electorate IN ('owners', 'owners_and_tenants') AND owns
            AND e.holder = 'owner'
        WHEN 'member' THEN k.electorate = 'residents'
        ELSE k.electorate = 'households' OR k.electorate = 'holders' AND owns
    END
)"""


class RollEntryQuerySet(models.QuerySet):
    def of(self, user):
        """The entries for which ``user`` may answer in person."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__any=RawSQL(ANSWERED_BY, [user.pk]))  # noqa: S611 no text of ours in it

    def visible_to(self, user):
        """The roll of a poll: to its committee, and to whoever stands on it."""
        if not user.is_authenticated:
            return self.none()
        polls = RollEntry.objects.of(user).values("poll_id")
        return self.filter(Q(neighbourhood_id__in=user.places(*STAFF)) | Q(poll_id__in=polls))


class RollEntry(models.Model):
    """One head on the roll (名册行): an owner with all homes, a household, or a person."""

    class Holder(models.TextChoices):
        OWNER = "owner", _("业主")
        DEVELOPER = "developer", _("建设单位")
        PUBLIC_OWNER = "public_owner", _("公房产权单位")
        HOUSEHOLD = "household", _("户")
        PERSON = "person", _("居民")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="roll")
    number = models.CharField(_("名册号"), max_length=8)
    holder = models.CharField(max_length=12, choices=Holder)
    name = models.CharField(_("姓名"), max_length=120)
    identity = models.CharField(max_length=64, blank=True)  # what two homes of one owner share
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="a_roll_entry_has_its_number"),
            models.UniqueConstraint(
                fields=["poll", "member"],
                condition=Q(holder="person"),
                name="a_person_stands_once_on_a_roll",
            ),
            models.UniqueConstraint(
                fields=["poll", "household"],
                condition=Q(holder="household"),
                name="a_household_stands_once_on_a_roll",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.masked_name}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}" if self.household_id else f"voter:{self.pk}"

    def is_answered_by(self, user) -> bool:
        """Whether ``user`` may answer for it in person."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT %s = ANY({ANSWERED_BY})", [self.pk, user.pk])
            return cursor.fetchone()[0]

    @property
    def masked_name(self) -> str:
        return self.masked(self.holder, self.name)

    @classmethod
    def masked(cls, holder: str, name: str) -> str:
        """A name as shown: of those who are no person, whole."""
        named = (cls.Holder.DEVELOPER, cls.Holder.PUBLIC_OWNER)
        return name if holder in named else mask_name(name)


class RollUnit(models.Model):
    """One home with its area in 0.01 m² (名册房屋); all homes of an owner hang on one entry."""

    class Basis(models.TextChoices):
        REGISTER = "register", _("登记")
        SURVEY = "survey", _("测绘")
        CONTRACT = "contract", _("合同")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="units")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="units")
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    label = models.CharField(_("房屋"), max_length=200)
    area_cent = models.PositiveIntegerField(_("面积（0.01 ㎡）"))
    basis = models.CharField(_("面积依据"), max_length=10, choices=Basis)
    is_unsold = models.BooleanField(_("建设单位未售或未交付"), default=False)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "label"], name="a_home_stands_once_on_a_roll"),
            models.UniqueConstraint(
                fields=["poll", "household"],
                condition=Q(household__isnull=False),
                name="a_household_is_one_home_on_a_roll",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def shown_area(self) -> str:
        return f"{self.area_cent // 100}.{self.area_cent % 100:02}"


class PollObjection(models.Model):
    """Somebody says that the roll or the result is wrong (异议)."""

    class About(models.TextChoices):
        ROLL = "roll", _("名册")
        RESULT = "result", _("结果")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="objections")
    about = models.CharField(max_length=10, choices=About)
    household = models.ForeignKey(Household, models.PROTECT, null=True)
    text = models.TextField(_("异议内容"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("答复"), blank=True)
    upheld = models.BooleanField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(upheld=None) | ~Q(answer=""), name="an_answered_objection_says_why"
            )
        ]

    def __str__(self):
        return self.text[:40]

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"


class BallotDelivery(models.Model):
    """How the ballot reached a voter (送达), with its proof."""

    class Way(models.TextChoices):
        BY_HAND = "by_hand", _("当面送达")
        FAMILY = "family", _("同住成年家属签收")
        LEFT = "left", _("见证下留置")
        POST = "post", _("邮寄")
        ONLINE = "online", _("本人线上已读")
        POSTED_UP = "posted_up", _("小区内公告")

    PROVEN = (Way.BY_HAND, Way.FAMILY, Way.LEFT, Way.POST, Way.ONLINE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="deliveries")
    way = models.CharField(_("送达方式"), max_length=10, choices=Way)
    delivered_on = models.DateField(_("送达日期"))
    proof = models.ForeignKey(Attachment, models.PROTECT, null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "way"], name="a_delivery_is_noted_once"),
            models.CheckConstraint(
                condition=Q(way__in=["online", "posted_up"]) | Q(proof__isnull=False),
                name="a_delivery_has_its_proof",
            ),
        ]

    def __str__(self):
        return f"{self.entry} {self.get_way_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"


class RollJob(models.Model):
    """A roll so long that a worker builds it (名册生成)."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        WORKING = "working", _("正在生成")
        DONE = "done", _("已生成")
        FAILED = "failed", _("未能生成")

    MOVES = {
        State.QUEUED: {State.WORKING},
        State.WORKING: {State.WORKING, State.DONE, State.FAILED},  # again: its worker died
        State.DONE: set(),
        State.FAILED: set(),
    }
    OPEN = ("queued", "working")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="roll_jobs")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField()  # homes whose files are read
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)  # a dead worker's job is taken over after this

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll"],
                condition=Q(state__in=["queued", "working"]),
                name="a_roll_is_built_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(problem=""), name="a_roll_not_built_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.poll_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"poll:{self.poll_id}"

    @property
    def goes_on(self) -> bool:
        return self.state in self.OPEN

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的名册不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state
