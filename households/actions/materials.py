"""Materials (材料): asked for by project, handed in by the household, looked at by the committee."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from households.models import (
    Agreement,
    FileReading,
    Household,
    Material,
    MaterialFile,
    MaterialItem,
    Member,
    Project,
)
from households.queries.materials import Slot, slot_of

from .files import note_reading
from .locking import locked_household

Whom, State = MaterialItem.Whom, Material.State
# What is usually asked for (experience S.1, domain 2.3): every project may change it.
USUAL = (
    ("身份证", "正反两面都要拍清楚", Whom.SIGNATORY, True),
    ("房本或租用公房凭证", "有名字和地址的那几页", Whom.HOUSEHOLD, True),
    ("户口簿", "首页和每个人的页", Whom.HOUSEHOLD, False),
    ("委托书", "有委托人签名、委托事项和期限", Whom.AGENT, True),
    ("受托人身份证", "代签的人的身份证，正反两面", Whom.AGENT, True),
)


def ask_for_the_usual(project: Project) -> None:
    """The list a new project begins with; inside the act that starts it."""
    MaterialItem.objects.bulk_create(
        MaterialItem(
            neighbourhood_id=project.neighbourhood_id,
            project=project,
            name=name,
            hint=hint,
            whom=whom,
            is_needed=is_needed,
            order=order,
        )
        for order, (name, hint, whom, is_needed) in enumerate(USUAL, start=1)
    )


@transaction.atomic
def ask_for_material(
    project: Project, *, name: str, hint: str, whom: str, is_needed: bool, by: User
) -> MaterialItem:
    """Ask every household of the project for one more material (增加材料)."""
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(by, "households.ask_for_material", project)
    items = MaterialItem.objects.filter(project=project)
    if items.filter(name=name.strip(), dropped_at=None).exists():
        raise Refused(_("清单里已有这种材料"))
    item = MaterialItem.objects.create(
        neighbourhood_id=project.neighbourhood_id,
        project=project,
        name=name.strip(),
        hint=hint.strip(),
        whom=whom,
        is_needed=is_needed,
        order=items.count() + 1,
    )
    record("households.ask_for_material", item, by=by, name=item.name, whom=str(item.whom))
    return item


@transaction.atomic
def drop_material_item(item: MaterialItem, *, by: User) -> None:
    """Ask for it no longer (取消材料); what was handed in stays."""
    item = MaterialItem.objects.select_for_update().get(pk=item.pk)
    require(by, "households.drop_material_item", item)
    if item.dropped_at:
        raise Refused(_("这种材料已经不要了"))
    item.dropped_at = timezone.now()
    item.save(update_fields=["dropped_at"])
    record("households.drop_material_item", item, by=by, name=item.name)


@transaction.atomic
def hand_in_material(
    agreement: Agreement, *, key: str, files: Sequence[Attachment], by: User
) -> Material:
    """Hand in photos or PDFs of one material (上传材料); more may follow until it is checked."""
    household = locked_household(agreement.household)
    asked = Material(neighbourhood_id=household.neighbourhood_id, household=household)
    require(by, "households.hand_in_material", asked)
    slot = _slot(agreement, key)
    if Agreement.objects.get(pk=agreement.pk).state not in Agreement.LIVE:
        raise Refused(_("这份协议已失效，不用再交材料。"))
    if slot.is_settled:
        raise Refused(_("这份材料居委已经看过，不用再交。"))
    if len(slot.files) + len(files) > MaterialFile.MOST:
        raise Refused(_("一种材料最多 %(n)s 张，请先撤回不要的。") % {"n": MaterialFile.MOST})
    if any(one.neighbourhood_id != household.neighbourhood_id for one in files):
        raise Refused(_("文件不属于这个居民区"))
    material = _standing(slot, household)
    if material.state == State.RETURNED:
        material.move_to(State.WAITING)
        material.reason = ""
        material.save(update_fields=["state", "reason"])
    MaterialFile.objects.bulk_create(
        MaterialFile(
            neighbourhood_id=household.neighbourhood_id,
            material=material,
            file=one,
            uploaded_by=by,
        )
        for one in files
    )
    hashes = [one.sha256 for one in files]
    record("households.hand_in_material", material, by=by, item=slot.item.name, sha256=hashes)
    return material


@transaction.atomic
def take_back_material(file: MaterialFile, *, by: User) -> None:
    """Remove a file one handed in (撤回); its bytes are destroyed. Not once it was checked."""
    household = locked_household(file.material.household)
    file = MaterialFile.objects.select_related("material__item", "file").get(pk=file.pk)
    require(by, "households.take_back_material", file)
    material = file.material
    if material.state in Material.SETTLED:
        raise Refused(_("这份材料居委已经核对，不能再撤回。要撤请打电话给居委。"))
    record(
        "households.take_back_material",
        household,
        by=by,
        item=material.item.name,
        sha256=file.file.sha256,
    )
    file.delete()
    intake.discard(file.file)
    if material.state == State.WAITING and not material.files.exists():
        material.delete()


@transaction.atomic
def read_material(file: MaterialFile, *, by: User) -> Attachment:
    """Open one file of a material (查看材料); the household sees that it was."""
    household = locked_household(file.material.household)
    require(by, "households.read_material", household)
    what = _("查看材料：%(what)s") % {"what": file.material.item.name}
    note_reading(household, FileReading.What.DOCUMENT, reader=by, reason=what)
    record("households.read_material", file.material, by=by, sha256=file.file.sha256)
    return file.file


@transaction.atomic
def check_material(material: Material, *, by: User) -> None:
    """It is what was asked for (核对无误)."""
    material = _locked(material)
    require(by, "households.check_material", material)
    if not material.files.exists():
        raise Refused(_("还没有交文件。看过原件的，请按“柜台看过原件”。"))
    _settle(material, State.CHECKED, "", by)
    record("households.check_material", material, by=by, item=material.item.name)


@transaction.atomic
def return_material(material: Material, *, reason: str, by: User) -> None:
    """Another one is needed, because … (要再交一份); the household is told."""
    material = _locked(material)
    require(by, "households.return_material", material)
    if not reason.strip():
        raise Refused(_("请写明为什么，住户会看到"))
    _settle(material, State.RETURNED, reason.strip(), by)
    record("households.return_material", material, by=by, item=material.item.name)


@transaction.atomic
def note_material_seen(agreement: Agreement, *, key: str, by: User) -> Material:
    """The original was shown at the counter (柜台看过原件); nothing need be uploaded."""
    household = locked_household(agreement.household)
    seen = Material(neighbourhood_id=household.neighbourhood_id, household=household)
    require(by, "households.note_material_seen", seen)
    slot = _slot(agreement, key)
    material = _standing(slot, household)
    _settle(material, State.SEEN, "", by)
    record("households.note_material_seen", material, by=by, item=slot.item.name)
    return material


def _slot(agreement: Agreement, key: str) -> Slot:
    slot = slot_of(agreement, key)
    if slot is None:
        raise Refused(_("清单变了，请重新打开这一页。"))
    return slot


def _standing(slot: Slot, household: Household) -> Material:
    """The slot's material; written when there is none. Call it with the household locked."""
    if slot.material is not None:
        return slot.material
    member: Member | None = slot.member
    return Material.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        item=slot.item,
        member=member,
    )


def _locked(material: Material) -> Material:
    """The material under its household's lock, which every act about materials takes first."""
    locked_household(material.household)
    return Material.objects.select_related("item", "household").get(pk=material.pk)


def _settle(material: Material, state: Material.State, reason: str, by: User) -> None:
    material.move_to(state)
    material.reason, material.settled_by, material.settled_at = reason, by, timezone.now()
    material.save(update_fields=["state", "reason", "settled_by", "settled_at"])
