"""Opinions on articles of draft laws (逐条意见), how they are put together, and the batches sent in (报送)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .drafts import READERS, ConsultationActivity, DraftArticle, DraftLaw


class OpinionBatch(models.Model):
    """What was sent to whoever asked (报送): frozen, numbered, with the hash of its content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    draft = models.ForeignKey(DraftLaw, models.PROTECT, related_name="batches")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField()  # of the year, in the neighbourhood
    to_body = models.CharField(_("报送给谁"), max_length=120)
    city_due_on = models.DateField(_("上报截止"))
    submitted_on = models.DateField(_("报送日期"))
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    content = models.JSONField()  # every opinion, as the papers say it: no names
    sha256 = models.CharField(max_length=64)
    pdf = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-year", "-serial"]
        verbose_name_plural = "opinion batches"
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "year", "serial"], name="a_batch_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_batch_has_a_sha256"
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        return f"立法意见〔{self.year}〕{self.serial}号"

    @property
    def ledger_chain(self) -> str:
        return f"draft-law:{self.draft_id}"

    @property
    def fingerprint(self) -> str:
        """The hash as people compare it."""
        return f"{self.sha256[:4]} {self.sha256[4:8]} {self.sha256[8:12]} {self.sha256[12:16]}".upper()

    @property
    def is_printed(self) -> bool:
        return self.pdf_id is not None and self.docx_id is not None


class ArticleOpinionQuerySet(models.QuerySet):
    def public(self):
        """What somebody looked at and took up; the rest is seen by its speaker."""
        return self.filter(state__in=ArticleOpinion.SHOWN)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        here = user.reach(*READERS)
        return self.filter(
            Q(state__in=ArticleOpinion.SHOWN) | Q(speaker=user) | Q(neighbourhood_id__in=here)
        )

    def waiting(self):
        """Those of which something is still owed."""
        return self.filter(state__in=ArticleOpinion.WAITING)


class ArticleOpinion(models.Model):
    """What somebody says of an article, or of the whole draft (逐条意见), and what became of it."""

    class Kind(models.TextChoices):
        CHANGE = "change", _("改一改")
        ADD = "add", _("加一句")
        DELETE = "delete", _("删掉")
        ASK = "ask", _("看不懂，想问")

    class Role(models.TextChoices):
        RESIDENT = "resident", _("居民")
        LAWYER = "lawyer", _("律师")
        DEPUTY = "deputy", _("人大代表")
        BUSINESS = "business", _("企业、商户")
        ORGANISATION = "organisation", _("社会组织")
        STAFF = "staff", _("居委、街道")
        EXPERT = "expert", _("专家")

    class State(models.TextChoices):
        RAISED = "raised", _("已收到，等审核")
        ACCEPTED = "accepted", _("列入报送")
        LEFT_OUT = "left_out", _("没有列入")
        MERGED = "merged", _("和相同的意见并在一起")
        SUBMITTED = "submitted", _("已报送，等结果")
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        REJECTED = "rejected", _("没有采纳")
        UNKNOWN = "unknown", _("没有得到答复")

    RESULTS = {State.ADOPTED, State.PARTLY, State.REJECTED, State.UNKNOWN}
    MOVES = {
        State.RAISED: {State.ACCEPTED, State.LEFT_OUT, State.MERGED},
        State.ACCEPTED: {State.LEFT_OUT, State.MERGED, State.SUBMITTED},
        State.LEFT_OUT: {State.ACCEPTED},
        State.MERGED: set(),  # undoing restores the state it had
        State.SUBMITTED: RESULTS,
        State.ADOPTED: set(),
        State.PARTLY: set(),
        State.REJECTED: set(),
        State.UNKNOWN: {State.ADOPTED, State.PARTLY, State.REJECTED},
    }
    SHOWN = ("accepted", "submitted", "adopted", "partly", "rejected", "unknown")
    WAITING = ("raised", "accepted", "submitted")
    SENT = ("submitted", "adopted", "partly", "rejected", "unknown")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    draft = models.ForeignKey(DraftLaw, models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()  # in the draft
    article = models.ForeignKey(DraftArticle, models.PROTECT, null=True, related_name="opinions")
    activity = models.ForeignKey(
        ConsultationActivity, models.PROTECT, null=True, related_name="opinions"
    )
    kind = models.CharField(_("意见是"), max_length=6, choices=Kind)
    text = models.TextField(_("意见"))
    reason = models.TextField(_("理由"), blank=True)
    role = models.CharField(_("身份"), max_length=12, choices=Role, default=Role.RESIDENT)
    is_verbatim = models.BooleanField(_("原话"), default=True)  # 原汁原味
    speaker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    speaker_name = ConfidentialField(_("谁说的"), blank=True)  # without account; in no paper
    raised_at = models.DateTimeField(default=timezone.now)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.RAISED)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    review_words = models.TextField(_("审核说明"), blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(OpinionBatch, models.PROTECT, null=True, related_name="opinions")
    result_words = models.TextField(_("结果说明"), blank=True)
    result_at = models.DateTimeField(null=True)
    final_article = models.ForeignKey(
        DraftArticle, models.PROTECT, null=True, related_name="+"
    )  # of the law as passed
    told_state = models.CharField(max_length=9, blank=True)  # the last one told by word of mouth

    objects = ArticleOpinionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["draft", "state"], name="opinion_by_draft"),
            models.Index(fields=["speaker"], name="opinion_by_speaker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "number"], name="an_article_opinion_has_its_number"
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="an_article_opinion_says_something"
            ),
            models.CheckConstraint(
                condition=~Q(state="left_out") | ~Q(review_words=""),
                name="an_opinion_left_out_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_opinion_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_opinion_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(reviewed_by=F("raised_by")) & ~Q(reviewed_by=F("speaker")),
                name="nobody_reviews_their_own_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "adopted", "partly", "rejected", "unknown"])
                | Q(batch__isnull=False),
                name="a_submitted_opinion_is_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["adopted", "partly", "rejected", "unknown"])
                | Q(result_at=None),
                name="a_result_comes_after_submission",
            ),
        ]

    def __str__(self):
        return gettext("意见 %(n)s") % {"n": self.number}

    @property
    def ledger_chain(self) -> str:
        return f"draft-law:{self.draft_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                gettext("%(now)s的意见不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def leading(self) -> "ArticleOpinion":
        """The one that goes on for it: itself, or the one it was put into."""
        return self.merged_into or self

    @property
    def place(self) -> str:
        return self.article.label if self.article else gettext("整部草案")


class OpinionMerge(models.Model):
    """One opinion was put together with another (合并), and how it stood before: what undoing restores."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    opinion = models.ForeignKey(ArticleOpinion, models.PROTECT, related_name="merges")
    into = models.ForeignKey(ArticleOpinion, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=ArticleOpinion.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"],
                condition=Q(undone_at=None),
                name="an_opinion_is_merged_once_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.opinion_id} → {self.into_id}"
