"""Household files (一户一档)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.confidential import (
    ConfidentialField,
    blind_index,
    mask_id_number,
    mask_name,
    mask_phone,
)
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .lookups import ids

FILE_READERS = ("committee",)  # offices that read whole files of their neighbourhood


def own_ids(user: User) -> Any:
    """The households ``user`` is verified to belong to, for ``__any``."""
    return ids(Residency.objects.live().filter(user=user), "household_id")


class FilePartQuerySet(models.QuerySet):
    """Rows that belong to a household's file."""

    def visible_to(self, user: User):
        """Those of one's own household, and for the committee all of its neighbourhood."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(neighbourhood_id__in=user.places(*FILE_READERS)) | Q(household_id__any=own_ids(user))
        )


class HouseholdQuerySet(models.QuerySet):
    def of(self, user: User):
        """The households ``user`` is verified to belong to."""
        return self.filter(
            pk__in=Residency.objects.live().filter(user=user).values("household_id")
        )

    def visible_to(self, user: User):
        """Own households; all of one's neighbourhood for its offices; one's building for its leader.

        Street officials and auditors see numbers, mediators their cases: not files.
        """
        if not user.is_authenticated:
            return self.none()
        places = user.places("committee", "designer")
        buildings = {p.building_id for p in user.live_postings if p.office == "building_leader"}
        return self.filter(
            Q(neighbourhood_id__in=places)
            | Q(building_id__in=buildings)
            | Q(pk__any=own_ids(user))
        )


class Household(models.Model):
    """One dwelling held under one certificate (户); the unit of counting (沪房规范〔2023〕1号 art. 12)."""

    class Tenure(models.TextChoices):
        PUBLIC_TENANT = "public_tenant", _("公房承租")
        PRIVATE_OWNER = "private_owner", _("产权房")

    class Use(models.TextChoices):
        OWN = "own", _("独用")
        SHARED = "shared", _("合用")
        NONE = "none", _("无")

    class Occupancy(models.TextChoices):
        LIVING = "living", _("自住")
        SUBLET = "sublet", _("长期出租")
        VACANT = "vacant", _("空关")
        ELSEWHERE = "elsewhere", _("人户分离")

    class Special(models.TextChoices):
        NONE = "", _("无")
        INHERITANCE = "inheritance", _("承租人已故待变更")
        UNREACHABLE = "unreachable", _("失联")
        SEALED_OFF = "sealed_off", _("查封")
        UNDETERMINED = "undetermined", _("签约人未定")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    building = models.ForeignKey(Building, models.PROTECT)
    door = models.CharField(_("门牌"), max_length=80, blank=True)
    room = models.CharField(_("室号"), max_length=20)
    part = models.CharField(_("部位"), max_length=20, blank=True)
    floor = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    tenure = models.CharField(_("房屋类型"), max_length=20, choices=Tenure)
    certificate_number = models.CharField(_("凭证号"), max_length=80, blank=True)
    certificate_issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    living_area = models.DecimalField(
        _("居住面积"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    usable_area = models.DecimalField(
        _("使用面积"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    floor_area = models.DecimalField(
        _("建筑面积"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    area_basis = models.CharField(_("面积依据"), max_length=120, blank=True)
    kitchen = models.CharField(_("厨房"), max_length=10, choices=Use, blank=True)
    toilet = models.CharField(_("卫生间"), max_length=10, choices=Use, blank=True)
    shared_with = models.PositiveSmallIntegerField(_("合用户数"), null=True, blank=True)
    has_balcony = models.BooleanField(_("阳台"), null=True, blank=True)
    has_gas_meter = models.BooleanField(_("煤气表"), null=True, blank=True)
    has_loft = models.BooleanField(_("阁楼"), null=True, blank=True)
    registered_count = models.PositiveSmallIntegerField(_("户籍人数"), null=True, blank=True)
    resident_count = models.PositiveSmallIntegerField(_("实住人数"), null=True, blank=True)
    occupancy = models.CharField(_("居住情况"), max_length=12, choices=Occupancy, blank=True)
    special = models.CharField(
        _("特殊情形"), max_length=20, choices=Special, blank=True, default=""
    )
    strategy = models.TextField(_("一户一策"), blank=True)
    remark = models.TextField(_("备注"), blank=True)
    responsible = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    next_contact_on = models.DateField(_("下次联系"), null=True, blank=True)
    # What the list searches: names, their pinyin (full, initials, surname readings), room in any style.
    search_text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(
        default=1
    )  # two staff editing: the second is shown both values
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "building", "door", "room", "part"],
                name="one_household_per_dwelling",
            ),
            models.CheckConstraint(
                condition=(Q(living_area=None) | Q(living_area__gt=0))
                & (Q(usable_area=None) | Q(usable_area__gt=0))
                & (Q(floor_area=None) | Q(floor_area__gt=0)),
                name="a_household_s_areas_are_positive",
            ),
        ]

    def __str__(self):
        return f"{self.building} {self.room}室{self.part}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.pk}"

    @property
    def address(self) -> str:
        return f"{self.door or self.building}{self.room}室{self.part}"


class Member(models.Model):
    """A person of a household (家庭成员)."""

    class Role(models.TextChoices):
        HOLDER = "holder", _("承租人/产权人")
        CO_OWNER = "co_owner", _("共有人")
        CO_RESIDENT = "co_resident", _("共同居住人")
        REGISTERED = "registered", _("户籍在册")

    class Capacity(models.TextChoices):
        FULL = "full", _("完全民事行为能力")
        LIMITED = "limited", _("限制民事行为能力")
        NONE = "none", _("无民事行为能力")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    role = models.CharField(_("身份"), max_length=20, choices=Role)
    name = models.CharField(_("姓名"), max_length=80)
    relation = models.CharField(_("与承租人/产权人关系"), max_length=20, blank=True)
    phone = ConfidentialField(_("手机号"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, editable=False)
    phone_tail_index = models.CharField(
        max_length=64, blank=True, editable=False
    )  # last four digits
    id_number = ConfidentialField(_("身份证号"), blank=True, default="")
    id_index = models.CharField(max_length=64, blank=True, editable=False)
    is_registered = models.BooleanField(_("户籍在册"), default=False)
    lived_since = models.DateField(_("居住起始"), null=True, blank=True)
    has_other_housing = models.BooleanField(_("他处有房"), null=True, blank=True)
    housing_difficulty = models.BooleanField(_("居住困难"), null=True, blank=True)
    capacity = models.CharField(
        _("行为能力"), max_length=10, choices=Capacity, default=Capacity.FULL
    )
    guardian = models.CharField(_("监护人"), max_length=80, blank=True)
    is_deceased = models.BooleanField(_("已故"), default=False)
    left_at = models.DateTimeField(
        null=True, blank=True
    )  # no longer of this household; never deleted
    order = models.PositiveSmallIntegerField(default=0)

    objects = FilePartQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        indexes = [
            models.Index(fields=["neighbourhood", "phone_index"], name="member_by_phone"),
            models.Index(
                fields=["neighbourhood", "phone_tail_index"], name="member_by_phone_tail"
            ),
            models.Index(fields=["neighbourhood", "id_index"], name="member_by_id_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(role="holder", left_at=None),
                name="a_household_has_one_holder",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"

    def index_numbers(self) -> None:
        """Set what phone and ID number are found by; to be called whenever they were set."""
        self.phone_index = blind_index(self.phone, "member")
        self.phone_tail_index = blind_index(self.phone[-4:], "tail")
        self.id_index = blind_index(self.id_number, "id_number")

    @property
    def is_gone(self) -> bool:
        """Has died or left the household: signs nothing any more."""
        return self.is_deceased or self.left_at is not None

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_id_number(self) -> str:
        return mask_id_number(self.id_number)


class ResidencyQuerySet(FilePartQuerySet):
    def live(self):
        """Verified and not ended."""
        return self.filter(verified_at__isnull=False, ended_at=None)

    def waiting(self):
        """Asked for with a letter whose household has no such phone on file (待柜台核验)."""
        return self.filter(verified_at=None, ended_at=None)


class Residency(models.Model):
    """A user verified to belong to a household (居住关系)."""

    class Way(models.TextChoices):
        LETTER = "letter", _("告知书码")
        COUNTER = "counter", _("柜台核验")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True
    )  # which of its people
    way = models.CharField(max_length=10, choices=Way)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "household"], name="residency_by_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "household"],
                condition=Q(ended_at=None),
                name="one_live_residency_each",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(ended_at=None, member__isnull=False),
                name="one_live_residency_per_member",
            ),
            models.CheckConstraint(
                condition=~Q(way="counter") | Q(verified_by__isnull=False),
                name="a_counter_check_names_its_clerk",
            ),
        ]

    def __str__(self):
        return f"{self.user} @ {self.household}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"


class MandateQuerySet(FilePartQuerySet):
    def live(self, today):
        """Approved by two staff, not revoked, and in its dates."""
        return self.filter(
            approved_at__isnull=False, revoked_at=None, valid_from__lte=today, valid_to__gte=today
        )

    def to_sign(self, today):
        """Live, and for signing."""
        return self.live(today).filter(matter__in=[Mandate.Matter.SIGN, Mandate.Matter.ALL])

    def about_plans(self, today):
        """Live, and for looking at the plan, questioning it and confirming it."""
        return self.live(today).filter(matter__in=[Mandate.Matter.PLAN, Mandate.Matter.ALL])


class Mandate(models.Model):
    """A written power of attorney (授权委托, Civil Code art. 165): agent, matter, scope, period, document."""

    class Matter(models.TextChoices):
        SIGN = "sign", _("签约")
        PLAN = "plan", _("确认方案")
        ALL = "all", _("签约和确认方案")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT)
    principal = models.ForeignKey(Member, models.PROTECT)
    agent_name = models.CharField(_("受托人"), max_length=80)
    agent_phone = ConfidentialField(_("受托人手机号"), blank=True, default="")
    agent = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    matter = models.CharField(_("委托事项"), max_length=10, choices=Matter)
    scope = models.TextField(_("委托权限"))
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"))
    document = models.ForeignKey(Attachment, models.PROTECT)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoking_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="a_mandate_has_a_period"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("recorded_by")),
                name="a_mandate_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self):
        return f"{self.principal} → {self.agent_name}"

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"
