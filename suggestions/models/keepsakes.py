"""Keepsakes (老物件、老照片): what residents give or lend, with the rights they grant, and where it is."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField, mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .points import WATCHERS
from .suggestions import NameShown


class KeepsakeQuerySet(models.QuerySet):
    def on_show(self):
        return self.filter(state="shown")

    def visible_to(self, user):
        """What is on show to everybody; the rest to whoever gave it and to those who keep it."""
        if not user.is_authenticated:
            return self.on_show()
        return self.filter(
            Q(state="shown") | Q(given_by=user) | Q(neighbourhood_id__in=user.reach(*WATCHERS))
        )

    def overdue(self, today: date):
        """Offers not decided, and loans not given back, by the day promised."""
        late_offer = Q(state="offered", decide_by__lt=today)
        return self.filter(late_offer | Q(state__in=("accepted", "shown"), return_by__lt=today))


class Keepsake(models.Model):
    """An old thing or photo with its story (老物件): offered, kept, shown, given back."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("老照片")
        OBJECT = "object", _("老物件")
        PAPER = "paper", _("旧票证、奖状、信件")

    class Terms(models.TextChoices):
        GIFT = "gift", _("捐给居民区")
        LOAN = "loan", _("借给居民区，到期还我")

    class Rights(models.TextChoices):
        ALL = "all", _("可以展出，也可以印在宣传品上")
        SHOW = "show", _("只可以展出")

    class State(models.TextChoices):
        OFFERED = "offered", _("等回复")
        ACCEPTED = "accepted", _("已收下")
        SHOWN = "shown", _("正在展出")
        RETURNED = "returned", _("已归还")
        DECLINED = "declined", _("没有收")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.OFFERED: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
        State.ACCEPTED: {State.SHOWN, State.RETURNED},
        State.SHOWN: {State.ACCEPTED, State.RETURNED},
        State.RETURNED: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    number = models.PositiveIntegerField(_("编号"))
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    title = models.CharField(_("叫什么"), max_length=60)
    story = models.TextField(_("它的故事"))
    year = models.PositiveSmallIntegerField(_("哪一年的"), null=True, blank=True)
    terms = models.CharField(_("捐还是借"), max_length=4, choices=Terms)
    return_by = models.DateField(_("最晚哪天归还"), null=True, blank=True)
    rights = models.CharField(_("可以怎么用"), max_length=4, choices=Rights)
    name_shown = models.CharField(_("署名"), max_length=8, choices=NameShown)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    giver_name = ConfidentialField(_("谁的"), blank=True)  # of somebody without an account
    giver_phone = ConfidentialField(_("电话"), blank=True)
    consent = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    consented_at = models.DateTimeField(default=timezone.now)
    consent_ended_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    decide_by = models.DateField(_("最晚哪天回复"))
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    kept_at = models.CharField(_("放在哪里"), max_length=120, blank=True)
    answer = models.CharField(_("回复"), max_length=300, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_to = models.CharField(_("还给了谁，怎么还的"), max_length=200, blank=True)

    objects = KeepsakeQuerySet.as_manager()

    class Meta:
        ordering = ["year", "number"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="keepsake_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "number"], name="a_keepsake_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(terms="loan") ^ Q(return_by=None),
                name="a_lent_keepsake_has_a_day_of_return",
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(consent_ended_at=None),
                name="a_keepsake_is_shown_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(given_by__isnull=False)
                | (~Q(giver_name="") & Q(consent__isnull=False, entered_by__isnull=False)),
                name="a_keepsake_entered_by_staff_has_its_consent_on_paper",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "shown"]) | ~Q(kept_at=""),
                name="a_kept_keepsake_has_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="a_declined_keepsake_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="returned") ^ Q(returned_to=""),
                name="a_returned_keepsake_says_to_whom",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def ledger_chain(self) -> str:
        return f"keepsake:{self.pk}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("“%(now)s”的老物件不能转为“%(then)s”")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def giver(self) -> str:
        """For those who keep it."""
        return self.given_by.name if self.given_by else self.giver_name

    @property
    def masked_giver(self) -> str:
        return mask_name(self.giver)

    @property
    def shown_giver(self) -> str:
        """As the giver wants to be called in public."""
        if self.name_shown == NameShown.HIDDEN:
            return gettext("一位居民")
        return self.giver if self.name_shown == NameShown.PUBLIC else mask_name(self.giver)

    @property
    def due(self) -> date | None:
        """What is promised next: the answer, or the day of return."""
        if self.state == self.State.OFFERED:
            return self.decide_by
        return self.return_by if self.state in (self.State.ACCEPTED, self.State.SHOWN) else None

    def is_late(self, today: date) -> bool:
        return self.due is not None and self.due < today


class KeepsakePhoto(models.Model):
    """A photo of a keepsake (照片), and the small one for lists."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    keepsake = models.ForeignKey(Keepsake, models.PROTECT, related_name="photos")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    small = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return str(self.file)
