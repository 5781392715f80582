"""What goes on around a household's file: care, contacts, visits, readings, corrections."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Posting, User
from caoyang_portal.confidential import ConfidentialField, mask_phone
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id

from .files import FilePartQuerySet, Household, own_ids


class CareTagQuerySet(FilePartQuerySet):
    def standing(self, today):
        """Neither removed nor run out."""
        return self.filter(Q(until=None) | Q(until__gte=today), removed_at=None)


class CareTag(models.Model):
    """A difficulty of the household (关爱标签); sensitive (PIPL art. 28), restricted, never public."""

    class Kind(models.TextChoices):
        LIVING_ALONE = "living_alone", _("独居老人")
        CHILDLESS_ELDER = "childless_elder", _("孤老")
        BEREAVED = "bereaved", _("失独")
        ADVANCED_AGE = "advanced_age", _("高龄")
        DISABILITY = "disability", _("残疾")
        EXTREME_HARDSHIP = "extreme_hardship", _("特困")
        MINIMUM_ALLOWANCE = "minimum_allowance", _("低保")
        SERIOUS_ILLNESS = "serious_illness", _("重大病")
        MILITARY_FAMILY = "military_family", _("军烈属")
        PREGNANCY = "pregnancy", _("孕产")
        MINOR = "minor", _("未成年人")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="care_tags")
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    note = ConfidentialField(_("说明"), blank=True, default="")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    until = models.DateField(_("有效至"), null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = CareTagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind"],
                condition=Q(removed_at=None),
                name="a_care_tag_stands_once",
            )
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"


class Contact(models.Model):
    """Whom to call about the household (联系人)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="contacts")
    name = models.CharField(_("姓名"), max_length=80)
    relation = models.CharField(_("关系"), max_length=20, blank=True)
    phone = ConfidentialField(_("电话"), blank=True, default="")
    best_time = models.CharField(_("方便时间"), max_length=40, blank=True)
    is_emergency = models.BooleanField(_("紧急联系人"), default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = FilePartQuerySet.as_manager()

    def __str__(self):
        return self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"


class Visit(models.Model):
    """One contact with the household (走访/随手记)."""

    class Way(models.TextChoices):
        DOOR = "door", _("上门")
        PHONE = "phone", _("电话")
        COUNTER = "counter", _("来访")
        WECHAT = "wechat", _("微信")
        LETTER = "letter", _("书信")

    class Outcome(models.TextChoices):
        MET = "met", _("已联系上")
        NOT_HOME = "not_home", _("未遇")
        WILLING = "willing", _("有签约意向")
        HESITANT = "hesitant", _("尚在考虑")
        UNWILLING = "unwilling", _("暂不同意")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    way = models.CharField(_("方式"), max_length=10, choices=Way)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.MET)
    text = models.TextField(_("随手记"), blank=True)
    next_action = models.CharField(_("下一步"), max_length=200, blank=True)
    next_on = models.DateField(_("下次联系"), null=True, blank=True)

    objects = FilePartQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "-at"], name="visit_by_household")]

    def __str__(self):
        return f"{self.get_way_display()} {self.at:%Y-%m-%d}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"


class FileReadingQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Of one's own household; of one's places for committee, auditor and administrator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(neighbourhood_id__in=user.reach("committee", "auditor", "administrator"))
            | Q(household_id__any=own_ids(user))
        )


class FileReading(models.Model):
    """Who read what of a household's file (查阅记录); the household sees it (PIPL arts. 44-45, 51)."""

    class What(models.TextChoices):
        FILE = "file", _("查看档案")
        PHONE = "phone", _("查看完整手机号")
        ID_NUMBER = "id_number", _("查看完整证件号")
        CARE = "care", _("查看关爱标签")
        DOCUMENT = "document", _("下载文书")
        EXPORT = "export", _("导出")

    id = models.BigAutoField(primary_key=True)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT)
    reader = models.ForeignKey(User, models.PROTECT, related_name="+")
    what = models.CharField(max_length=12, choices=What)
    reason = models.CharField(_("事由"), max_length=200, blank=True)
    office = models.CharField(
        _("岗位"), max_length=20, blank=True
    )  # the post that let one read it
    at = models.DateTimeField(default=timezone.now)

    objects = FileReadingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "-at"], name="reading_by_household")]

    def __str__(self):
        return f"{self.reader} {self.get_what_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"

    @property
    def office_label(self) -> str:
        return str(Posting.Office(self.office).label) if self.office else ""


class CorrectionRequest(models.Model):
    """A resident says that something in the file is wrong (更正申请, PIPL art. 46)."""

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        CORRECTED = "corrected", _("已更正")
        KEPT = "kept", _("核实无误")

    MOVES = {State.OPEN: {State.CORRECTED, State.KEPT}, State.CORRECTED: set(), State.KEPT: set()}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(_("哪里不对"))
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    reply = models.TextField(_("答复"), blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = FilePartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(reply=""), name="a_settled_correction_has_words"
            )
        ]

    def __str__(self):
        return f"{self.household}: {self.get_state_display()}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(_("这件更正申请已经答复过了"))
        self.state = state
