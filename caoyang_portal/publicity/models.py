"""The tables of public notice periods (公示): the text, where it hangs, what is said against it."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField, mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

READERS = ("committee", "administrator", "street_official", "auditor")
KEEP_DAYS = 15  # the answers stay to be read for so long, then the page comes down by itself


class PublicityQuerySet(models.QuerySet):
    def public(self):
        """What everyone may know of, if only that it was there."""
        return self.filter(posted_at__isnull=False)

    def visible_to(self, user):
        """All of one's places to those who work there, drafts too."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.reach(*READERS))

    def of(self, about: str, about_id):
        """What was posted about one thing of another app."""
        return self.filter(about=about, about_id=str(about_id))


class Publicity(models.Model):
    """A text before the public for so many days (公示)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        POSTED = "posted", _("公示中")
        OPINIONS = "opinions", _("听取意见中")  # the notice is down, opinions are still taken
        ENDED = "ended", _("公示期满")
        TAKEN_DOWN = "taken_down", _("已撤下")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.DRAFT: {State.POSTED, State.WITHDRAWN},
        State.POSTED: {State.OPINIONS, State.ENDED, State.WITHDRAWN},
        State.OPINIONS: {State.POSTED, State.ENDED, State.WITHDRAWN},  # posted again: extended
        State.ENDED: {State.TAKEN_DOWN},
        State.TAKEN_DOWN: set(),
        State.WITHDRAWN: set(),
    }
    RUNNING = ("posted", "opinions")
    SHOWN = ("posted", "opinions", "ended")  # whose text everyone may read

    class CountedIn(models.TextChoices):
        CALENDAR = "calendar", _("自然日")
        WORKING = "working", _("工作日")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.CharField(_("编号"), max_length=12, blank=True)  # 2026-003, given when posted
    title = models.CharField(_("题目"), max_length=120)
    body = models.TextField(_("正文"), blank=True)
    legal_basis = models.CharField(_("依据"), max_length=300)
    # Plain references upwards, as no app above is known here.
    about = models.CharField(max_length=80, blank=True)  # "households.project"
    about_id = models.CharField(max_length=40, blank=True)
    link = models.CharField(max_length=200, blank=True)  # a page of the portal about it
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    why_again = models.CharField(_("再次公示的原因"), max_length=300, blank=True)
    days = models.PositiveSmallIntegerField(_("公示天数"))
    opinion_days = models.PositiveSmallIntegerField(_("期满后听取意见的天数"), default=0)
    counted_in = models.CharField(
        _("天数按"), max_length=8, choices=CountedIn, default=CountedIn.CALENDAR
    )
    answer_days = models.PositiveSmallIntegerField(_("几个工作日内答复异议"), default=7)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField(_("发布时间"), null=True)
    text_sha256 = models.CharField(_("内容指纹"), max_length=64, blank=True)
    # A draft has no days yet; the database sees to it that everything else has.
    starts_on: Any = models.DateField(_("公示开始"), null=True)
    ends_on: Any = models.DateField(_("公示截止"), null=True)
    opinions_until: Any = models.DateField(_("意见截止"), null=True)
    ended_at = models.DateTimeField(null=True)
    taken_down_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(_("撤回的原因"), max_length=300, blank=True)
    certificate_asked_at = models.DateTimeField(null=True)  # as it stands, whatever is missing
    certificate = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    certificate_sha256 = models.CharField(max_length=64, blank=True)

    objects = PublicityQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "ends_on"], name="publicity_by_place"),
            models.Index(fields=["about", "about_id"], name="publicity_by_matter"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"],
                condition=~Q(number=""),
                name="a_publicity_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(
                        posted_at__isnull=False,
                        starts_on__isnull=False,
                        ends_on__isnull=False,
                        opinions_until__isnull=False,
                        text_sha256__regex=r"^[0-9a-f]{64}$",
                    )
                    & ~Q(number="")
                ),
                name="a_posted_publicity_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None)
                | Q(ends_on__gt=F("starts_on"), opinions_until__gte=F("ends_on")),
                name="a_publicity_s_days_follow_one_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "taken_down"]) | Q(ended_at__isnull=False),
                name="an_ended_publicity_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdraw_reason=""),
                name="a_withdrawn_publicity_says_why",
            ),
            models.CheckConstraint(
                condition=Q(certificate=None) | ~Q(certificate_sha256=""),
                name="an_end_certificate_is_hashed",
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="a_publicity_lasts_some_days"),
            models.CheckConstraint(
                condition=Q(follows=None) | ~Q(why_again=""), name="publicity_again_says_why"
            ),
            models.CheckConstraint(
                condition=Q(link__regex=r"^(/([^/\\].*)?)?$"),
                name="a_publicity_links_into_the_portal",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"publicity:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                gettext("%(now)s的公示不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_shown(self) -> bool:
        """Whether everyone may read the text now."""
        return self.state in self.SHOWN

    def takes_objections(self, today: date) -> bool:
        return self.state in self.RUNNING and today <= self.opinions_until

    def days_left(self, today: date) -> int:
        """Days until the end of the notice period, or of the days for opinions after it."""
        last = self.ends_on if self.state == self.State.POSTED else self.opinions_until
        return max(0, (last - today).days) if last and self.state in self.RUNNING else 0

    @property
    def comes_down_on(self) -> date | None:
        """The day from which the text is no longer shown."""
        return self.opinions_until + timedelta(days=KEEP_DAYS) if self.opinions_until else None

    @property
    def fingerprint(self) -> str:
        head = self.text_sha256[:8].upper()
        return f"{head[:4]}-{head[4:]}"


class PublicityFile(models.Model):
    """A PDF or picture that belongs to the text (公示附件)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("名称"), max_length=120)
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["publicity", "number"], name="a_publicity_s_files_are_numbered"
            )
        ]

    def __str__(self):
        return self.name


class PublicityExtension(models.Model):
    """More days, and why (公示延长)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField(_("延长天数"))
    reason = models.CharField(_("原因"), max_length=300)
    ended_on = models.DateField(_("原截止"))
    ends_on = models.DateField(_("延长到"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("ended_on")) & ~Q(reason=""),
                name="an_extension_adds_days_for_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.publicity_id}: {self.ends_on}"


class PostingPlace(models.Model):
    """Where a notice hangs (张贴点): since when, until when, and the photo that shows it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="places")
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120)  # 门厅公告栏
    put_up_on = models.DateField(_("贴出日期"), null=True)
    put_up_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    photo = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    photographed_at = models.DateTimeField(null=True)
    taken_down_on = models.DateField(_("撤下日期"), null=True)
    taken_down_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["building__number", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publicity", "building", "place"],
                nulls_distinct=False,
                name="a_place_is_named_once_in_a_publicity",
            ),
            models.CheckConstraint(
                condition=Q(photo=None) | Q(put_up_on__isnull=False),
                name="a_photographed_notice_was_put_up",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_on=None) | Q(taken_down_on__gte=F("put_up_on")),
                name="a_notice_comes_down_after_it_went_up",
            ),
        ]

    def __str__(self):
        return f"{self.building} {self.place}" if self.building else self.place

    @property
    def ledger_chain(self) -> str:
        return f"publicity:{self.publicity_id}"


class PublicityObjectionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome="")

    def visible_to(self, user):
        """One's own, and all of one's places to the committee."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(raised_by=user) | Q(neighbourhood_id__in=user.reach("committee", "administrator"))
        )


class PublicityObjection(models.Model):
    """What somebody says against a publicity, and the answer (公示异议). Never deleted."""

    class Channel(models.TextChoices):
        ONLINE = "online", _("网上")
        COUNTER = "counter", _("当面")
        PHONE = "phone", _("电话")
        LETTER = "letter", _("书面")

    class Outcome(models.TextChoices):
        """沪规划资源规〔2024〕2号 art. 10."""

        ADOPTED = "adopted", _("采纳")
        CONSIDERED = "considered", _("充分考虑")
        DECLINED = "declined", _("无法采纳")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("异议"))
    channel = models.CharField(_("方式"), max_length=8, choices=Channel, default=Channel.ONLINE)
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = ConfidentialField(_("姓名"), blank=True)  # of one without an account, as staff wrote it
    home = ConfidentialField(_("住址"), blank=True)  # as stated: one need not live here to object
    for_household = models.BooleanField(_("代表全家"), default=False)
    is_unnamed = models.BooleanField(_("不公开姓名"), default=False)
    raised_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answer_by = models.DateField(_("答复期限"))
    reminded_on = models.DateField(null=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("答复和理由"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    hidden_because = models.CharField(_("不公开正文的原因"), max_length=200, blank=True)

    objects = PublicityObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["answer_by"], condition=Q(outcome=""), name="publicity_objection_owed"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publicity", "number"], name="a_publicity_s_objections_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_at=None)
                | (~Q(outcome="") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answered_publicity_objection_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(raised_by__isnull=False) | Q(entered_by__isnull=False),
                name="an_objection_comes_from_somebody",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_objection_says_something"),
        ]

    def __str__(self):
        return f"{self.publicity_id} #{self.number}"

    @property
    def ledger_chain(self) -> str:
        return f"publicity:{self.publicity_id}"

    @property
    def full_name(self) -> str:
        """For the committee's eyes."""
        return self.raised_by.name if self.raised_by else self.name

    @property
    def shown_name(self) -> str:
        """For everyone's."""
        return gettext("不公开姓名") if self.is_unnamed else mask_name(self.full_name)

    def is_late(self, today: date) -> bool:
        return not self.outcome and today > self.answer_by


class ObjectionFile(models.Model):
    """A photo or PDF that belongs to an objection (异议附件); for the committee and its sender."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    objection = models.ForeignKey(PublicityObjection, models.PROTECT, related_name="files")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    def __str__(self):
        return str(self.file)
