"""What is done with a suggestion (建议办理): units, notes, answers, what came of it, how content people are."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .suggestions import Suggestion


class SuggestionHandling(models.Model):
    """A suggestion in the hands of a unit (办理单位): as lead or helping."""

    class Role(models.TextChoices):
        LEAD = "lead", _("主办")
        HELPING = "helping", _("协办")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="handlings")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)  # returned
    return_reason = models.TextField(_("为什么退回"), blank=True)

    class Meta:
        ordering = ["round", "-role", "assigned_at", "pk"]
        indexes = [models.Index(fields=["unit", "ended_at"], name="suggestion_held_by_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "round"],
                condition=Q(role="lead", ended_at=None),
                name="a_suggestion_has_one_lead_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["suggestion", "round", "unit"],
                condition=Q(ended_at=None),
                name="a_unit_has_a_suggestion_once",
            ),
        ]

    def __str__(self):
        return f"{self.suggestion_id}: {self.unit}"

    @property
    def ledger_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class SuggestionNote(models.Model):
    """A word among those who work on it (内部备注); neither proposer nor public read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="notes")
    text = models.TextField(_("备注"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.suggestion_id}: {self.at:%Y-%m-%d}"


class ReplyTemplate(models.Model):
    """Words to begin an answer with (答复模板)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    name = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("内容"))
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"],
                condition=Q(retired_at=None),
                name="a_reply_template_has_a_name_of_its_own",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"reply_template:{self.pk}"


class Reply(models.Model):
    """The official answer (答复): adopted, in part, or not, and why."""

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        NOT_ADOPTED = "not_adopted", _("不采纳")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    verdict = models.CharField(_("答复结论"), max_length=12, choices=Verdict)
    text = models.TextField(_("答复"))
    why = models.TextField(_("理由"), blank=True)
    replied_at = models.DateTimeField(default=timezone.now)
    replied_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "round"], name="a_suggestion_is_answered_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(verdict="adopted") | ~Q(why=""),
                name="what_is_not_adopted_is_given_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="a_suggestion_is_answered_in_words"
            ),
        ]

    def __str__(self):
        return f"{self.suggestion_id}: {self.get_verdict_display()}"


class Outcome(models.Model):
    """What an idea became (转化成果，金点子变金钥匙): what is promised, until when, and the photo when done."""

    class Conversion(models.TextChoices):
        """Into what a suggestion is turned (上海市人民建议征集若干规定, art. 13)."""

        BENEFIT = "benefit", _("惠民举措")
        BETTER_WORK = "better_work", _("改进机关工作")
        LAW = "law", _("法规、规章的立改废释")
        SUPERVISION = "supervision", _("人大监督项目")
        MOTION = "motion", _("代表议案或者建议")
        REFERENCE = "reference", _("决策参考")
        OTHER = "other", _("其他")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="outcomes")
    round = models.PositiveSmallIntegerField()
    conversion = models.CharField(_("转化成什么"), max_length=12, choices=Conversion)
    promise = models.CharField(_("要办成什么"), max_length=200)
    due_on = models.DateField(_("最晚哪天办成"))
    name = models.CharField(_("成果名称"), max_length=80, blank=True)
    done_on = models.DateField(_("哪天办成"), null=True)
    done_text = models.TextField(_("办成了什么"), blank=True)
    done_photo = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    commended_on = models.DateField(_("表扬日期"), null=True)
    commendation = models.TextField(_("表扬的话"), blank=True)

    class Meta:
        ordering = ["round"]
        indexes = [
            models.Index(
                fields=["neighbourhood", "-commended_on"],
                condition=Q(commended_on__isnull=False),
                name="outcome_commended",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "round"], name="a_suggestion_becomes_one_thing_a_round"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None)
                | (Q(done_photo__isnull=False) & ~Q(done_text="") & ~Q(name="")),
                name="what_is_done_is_shown",
            ),
            models.CheckConstraint(
                condition=Q(commended_on=None) | (Q(done_on__isnull=False) & ~Q(commendation="")),
                name="what_is_commended_was_done",
            ),
        ]

    def __str__(self):
        return self.name or self.promise

    @property
    def ledger_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class Satisfaction(models.Model):
    """How content the proposer is (满意度): with how they were treated, and with what came of it."""

    class Level(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        MOSTLY = "mostly", _("基本满意")
        UNSATISFIED = "unsatisfied", _("不满意")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="satisfactions")
    round = models.PositiveSmallIntegerField()
    attitude = models.CharField(_("对办理态度"), max_length=12, choices=Level)
    result = models.CharField(_("对办理结果"), max_length=12, choices=Level)
    remark = models.TextField(_("想说的话"), blank=True)
    rated_at = models.DateTimeField(default=timezone.now)
    rated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "round"], name="a_suggestion_is_rated_once_a_round"
            )
        ]

    def __str__(self):
        return f"{self.suggestion_id}: {self.get_result_display()}"


class SuggestionMerge(models.Model):
    """One suggestion was put into another (并入), and how it stood before: what undoing restores."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Suggestion, models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=Suggestion.State)
    next_step = models.CharField(max_length=120)
    next_on = models.DateField()
    rung = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=Q(undone_at=None),
                name="a_suggestion_is_merged_once_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.suggestion_id} → {self.into_id}"


class SuggestionPause(models.Model):
    """The clock of a suggestion stands still (暂停办理), for a reason the proposer reads, until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="pauses")
    reason = models.TextField(_("为什么暂停"))
    since = models.DateField()
    until = models.DateField(_("哪天接着办"))
    next_step = models.CharField(max_length=120)  # what comes after it
    next_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=Q(ended_on=None),
                name="a_suggestion_pauses_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="a_suggestion_pauses_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="a_pause_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.suggestion_id}: {self.until}"
