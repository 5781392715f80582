"""Materials that a household shows before it signs (材料): what is asked for, what was handed in."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import FILE_READERS, Household, Member
from .projects import Project


class MaterialItem(models.Model):
    """One line of what a project asks for (材料清单项); dropped, never deleted."""

    class Whom(models.TextChoices):
        HOUSEHOLD = "household", _("每户一份")
        SIGNATORY = "signatory", _("每位签约人一份")
        AGENT = "agent", _("有人代签的，每份委托一份")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, related_name="material_items")
    name = models.CharField(_("材料名称"), max_length=60)
    hint = models.CharField(_("说明"), max_length=120, blank=True)
    whom = models.CharField(_("谁要交"), max_length=10, choices=Whom)
    is_needed = models.BooleanField(_("必须有"), default=True)
    order = models.PositiveSmallIntegerField(default=0)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                condition=Q(dropped_at=None),
                name="a_material_is_asked_for_once",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"project:{self.project_id}"


class MaterialQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The committee's; the household sees on its own page what it handed in itself."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(neighbourhood_id__in=user.places(*FILE_READERS))

    def waiting(self):
        """Handed in, and not looked at yet."""
        handed_in = MaterialFile.objects.filter(material=OuterRef("pk"))
        return self.filter(Exists(handed_in), state=Material.State.WAITING)


class Material(models.Model):
    """One material of one household (材料): its files, and what the committee says of them."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待核对")
        CHECKED = "checked", _("已核对")
        RETURNED = "returned", _("要再交一份")
        SEEN = "seen", _("柜台已看")

    MOVES = {
        State.WAITING: {State.CHECKED, State.RETURNED, State.SEEN},
        State.RETURNED: {State.WAITING, State.CHECKED, State.SEEN},
        State.CHECKED: {State.RETURNED},
        State.SEEN: {State.RETURNED},
    }
    SETTLED = ("checked", "seen")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="materials")
    item = models.ForeignKey(MaterialItem, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT, null=True)  # whose; None: the household's
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("要再交的原因"), max_length=120, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "item", "member"],
                nulls_distinct=False,
                name="a_household_s_material_stands_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""),
                name="a_returned_material_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting")
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="a_settled_material_names_its_clerk",
            ),
        ]

    def __str__(self):
        return str(self.item)

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的材料不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state


class MaterialFileQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """What one handed in oneself; the committee opens files by their own act."""
        return self.filter(uploaded_by=user.pk)


class MaterialFile(models.Model):
    """One photo or PDF of a material (材料文件); shows identities, so the storage holds ciphertext."""

    MOST = 10  # of one material

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    material = models.ForeignKey(Material, models.PROTECT, related_name="files")
    file = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = MaterialFileQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]

    def __str__(self):
        return f"{self.material} {self.uploaded_at:%Y-%m-%d}"

    @property
    def household_id(self):
        return self.material.household_id

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"
