"""Suggestions (人民建议): what somebody proposes for everybody, and how far it has come."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.bigrams import Bigrams
from caoyang_portal.community.models import Building, Neighbourhood, Organisation, User
from caoyang_portal.confidential import ConfidentialField, mask_name, mask_phone
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

STAFF = ("committee", "street_official")
READERS = (*STAFF, "auditor", "administrator")
HANDLERS = ("department", "department_head")
UNITS = ("department", "committee", "grid", "implementer", "partner")  # kinds that answer


def units_of(user) -> set:
    """Ids of the units for which ``user`` works today."""
    return {post.organisation_id for post in user.live_postings if post.office in HANDLERS}


class Category(models.TextChoices):
    """What a suggestion is about (分类): six tiles."""

    HOUSING = "housing", _("房屋和楼道")
    TRAFFIC = "traffic", _("停车和充电")
    ENVIRONMENT = "environment", _("环境和绿化")
    ELDERLY = "elderly", _("养老和吃饭")
    SAFETY = "safety", _("安全")
    OTHER = "other", _("其他")


class NameShown(models.TextChoices):
    """How the proposer is called on public pages (署名)."""

    MASKED = "masked", _("只写姓，例如“王*芳”")
    PUBLIC = "public", _("写我的全名")
    HIDDEN = "hidden", _("不写姓名")


class SuggestionQuerySet(models.QuerySet):
    def public(self):
        """What was looked at before everybody may read it, and was not taken back."""
        return self.filter(published_at__isnull=False).exclude(state="withdrawn")

    def visible_to(self, user):
        """Public ones to everybody; the others to their proposer and to those who work on them."""
        if not user.is_authenticated:
            return self.public()
        shown = Q(published_at__isnull=False) & ~Q(state="withdrawn")
        return self.filter(shown | Q(proposed_by=user) | self._worked_on_by(user))

    def on_desk_of(self, user):
        """What ``user`` reads in an office, masked or not."""
        return self.filter(self._worked_on_by(user))

    def _worked_on_by(self, user):
        mine = Q(neighbourhood_id__in=user.reach(*READERS))
        units = units_of(user)
        if not units:
            return mine
        held = Suggestion.objects.filter(handlings__unit_id__in=units)
        return mine | Q(pk__in=held.values("pk"))

    def live(self):
        return self.exclude(state__in=Suggestion.ENDED)

    def overdue(self, today: date):
        return self.live().filter(next_on__lt=today)


class Suggestion(models.Model):
    """A suggestion (建议): who proposes what and why, who answers, and when the next step is promised."""

    class Source(models.TextChoices):
        ONLINE = "online", _("网上")
        COUNTER = "counter", _("窗口")
        PHONE = "phone", _("电话")
        VISIT = "visit", _("走访")
        LETTER = "letter", _("来信")
        MAILBOX = "mailbox", _("建议邮筒")
        WECHAT = "wechat", _("微信")
        LEADER_VISIT = "leader_visit", _("领导走访")
        MEETING = "meeting", _("会上提出")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("已收到")
        ACKNOWLEDGED = "acknowledged", _("已受理")
        ASSIGNED = "assigned", _("办理中")
        REPLIED = "replied", _("已答复")
        CARRYING_OUT = "carrying_out", _("落实中")
        DONE = "done", _("已办成")
        CLOSED = "closed", _("已办结")
        REFERRED = "referred", _("已转出")
        MERGED = "merged", _("已并入")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.SUBMITTED: {
            State.ACKNOWLEDGED, State.REFERRED, State.MERGED, State.WITHDRAWN,
        },
        State.ACKNOWLEDGED: {
            State.ASSIGNED, State.REFERRED, State.MERGED, State.WITHDRAWN,
        },
        State.ASSIGNED: {
            State.ACKNOWLEDGED, State.REPLIED, State.CARRYING_OUT, State.REFERRED, State.MERGED,
        },
        State.REPLIED: {State.CLOSED, State.ASSIGNED},
        State.CARRYING_OUT: {State.DONE},
        State.DONE: {State.CLOSED, State.ASSIGNED},
        State.CLOSED: set(),
        State.REFERRED: set(),
        State.MERGED: set(),  # undoing restores the state it had
        State.WITHDRAWN: set(),
    }  # fmt: skip
    ENDED = ("closed", "referred", "merged", "withdrawn")
    ANSWERED = ("replied", "carrying_out", "done", "closed")

    class Confirmed(models.TextChoices):
        """How somebody for whom staff wrote it down confirmed the words (怎样确认)."""

        READ_OUT = "read_out", _("当面读给他听，他说对")
        SIGNED = "signed", _("他在纸上签了名")
        CALLED_BACK = "called_back", _("打电话核对过")
        OWN_HAND = "own_hand", _("他自己写的，照原样抄录")
        UNREACHED = "unreached", _("联系不上，还没有确认")

    class Elsewhere(models.TextChoices):
        """Where something goes that is not answered as a suggestion (转到哪里)."""

        CLAIM = "claim", _("个人诉求，另行办理")
        TOPIC = "topic", _("居民议题")
        MEDIATION = "mediation", _("人民调解")
        HOTLINE = "hotline", _("12345 市民热线")
        DISTRICT = "district", _("区人民建议征集办公室")
        CITY = "city", _("市人民建议征集办公室")
        PETITION = "petition", _("信访")
        COURT = "court", _("法院、仲裁或行政复议")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.CharField(_("编号"), max_length=20)  # 2026-000017, in the neighbourhood
    category = models.CharField(_("分类"), max_length=12, choices=Category)
    title = models.CharField(_("题目"), max_length=120)
    reasons = models.TextField(_("为什么"))
    measures = models.TextField(_("建议怎么办"), blank=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    spot = models.CharField(_("具体位置"), max_length=80, blank=True)
    # As it was said, where title, reasons or measures were changed before publication.
    original_title = models.CharField(max_length=120, blank=True)
    original_reasons = models.TextField(blank=True)
    original_measures = models.TextField(blank=True)
    change_reason = models.CharField(_("为什么改"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source, default=Source.ONLINE)
    source_note = models.CharField(_("来源说明"), max_length=120, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposer_name = models.CharField(_("提出人"), max_length=80, blank=True)  # without account
    proposer_phone = ConfidentialField(_("电话"), blank=True)
    confirmed = models.CharField(_("怎样确认"), max_length=12, choices=Confirmed, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name_shown = models.CharField(
        _("署名"), max_length=8, choices=NameShown, default=NameShown.MASKED
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)  # from here on everybody may read it
    state = models.CharField(max_length=14, choices=State, default=State.SUBMITTED)
    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )  # 主办单位
    minder = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # 跟进人
    reply_by = models.DateField(_("最晚哪天答复"))  # a pause moves it
    replied_at = models.DateTimeField(null=True)
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_on = models.DateField(_("答应的日期"), null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)  # how far the day's lapse was told
    elsewhere = models.CharField(_("转到哪里"), max_length=12, choices=Elsewhere, blank=True)
    elsewhere_id = models.UUIDField(null=True)  # the topic or claim it became
    answer = models.TextField(_("转出的说明"), blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    # Both are kept by triggers (migration 0006), whoever writes the row. No name, no phone is in it.
    search_text = models.TextField(blank=True, editable=False)
    supporters = models.PositiveIntegerField(default=1, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "next_on"], name="suggestion_by_place"),
            models.Index(fields=["unit", "state"], name="suggestion_by_unit"),
            models.Index(
                fields=["neighbourhood", "-submitted_at"],
                condition=Q(published_at__isnull=False),
                name="suggestion_public",
            ),
            *(
                models.Index(
                    fields=[f"-{column}", "-id"],
                    condition=Q(published_at__isnull=False),
                    name=f"suggestion_by_{column}",
                )
                for column in ("submitted_at", "replied_at", "supporters")
            ),
            GinIndex(
                F("neighbourhood"),
                Bigrams("search_text"),
                name="suggestion_by_words",
                fastupdate=False,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"], name="a_suggestion_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "referred", "merged", "withdrawn"])
                | (Q(next_on__isnull=False) & ~Q(next_step="")),
                name="a_live_suggestion_promises_its_next_step",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_suggestion_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_suggestion_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="referred") | (~Q(elsewhere="") & ~Q(answer="")),
                name="a_referred_suggestion_says_where_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "acknowledged", "referred", "merged", "withdrawn"])
                | Q(unit__isnull=False),
                name="a_suggestion_is_answered_by_a_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replied", "carrying_out", "done", "closed"])
                | Q(replied_at__isnull=False),
                name="a_suggestion_is_answered_before_it_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | ~Q(proposer_name=""),
                name="a_suggestion_has_somebody_who_made_it",
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None) | ~Q(confirmed=""),
                name="what_is_entered_for_somebody_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(round__in=[1, 2]), name="a_suggestion_is_handled_again_once"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"suggestion:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的建议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_live(self) -> bool:
        return self.state not in self.ENDED

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.state != self.State.WITHDRAWN

    @property
    def was_changed(self) -> bool:
        return bool(self.original_title)

    def is_late(self, today: date) -> bool:
        return self.is_live and self.next_on is not None and self.next_on < today

    @property
    def proposer(self) -> str:
        """For those who work on it."""
        return self.proposed_by.name if self.proposed_by else self.proposer_name

    @property
    def shown_proposer(self) -> str:
        """Who made it, as everybody may read."""
        if self.name_shown == NameShown.HIDDEN:
            return gettext("一位居民")
        if self.name_shown == NameShown.PUBLIC:
            return self.proposer
        return mask_name(self.proposer)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.proposer_phone or "")


class SuggestionStep(models.Model):
    """One step of a suggestion (建议进展), as told to its proposer and those who care."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=14, choices=Suggestion.State)
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
        indexes = [models.Index(fields=["suggestion", "at"], name="suggestion_step_by_time")]

    def __str__(self):
        return f"{self.suggestion_id}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class SuggestionPhoto(models.Model):
    """A photo of a suggestion (建议照片): the original for those who work on it, and what everybody sees."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="photos")
    original = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    shown = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    shown_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.suggestion_id}: {self.pk}"

    @property
    def ledger_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class Endorsement(models.Model):
    """Somebody else wants it too (我也是)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="endorsements")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "user"], name="a_person_endorses_a_suggestion_once"
            )
        ]

    def __str__(self):
        return f"{self.suggestion_id}: {self.user_id}"


class SuggestionDraft(models.Model):
    """What somebody has filled in so far (写到一半的建议): one for each person, gone when it is sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    category = models.CharField(max_length=12, choices=Category, blank=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    spot = models.CharField(max_length=80, blank=True)
    where_said = models.BooleanField(default=False)
    title = models.CharField(max_length=120, blank=True)
    reasons = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    photos = models.ManyToManyField(Attachment, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.user_id}: {self.title}"
