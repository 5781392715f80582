"""People who sign in, and the offices they hold (账号、岗位)."""

import re
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.confidential import ConfidentialField, blind_index, mask_name, mask_phone
from caoyang_portal.ids import new_id

from .places import Building, Neighbourhood, Organisation, SubDistrict


def normalise_phone(value: str) -> str:
    """A mainland number in E.164: ``138 0013-8000`` -> ``+8613800138000``; "" if it is none."""
    digits = re.sub(
        r"\D", "", value.translate(str.maketrans("０１２３４５６７８９＋", "0123456789+"))
    )
    local = digits[-11:]
    prefix = digits[:-11]
    if re.fullmatch(r"1[3-9]\d{9}", local) and prefix in ("", "86", "0086"):
        return f"+86{local}"
    return ""


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: "User"):
        """Whoever holds or held an office in the places that ``user`` administers."""
        if not user.is_authenticated:
            return self.none()
        posts = Posting.objects.administered_by(user)
        return self.filter(pk__in=posts.values("user_id"))

    def called(self, text: str):
        """By a part of the name, or by the whole telephone number."""
        phone = normalise_phone(text)
        if phone:
            return self.filter(phone_index=blind_index(phone, "user"))
        return self.filter(name__icontains=text.replace("\x00", ""))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, phone: str, password: str | None = None, **fields):
        user = self.model(phone=phone, phone_index=blind_index(phone, "user"), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def by_phone(self, phone: str):
        """The active user with this E.164 number, or None."""
        return self.filter(phone_index=blind_index(phone, "user"), is_active=True).first()


class User(AbstractBaseUser):
    """A login (账号), a resident's or an office holder's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phone = ConfidentialField(_("手机号"))
    phone_index = models.CharField(max_length=64, unique=True, editable=False)
    phone_verified = models.BooleanField(default=False)
    name = models.CharField(_("姓名"), max_length=80, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    wechat_openid = models.CharField(max_length=64, blank=True)
    elder_mode = models.BooleanField(_("大字版"), default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)  # runs the machine; holds no office by it
    date_joined = models.DateTimeField(default=timezone.now)

    class WhyDisabled(models.TextChoices):
        LEFT = "left", _("离开岗位")
        MISUSED = "misused", _("怀疑被别人使用")
        MISTAKEN = "mistaken", _("账号开错了")

    class WhyEnabled(models.TextChoices):
        BACK = "back", _("回到岗位")
        CLEARED = "cleared", _("查清了，没有问题")
        MISTAKEN = "mistaken", _("停用错了")

    class WhyReset(models.TextChoices):
        PHONE_LOST = "phone_lost", _("换了手机或手机丢了")
        FORGOTTEN = "forgotten", _("忘记密码或恢复码")
        MISUSED = "misused", _("怀疑被别人使用")

    neighbourhood_id = None  # a person's own, wherever the offices are

    objects = UserManager()
    USERNAME_FIELD = "phone_index"

    def __str__(self):
        return self.name or self.masked_phone

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    def holds(self, *offices: str) -> bool:
        """Whether one of ``offices`` is held anywhere today; the posts are read once per request."""
        return any(posting.office in offices for posting in self.live_postings)

    @property
    def needs_second_factor(self) -> bool:
        """Whether any office held today opens other people's files (a building leader's does not)."""
        return any(
            posting.office != Posting.Office.BUILDING_LEADER for posting in self.live_postings
        )

    @property
    def ledger_chain(self) -> str:
        return f"user:{self.pk}"

    @property
    def live_postings(self) -> list["Posting"]:
        if not hasattr(self, "_live_postings"):
            self._live_postings = list(
                Posting.objects.live()
                .filter(user=self)
                .select_related("neighbourhood", "sub_district", "building")
            )
        return self._live_postings

    def places(self, *offices: str) -> set:
        """Ids of the neighbourhoods in which the user holds one of ``offices`` today."""
        return {
            posting.neighbourhood_id
            for posting in self.live_postings
            if posting.office in offices and posting.neighbourhood_id
        }

    def reach(self, *offices: str) -> set:
        """``places``; a post at the street office reaches every neighbourhood of its sub-district."""
        streets = {
            posting.sub_district_id
            for posting in self.live_postings
            if posting.office in offices and not posting.neighbourhood_id
        }
        if not streets:
            return self.places(*offices)
        if not hasattr(self, "_below"):
            self._below = list(
                Neighbourhood.objects.filter(
                    sub_district_id__in={p.sub_district_id for p in self.live_postings}
                )
            )
        return self.places(*offices) | {n.pk for n in self._below if n.sub_district_id in streets}


class PostingQuerySet(models.QuerySet):
    def live(self, today: date | None = None):
        """Posts held on ``today``."""
        today = today or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)

    def administered_by(self, user: User):
        """Of the neighbourhoods ``user`` administers; of a whole sub-district for its administrator."""
        own = [post for post in user.live_postings if post.office == "administrator"]
        streets = [post.sub_district_id for post in own if not post.neighbourhood_id]
        places = [post.neighbourhood_id for post in own if post.neighbourhood_id]
        return self.filter(Q(sub_district__in=streets) | Q(neighbourhood__in=places))

    def visible_to(self, user: User):
        return self.administered_by(user) if user.is_authenticated else self.none()


OF_A_DEPARTMENT = ["department", "department_head"]
OF_THE_STREET = ["street_official", "auditor", "administrator", *OF_A_DEPARTMENT]


class Posting(models.Model):
    """An office a person holds somewhere (岗位)."""

    class Office(models.TextChoices):
        COMMITTEE = "committee", _("居委干部")
        BUILDING_LEADER = "building_leader", _("楼组长")
        MEDIATOR = "mediator", _("调解员")
        DESIGNER = "designer", _("设计师")
        STREET_OFFICIAL = "street_official", _("街道干部")
        DEPARTMENT = "department", _("部门经办人")
        DEPARTMENT_HEAD = "department_head", _("部门负责人")
        AUDITOR = "auditor", _("审计员")
        ADMINISTRATOR = "administrator", _("管理员")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.PROTECT)
    office = models.CharField(_("岗位"), max_length=20, choices=Office)
    sub_district = models.ForeignKey(SubDistrict, models.PROTECT)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, null=True, blank=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="a_posting_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(office="building_leader") | Q(building__isnull=False),
                name="a_building_leader_has_a_building",
            ),
            models.CheckConstraint(
                condition=Q(office__in=OF_THE_STREET) | Q(neighbourhood__isnull=False),
                name="a_local_posting_has_a_neighbourhood",
            ),
            models.CheckConstraint(
                condition=~Q(office__in=OF_A_DEPARTMENT) | Q(organisation__isnull=False),
                name="a_department_posting_names_its_department",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_office_display()}"

    @property
    def place(self):
        return self.building or self.neighbourhood or self.organisation or self.sub_district

    @property
    def ledger_chain(self) -> str:
        return f"user:{self.user_id}"
