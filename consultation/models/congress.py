"""The community congress (社区代表会议): its year, its representatives, its hearings in each area.

A congress belongs to a sub-district. It carries the neighbourhood that hosts it, because every row has
one tenant; whatever is about one area (a representative, a hearing, an issue) carries that area's.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, SubDistrict, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

from .meetings import Meeting

RUNNERS = ("street_official", "committee", "auditor", "administrator")  # of one sub-district


def streets_of(user, *offices: str) -> set:
    """Ids of the sub-districts in which, or in a neighbourhood of which, ``user`` holds an office."""
    return {post.sub_district_id for post in user.live_postings if post.office in offices}


class CongressQuerySet(models.QuerySet):
    def public(self):
        return self.exclude(state=Congress.State.PREPARING)

    def of_staff(self, user):
        """Those of the sub-districts ``user`` works in."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(sub_district_id__in=streets_of(user, *RUNNERS))

    def visible_to(self, user):
        """Everybody's, once it is announced."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state=Congress.State.PREPARING) | Q(sub_district_id__in=streets_of(user, *RUNNERS))
        )


class Congress(models.Model):
    """A sub-district's congress of one year (社区代表会议)."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("筹备中")
        GATHERING = "gathering", _("征集问题")
        BALLOTING = "balloting", _("票选")
        HELD = "held", _("已召开")
        CLOSED = "closed", _("已结束")

    MOVES = {
        State.PREPARING: {State.GATHERING},
        State.GATHERING: {State.BALLOTING},
        State.BALLOTING: {State.HELD, State.GATHERING},
        State.HELD: {State.CLOSED},
        State.CLOSED: set(),
    }

    class BallotKind(models.TextChoices):
        UP_TO_TEN = "top-ten", _("每人最多选十项")
        EXACTLY_TEN = "top-ten-exactly", _("每人必须选满十项")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)  # the host
    sub_district = models.ForeignKey(SubDistrict, models.PROTECT)
    term = models.PositiveSmallIntegerField(_("第几届"))
    year = models.PositiveSmallIntegerField(_("年份"))
    theme = models.CharField(_("主题"), max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    ballot_kind = models.CharField(
        _("票选办法"), max_length=20, choices=BallotKind, default=BallotKind.UP_TO_TEN
    )
    opens_at = models.DateTimeField(_("票选开始"), null=True, blank=True)  # the same in every area
    closes_at = models.DateTimeField(_("票选截止"), null=True, blank=True)
    frozen_at = models.DateTimeField(_("候选名单定下"), null=True)
    elected_at = models.DateTimeField(_("前十列入工作"), null=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    held_on = models.DateField(_("召开日期"), null=True, blank=True)
    place = models.CharField(_("会场"), max_length=160, blank=True)
    live_url = models.URLField(_("直播地址"), blank=True)
    replay_url = models.URLField(_("回放地址"), blank=True)
    # How long everybody has with a written opinion: data, because other places have other rules.
    assign_working_days = models.PositiveSmallIntegerField(_("交办（工作日）"), default=7)
    return_working_days = models.PositiveSmallIntegerField(_("申请退回（工作日）"), default=7)
    result_days = models.PositiveSmallIntegerField(_("报办理结果（天）"), default=21)
    co_months = models.PositiveSmallIntegerField(_("协办（月）"), default=1)
    feedback_months = models.PositiveSmallIntegerField(_("答复代表（月）"), default=2)
    extension_months = models.PositiveSmallIntegerField(_("最多延长（月）"), default=3)
    warn_days = models.PositiveSmallIntegerField(_("提前几天提醒"), default=3)
    ladder_days = models.PositiveSmallIntegerField(_("超期几个工作日报上一级"), default=3)
    legal_basis = models.CharField(_("依据"), max_length=300, blank=True)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)

    objects = CongressQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["sub_district", "year"], name="a_sub_district_has_one_congress_a_year"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                name="a_congress_ballot_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "gathering"])
                | Q(frozen_at__isnull=False, opens_at__isnull=False, closes_at__isnull=False),
                name="no_ballot_of_a_congress_without_frozen_candidates",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "closed"]) | Q(held_on__isnull=False),
                name="a_held_congress_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(elected_at__isnull=False),
                name="a_closed_congress_has_its_ten",
            ),
        ]

    def __str__(self):
        words = _("%(place)s第%(term)s届社区代表会议（%(year)s年）") % {
            "place": self.sub_district.name,
            "term": self.term,
            "year": self.year,
        }
        return str(words)

    @property
    def ledger_chain(self) -> str:
        return f"congress:{self.pk}"

    @property
    def next_year(self) -> int:
        return self.year + 1

    @property
    def areas(self):
        return Neighbourhood.objects.filter(sub_district_id=self.sub_district_id)

    @property
    def representatives(self):
        """Who sits in this term, also those whose mandate has ended."""
        return Representative.objects.filter(sub_district_id=self.sub_district_id, term=self.term)

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的社区代表会议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class RepresentativeQuerySet(models.QuerySet):
    def live(self, today: date):
        """Whose mandate holds on ``today``."""
        return self.filter(since__lte=today, until__gte=today, ended_on=None)

    def of(self, user, today: date):
        """The mandates ``user`` holds today."""
        return self.live(today).filter(user=user) if user.is_authenticated else self.none()

    def visible_to(self, user):
        """With names: for the staff of the sub-district."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(sub_district_id__in=streets_of(user, *RUNNERS))


class Representative(models.Model):
    """Somebody who sits in the congress for an area (社区代表)."""

    class Category(models.TextChoices):
        BUILDING_LEADER = "building_leader", _("楼组长")
        VOLUNTEER = "volunteer", _("志愿者")
        GROUP_BUYER = "group_buyer", _("团长")
        YOUNG = "young", _("青年")
        RESIDENT = "resident", _("居民")
        UNIT = "unit", _("单位和社会组织")
        INVITED = "invited", _("特邀")
        NON_VOTING = "non_voting", _("列席")

    class Way(models.TextChoices):
        ELECTED = "elected", _("居民推选")
        RECOMMENDED = "recommended", _("组织推荐")
        VOLUNTEERED = "volunteered", _("自荐并审核")
        INVITED = "invited", _("会议邀请")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)  # the area
    sub_district = models.ForeignKey(SubDistrict, models.PROTECT)
    term = models.PositiveSmallIntegerField(_("第几届"))
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=80)
    category = models.CharField(_("类别"), max_length=20, choices=Category)
    votes = models.BooleanField(_("有表决权"), default=True)
    way = models.CharField(_("怎样产生"), max_length=16, choices=Way)
    since = models.DateField(_("任期起"))
    until = models.DateField(_("任期止"))
    ended_on = models.DateField(_("提前结束"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=200, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        ordering = ["neighbourhood", "category", "name"]
        indexes = [
            models.Index(fields=["neighbourhood", "term"], name="representative_by_area"),
            models.Index(fields=["sub_district", "term"], name="representative_by_term"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sub_district", "term", "user"],
                condition=Q(user__isnull=False, ended_on=None),
                name="a_person_sits_once_in_a_term",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="a_mandate_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(category="non_voting") | Q(votes=False),
                name="who_only_listens_does_not_vote",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(ended_why=""), name="a_mandate_cut_short_says_why"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"representative:{self.pk}"

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    def is_live(self, today: date) -> bool:
        return self.ended_on is None and self.since <= today <= self.until


class FaceToFaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(congress__sub_district_id__in=streets_of(user, *RUNNERS))


class FaceToFace(models.Model):
    """Representatives meet the residents of one area (社区代表面对面)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)  # the area
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="hearings")
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=160)
    present = models.ManyToManyField(Representative, related_name="hearings")
    came = models.PositiveIntegerField(_("来了多少居民"))
    summary = models.TextField(_("记录"), blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = FaceToFaceQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", "pk"]
        indexes = [models.Index(fields=["neighbourhood", "held_on"], name="hearing_by_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "neighbourhood", "held_on", "place"],
                name="a_hearing_is_entered_once",
            )
        ]

    def __str__(self):
        return f"{self.neighbourhood} {self.held_on}"

    @property
    def ledger_chain(self) -> str:
        return f"congress:{self.congress_id}"
