"""What the congress gathers (问题): raised, sorted, merged without loss, voted on, taken into next year."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

from .congress import RUNNERS, Congress, FaceToFace, streets_of
from .polls import Poll
from .resolutions import Resolution


class Matter(models.TextChoices):
    """What an issue or an opinion is about (分类)."""

    HOUSING = "housing", _("房屋和设施")
    TRAFFIC = "traffic", _("停车和出行")
    SAFETY = "safety", _("安全")
    CLEANLINESS = "cleanliness", _("环境卫生")
    ELDERLY = "elderly", _("养老和无障碍")
    YOUNG = "young", _("托幼和青少年")
    CULTURE = "culture", _("文化和健身")
    PROPERTY = "property", _("物业管理")
    NEIGHBOURS = "neighbours", _("邻里关系")
    OTHER = "other", _("其他")


class CongressIssueQuerySet(models.QuerySet):
    def public(self):
        """What has been sorted; personal requests are answered to whoever made them."""
        return self.exclude(state__in=CongressIssue.NOT_PUBLIC)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state__in=CongressIssue.NOT_PUBLIC)
            | Q(raised_by=user)
            | Q(congress__sub_district_id__in=streets_of(user, *RUNNERS))
        )


class CongressIssue(models.Model):
    """One issue as it was raised (问题); never deleted: merged ones say into which."""

    class Source(models.TextChoices):
        FACE_TO_FACE = "face_to_face", _("社区代表面对面")
        BOX = "box", _("意见征集箱")
        STAFF = "staff", _("居委排摸")
        RESIDENT = "resident", _("居民线上提出")

    class State(models.TextChoices):
        RAISED = "raised", _("待整理")
        LISTED = "listed", _("已列出")
        MERGED = "merged", _("已合并")
        PERSONAL = "personal", _("个性诉求，另行办理")
        CANDIDATE = "candidate", _("候选")
        CHOSEN = "chosen", _("列入明年工作")
        KEPT = "kept", _("未进前十，留存")

    MOVES = {
        State.RAISED: {State.LISTED, State.MERGED, State.PERSONAL},
        State.LISTED: {State.MERGED, State.PERSONAL, State.CANDIDATE},
        State.PERSONAL: {State.LISTED, State.MERGED},
        State.MERGED: {State.RAISED, State.LISTED, State.PERSONAL},  # the merging is undone
        State.CANDIDATE: {State.CHOSEN, State.KEPT, State.LISTED},  # listed: the list is reopened
        State.CHOSEN: set(),
        State.KEPT: set(),
    }
    NOT_PUBLIC = ("raised", "personal")
    ON_THE_BALLOT = ("candidate", "chosen", "kept")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)  # the area it is about
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="issues")
    number = models.PositiveIntegerField(_("编号"))
    text = models.CharField(_("问题"), max_length=200)
    category = models.CharField(_("分类"), max_length=12, choices=Matter)
    source = models.CharField(_("来源"), max_length=14, choices=Source)
    hearing = models.ForeignKey(
        FaceToFace, models.PROTECT, null=True, blank=True, related_name="issues"
    )
    state = models.CharField(max_length=10, choices=State, default=State.RAISED)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    candidate_no = models.PositiveSmallIntegerField(_("候选号"), null=True)
    votes = models.PositiveIntegerField(_("得票"), null=True)
    planned_for = models.PositiveSmallIntegerField(_("列入哪一年"), null=True)
    resolution = models.OneToOneField(
        Resolution, models.PROTECT, null=True, related_name="issue"
    )  # who carries it out, once the register has it
    became = models.TextField(_("办得怎样"), blank=True)
    became_on = models.DateField(null=True)

    objects = CongressIssueQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="issue_by_area")]
        constraints = [
            models.UniqueConstraint(fields=["congress", "number"], name="an_issue_has_its_number"),
            models.UniqueConstraint(
                fields=["congress", "candidate_no"],
                condition=Q(candidate_no__isnull=False),
                name="a_candidate_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_issue_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="no_issue_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["candidate", "chosen", "kept"], candidate_no__isnull=False)
                | (~Q(state__in=["candidate", "chosen", "kept"]) & Q(candidate_no=None)),
                name="only_candidates_have_a_number_on_the_ballot",
            ),
            models.CheckConstraint(
                condition=Q(state="chosen", planned_for__isnull=False)
                | (~Q(state="chosen") & Q(planned_for=None)),
                name="a_chosen_issue_says_for_which_year",
            ),
            models.CheckConstraint(
                condition=Q(source="face_to_face", hearing__isnull=False)
                | (~Q(source="face_to_face") & Q(hearing=None)),
                name="an_issue_from_a_hearing_says_which",
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"

    @property
    def ledger_chain(self) -> str:
        return f"congress:{self.congress_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的问题不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class MergeRecordQuerySet(models.QuerySet):
    def live(self):
        return self.filter(undone_at=None)


class MergeRecord(models.Model):
    """Issues put together into one (合并); whoever takes it back restores each as it was."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="merges")
    target = models.ForeignKey(CongressIssue, models.PROTECT, related_name="merges")
    text_before = models.CharField(max_length=200)
    text_after = models.CharField(max_length=200)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = MergeRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.target_id}: {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_chain(self) -> str:
        return f"congress:{self.congress_id}"


class MergedIssue(models.Model):
    """One issue of a merging, and what it was before (合并前)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    record = models.ForeignKey(MergeRecord, models.PROTECT, related_name="lines")
    issue = models.ForeignKey(CongressIssue, models.PROTECT, related_name="+")
    state_before = models.CharField(max_length=10, choices=CongressIssue.State)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "issue"], name="an_issue_stands_once_in_a_merging"
            )
        ]

    def __str__(self):
        return f"{self.record_id}: {self.issue_id}"


class AreaBallot(models.Model):
    """The poll in which one area chooses among the candidates (各居民区票选)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    congress = models.ForeignKey(Congress, models.PROTECT, related_name="ballots")
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="area_ballot")

    class Meta:
        ordering = ["neighbourhood__name", "pk"]

    def __str__(self):
        return str(self.poll)
